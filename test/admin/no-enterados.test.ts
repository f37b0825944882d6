import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { QUEJA } from '../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'
import { llegada } from './peticiones.ts'

let panel: TestPanel
let obras: Navegador
let agua: Navegador
let capturista: Navegador
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  obras = await panel.logIn(['enlace'], 'OP')
  agua = await panel.logIn(['enlace'], 'COMAPA')
  capturista = await panel.logIn(['capturista'], 'UAC')
  validador = await panel.logIn(['validador'], 'UAC')
})

const em = () => panel.database.fork()
const sinEspacios = (body: string) => body.replaceAll(/\s+/g, ' ')
const lista = async (browser: Navegador) => sinEspacios((await browser.get('/admin/no-enterados')).body)

/** A notice of the petition that stands so. */
async function avisoEn(status: string, borrador?: typeof QUEJA) {
  const one = await llegada(panel, borrador)
  const outbox = await sqlOne<{ id: number }>(
    em(),
    "select id from outbox where peticion_id = $1 and kind = 'notificar' order by id desc limit 1",
    [one.peticionId],
  )
  const message = await sqlOne<{ id: number }>(
    em(),
    `insert into message (channel, account, direction, conversation_id, seq, kind, body, status, outbox_id, error)
     values ('telegram', 'default', 'out', $1, 900, 'text', '{}', $2, $3, 'unknown') returning id`,
    [one.conversationId, status, outbox?.id],
  )
  return { ...one, outboxId: outbox?.id ?? 0, messageId: message?.id ?? 0 }
}

const marca = (messageId: number, nota = 'Por teléfono, contestó ella') => ({
  nota,
  hasta_message: String(messageId),
  hasta_outbox: '0',
})

describe('a citizen who was not reached', () => {
  it.each([
    ['failed', 'No se pudo entregar por Telegram'],
    ['waiting_window', 'y ya pasó ese tiempo'],
    ['ambiguous', 'No se sabe si le llegó por Telegram'],
  ])('is told of with what to do when the notice is %s', async (status, words) => {
    const { folio } = await avisoEn(status)
    const body = await lista(obras)
    const card = body.slice(body.indexOf(`id="${folio}"`)).split('</li> <li class="tarjeta"')[0] ?? ''
    expect(card).toContain(words)
    expect(card).toContain('tel:+528331234567')
    expect(await lista(agua)).not.toContain(folio)
    expect(await lista(capturista)).toContain(folio)
  })

  it('is told of when they blocked us before the notice was written, and not when they wanted none', async () => {
    const { folio, peticionId, addressId } = await llegada(panel)
    await sql(em(), "update address set blocked_at = now() - interval '1 hour' where id = $1", [addressId])
    await sql(em(), "update outbox set status = 'skipped', done_at = now() where peticion_id = $1", [peticionId])
    expect(await lista(validador)).toContain(`id="${folio}"`)
    await sql(em(), 'update address set avisos_baja_at = now() where id = $1', [addressId])
    expect(await lista(validador)).not.toContain(`id="${folio}"`)
  })

  it('of a reservada is seen by its own and the UAC alone', async () => {
    const { folio } = await avisoEn('failed', QUEJA)
    expect(await lista(validador)).toContain(folio)
    for (const other of [capturista, obras]) expect(await lista(other)).not.toContain(folio)
  })

  it('is counted in the menu of whoever has the tray', async () => {
    await avisoEn('failed')
    expect(sinEspacios((await obras.get('/admin')).body)).toMatch(/No enterados <span class="cuenta">\d+</)
    const titular = await panel.logIn(['titular'], 'OP')
    expect((await titular.get('/admin')).body).not.toContain('No enterados')
  })
})

describe('the mark that they were told otherwise', () => {
  it('is written into the history, takes the petition off the tray, and is taken back', async () => {
    const { folio, messageId } = await avisoEn('failed')
    expect((await capturista.post(`/admin/no-enterados/${folio}/avisado`, marca(messageId))).statusCode).toBe(303)
    expect(await lista(obras)).not.toContain(`id="${folio}"`)
    const page = sinEspacios((await obras.get(`/admin/peticiones/${folio}`)).body)
    expect(page).toContain('Se le avisó a la persona de otro modo')
    expect(page).toContain('Por teléfono, contestó ella')
    await obras.post(`/admin/no-enterados/${folio}/deshacer`)
    expect(await lista(obras)).toContain(`id="${folio}"`)
    expect((await obras.get(`/admin/peticiones/${folio}`)).body).toContain('Se quitó la marca')
    const again = await obras.post(`/admin/no-enterados/${folio}/deshacer`)
    expect(again.headers.location).toBe('/admin/no-enterados?hecho=ya_no')
  })

  it('settles what was on the page and not what failed since', async () => {
    const { folio, messageId, conversationId, outboxId } = await avisoEn('failed')
    await sql(
      em(),
      `insert into message (channel, account, direction, conversation_id, seq, kind, body, status, outbox_id)
       values ('telegram', 'default', 'out', $1, 901, 'text', '{}', 'failed', $2)`,
      [conversationId, outboxId],
    )
    await obras.post(`/admin/no-enterados/${folio}/avisado`, marca(messageId))
    expect(await lista(obras)).toContain(`id="${folio}"`)
  })

  it('needs to say how, and is refused to whom the petition is out of reach', async () => {
    const { folio, messageId } = await avisoEn('failed')
    const empty = await obras.post(`/admin/no-enterados/${folio}/avisado`, marca(messageId, ' '))
    expect([empty.statusCode, empty.body.includes('Escriba algo aquí.')]).toEqual([422, true])
    expect((await agua.post(`/admin/no-enterados/${folio}/avisado`, marca(messageId))).statusCode).toBe(404)
    expect((await agua.post(`/admin/no-enterados/${folio}/deshacer`)).statusCode).toBe(404)
  })
})
