import { beforeAll, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { BACHE, QUEJA, type Vecina, vecina } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let uac: Navegador
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  uac = await panel.logIn(['capturista'], 'UAC')
  validador = await panel.logIn(['validador'], 'UAC')
})

let said = 0
/** A message of the citizen's or of ours, with the platform's id, minutes ago. */
async function dice(who: Vecina, kind: string, body: object, { providerId = '', minutesAgo = 0, out = false } = {}) {
  said += 1
  await sql(panel.database.fork(), DICE, [
    who.conversationId,
    out ? null : `r${said}`,
    out ? 'out' : 'in',
    kind,
    JSON.stringify(body),
    providerId || null,
    out ? 'sent' : 'handled',
    minutesAgo,
  ])
}
const DICE = `
with c as (update conversation set last_seq = last_seq + 1 where id = $1 returning last_seq)
insert into message (channel, account, external_id, direction, conversation_id, seq, kind, body, provider_id, status, created_at)
select 'telegram', 'default', $2, $3, $1, last_seq, $4, $5::jsonb, $6, $7, clock_timestamp() - make_interval(mins => $8) from c`

const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const hilo = async (who: Navegador, { conversationId }: Vecina) =>
  textOf((await who.get(`/admin/conversaciones/${conversationId}/hilo`)).body)

it('a message that was corrected twice and deleted is shown with all that it said', async () => {
  const who = await vecina(panel.database.fork())
  await dice(who, 'text', { text: 'Calle Hidalgo 4' }, { providerId: 'm1' })
  await dice(who, 'edit', { text: 'Calle Hidalgo 14', replyTo: 'm1' }, { providerId: 'm1' })
  await dice(who, 'edit', { text: 'Calle Hidalgo 41', replyTo: 'm1' }, { providerId: 'm1' })
  await dice(who, 'delete', { replyTo: 'm1' })
  const text = await hilo(uac, who)
  expect(text).toMatch(/Calle Hidalgo 4 La persona lo corrigió después \( [^)]+ \): «Calle Hidalgo 14»/)
  expect(text).toMatch(/La persona lo corrigió después \( [^)]+ \): «Calle Hidalgo 41» La persona lo borró de su lado/)
  expect(text).toContain('Corrigió lo que había escrito : «Calle Hidalgo 4». Ahora dice: Calle Hidalgo 14')
  expect(text).toContain('Corrigió lo que había escrito : «Calle Hidalgo 14». Ahora dice: Calle Hidalgo 41')
  expect(text).toContain('Borró un mensaje El mensaje decía: «Calle Hidalgo 41»')
})

it('what is not known any more is said so, and nothing fails', async () => {
  const who = await vecina(panel.database.fork())
  await dice(who, 'text', {}, { providerId: 'm1' })
  await dice(who, 'edit', {}, { providerId: 'm1' })
  await dice(who, 'edit', { text: 'Algo', replyTo: 'm0' }, { providerId: 'm0' })
  await dice(who, 'delete', { replyTo: 'm0' })
  const text = await hilo(uac, who)
  expect(text).toContain('Contenido retirado')
  expect(text).toContain('Corrigió lo que había escrito: Algo')
  expect(text).toContain('Borró un mensaje')
})

it('a correction of what was told with reserve is read by nobody who may not read that', async () => {
  await panel.logIn(['enlace'], 'CONTRALORIA')
  await panel.logIn(['enlace'], 'OP')
  const who = await vecina(panel.database.fork())
  await dice(who, 'text', { text: 'un agente me pidió dinero' }, { providerId: 'q1', minutesAgo: 11 })
  await dice(who, 'text', { text: 'Esto se trata con reserva' }, { minutesAgo: 11, out: true })
  await llegada(panel, QUEJA, who, new Date(Date.now() - 600_000))
  await llegada(panel, BACHE, who, new Date(Date.now() - 300_000))
  await dice(who, 'edit', { text: 'un agente me pidió mil pesos', replyTo: 'q1' }, { providerId: 'q1' })
  await dice(who, 'edit', { text: 'quién sabe de qué', replyTo: 'q0' }, { providerId: 'q0' })
  const seen = await hilo(uac, who)
  for (const words of ['mil pesos', 'dinero', 'quién sabe']) expect(seen).not.toContain(words)
  const all = await hilo(validador, who)
  for (const words of ['mil pesos', 'dinero', 'quién sabe']) expect(all).toContain(words)
})

it('a send of which nobody knows whether it arrived is shown with what to do', async () => {
  const who = await vecina(panel.database.fork())
  await dice(who, 'text', { text: 'Ya vamos' }, { out: true })
  await sql(panel.database.fork(), `update message set status = 'ambiguous' where conversation_id = $1`, [
    who.conversationId,
  ])
  expect(await hilo(uac, who)).toContain('no se sabe si llegó: la plataforma no contestó')
})
