import { expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { reemplazarCuenta } from '../../../src/workflow/mensajes/reemplazar-cuenta.ts'
import { runOutboxRow } from '../../../src/workflow/run-outbox.ts'
import { type Ayuntamiento, ayuntamiento, en, registrarDe, type Vecina } from '../ayuntamiento.ts'
import { said } from '../way-fixture.ts'

const REEMPLAZO = { channel: 'whatsapp', from: 'viejo', to: 'nuevo' }
const reemplazar = (town: Ayuntamiento, conVentana = false) =>
  en(town, (em) => reemplazarCuenta(em, REEMPLAZO, { ...town.outbox, conVentana }))

const ana = '7001@lid'
const escribe = ({ database }: Ayuntamiento, account: string, text = 'hola') =>
  createSaveInbound(database, () => undefined)([said(ana, text, { channel: 'whatsapp', account })])

async function en_(town: Ayuntamiento, account: string): Promise<Vecina> {
  const row = await sqlOne<Vecina>(
    town.database.fork(),
    `select c.id as "conversationId", a.id as "addressId" from conversation c join address a on a.id = c.address_id
      where a.channel = 'whatsapp' and a.account = $1 and a.external_id = $2`,
    [account, ana],
  )
  if (!row) throw new Error(`nobody wrote to ${account}`)
  return row
}

const BORRADOR = {
  id: '1',
  flow: 'registrar',
  flowVersion: 1,
  step: 'lugar',
  answers: { categoria: 'BACHEO', desde: 'x' },
  savedAt: '',
}

async function avisar({ database, outbox }: Ayuntamiento) {
  for (const { id } of await sql<{ id: number }>(
    database.fork(),
    `select id from outbox where status = 'pending' order by id`,
  ))
    await runOutboxRow(database.fork(), id, outbox)
}

const avisos = ({ database }: Ayuntamiento) =>
  sql(
    database.fork(),
    `select m.account, m.status, c.address_id as "addressId" from message m join conversation c on c.id = m.conversation_id
      where m.outbox_id is not null and m.moved_to is null order by m.id`,
  )

it('who writes to the number that replaces another goes on in the same conversation, and is told there of their petitions', async () => {
  const town = await ayuntamiento()
  await escribe(town, 'viejo')
  const antes = await en_(town, 'viejo')
  await registrarDe(town, antes)
  await avisar(town)
  await town.database.fork().execute(`update conversation set drafts = '${JSON.stringify([BORRADOR])}'`)
  expect(await reemplazar(town)).toBe(1)

  expect(await avisos(town)).toEqual([])
  await avisar(town)
  expect(await avisos(town)).toEqual([{ account: 'nuevo', status: 'pending', addressId: antes.addressId }])
  await escribe(town, 'nuevo', 'sigo aquí')
  expect(await en_(town, 'nuevo')).toEqual(antes)
  expect(await sql(town.database.fork(), 'select count(*)::int as n from conversation')).toEqual([{ n: 1 }])
  expect(await reemplazar(town)).toBe(0)
})

it('what waited to be sent by the old number goes by the new one; the window of the old one is not its own', async () => {
  const town = await ayuntamiento()
  await escribe(town, 'viejo')
  const { conversationId } = await en_(town, 'viejo')
  await en(town, (em) => town.outbox.enviar(em, conversationId, [{ text: 'Ya vamos' }]))
  await town.database.fork().execute('update conversation set last_inbound_at = now()')
  await reemplazar(town, true)
  expect(await sql(town.database.fork(), `select account from message where direction = 'out'`)).toEqual([
    { account: 'nuevo' },
  ])
  expect(await sql(town.database.fork(), 'select last_inbound_at from conversation')).toEqual([
    { last_inbound_at: null },
  ])
})

it('who wrote to both already has at the new one what was unfinished, waiting or registered at the old one, once', async () => {
  const town = await ayuntamiento()
  await escribe(town, 'viejo')
  await escribe(town, 'nuevo')
  const [vieja, nueva] = [await en_(town, 'viejo'), await en_(town, 'nuevo')]
  await registrarDe(town, vieja)
  await sql(town.database.fork(), `update conversation set drafts = $2 where id = $1`, [
    vieja.conversationId,
    JSON.stringify([BORRADOR]),
  ])
  await sql(town.database.fork(), `update conversation set drafts = $2 where id = $1`, [
    nueva.conversationId,
    JSON.stringify([BORRADOR]),
  ])
  await sql(town.database.fork(), 'update address set avisos_alta_at = now() where id = $1', [vieja.addressId])
  await en(town, (em) => town.outbox.enviar(em, vieja.conversationId, [{ text: 'Ya vamos' }]))

  const done = await Promise.all([reemplazar(town), reemplazar(town)])
  expect(done.toSorted()).toEqual([0, 1])
  expect(await sql(town.database.fork(), 'select address_id as id from peticion')).toEqual([{ id: nueva.addressId }])
  const drafts = await sql<{ ids: string[] }>(
    town.database.fork(),
    `select array(select d->>'id' from jsonb_array_elements(drafts) d) as ids from conversation order by id`,
  )
  expect(drafts).toEqual([{ ids: [] }, { ids: ['1', '2'] }])
  const sent = await sql(
    town.database.fork(),
    `select conversation_id as "conversationId", status, moved_to is not null as moved from message where direction = 'out' order by id`,
  )
  expect(sent).toEqual([
    { conversationId: vieja.conversationId, status: 'failed', moved: true },
    { conversationId: nueva.conversationId, status: 'pending', moved: false },
  ])
  expect(await sql(town.database.fork(), 'select distinct ciudadano_id is not null as one from address')).toEqual([
    { one: true },
  ])
  expect(await sql(town.database.fork(), 'select count(distinct ciudadano_id)::int as persons from address')).toEqual([
    { persons: 1 },
  ])
  expect(await sql(town.database.fork(), 'select avisos_alta_at is not null as alta from address order by id')).toEqual(
    [{ alta: true }, { alta: true }],
  )
})
