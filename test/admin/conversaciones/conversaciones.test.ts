import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { BACHE, QUEJA, type Vecina, vecina } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let uac: Navegador
beforeAll(async () => {
  panel = await startPanel()
  uac = await panel.logIn(['capturista'], 'UAC')
})

let said = 0
async function dice(who: Vecina, direction: 'in' | 'out', text: string, { status = '', minutesAgo = 0 } = {}) {
  said += 1
  await sql(
    panel.database.fork(),
    `with c as (update conversation set last_seq = last_seq + 1 where id = $1 returning last_seq)
     insert into message (channel, account, external_id, direction, conversation_id, seq, kind, body, status, created_at)
     select 'telegram', 'default', $2, $3, $1, last_seq, 'text', jsonb_build_object('text', $4::text), $5,
            clock_timestamp() - make_interval(mins => $6) from c`,
    [who.conversationId, `x${said}`, direction, text, status || (direction === 'in' ? 'handled' : 'sent'), minutesAgo],
  )
}
const hace = (minutes: number) => new Date(Date.now() - minutes * 60_000)
const pide = (who: Vecina) =>
  sql(panel.database.fork(), "update conversation set mode = 'human', human_since = now() where id = $1", [
    who.conversationId,
  ])
const estado = (who: Vecina) =>
  sqlOne<{ mode: string; asignada: number | null }>(
    panel.database.fork(),
    'select mode, assigned_to as asignada from conversation where id = $1',
    [who.conversationId],
  )

describe('conversations', () => {
  it('show who attends them what was said so far, which can be captured in one step', async () => {
    const who = await vecina(panel.database.fork())
    const desde = '2026-11-22T16:00:00.000Z'
    const answers = {
      desde,
      descripcion: 'hay un bache que ya ponchó dos carros',
      categoria: 'BACHEO',
      colonia: 'Miramar',
    }
    await sql(
      panel.database.fork(),
      `update conversation set mode = 'human', human_since = now(), flow = 'registrar', step = 'calle', answers = $2, last_inbound_at = now() where id = $1`,
      [who.conversationId, JSON.stringify(answers)],
    )
    const page = (await uac.get(`/admin/conversaciones/${who.conversationId}`)).body
    const captura = `/admin/captura?borrador=${who.conversationId}_${Date.parse(desde)}`
    for (const one of ['Lo que lleva dicho', 'ya ponchó dos carros', 'Miramar', captura]) expect(page).toContain(one)
    expect(page).not.toContain('Escribe en inglés')
    await sql(panel.database.fork(), "update conversation set locale = 'en' where id = $1", [who.conversationId])
    expect((await uac.get(`/admin/conversaciones/${who.conversationId}`)).body).toContain('Escribe en inglés')
    expect((await uac.get(captura)).body).toContain('ya ponchó dos carros')
    expect((await uac.get('/admin/borradores')).body).not.toContain(captura)
  })

  it('that wait for a person are listed, taken by writing, and given back to the assistant', async () => {
    const who = await vecina(panel.database.fork())
    await dice(who, 'in', 'Quiero hablar con alguien')
    await pide(who)
    expect((await uac.get('/admin/conversaciones')).body).toContain(`/admin/conversaciones/${who.conversationId}`)
    const url = `/admin/conversaciones/${who.conversationId}`
    expect((await uac.get(url)).body).toContain('Quiero hablar con alguien')
    await uac.post(`${url}/responder`, { texto: 'Buenas tardes, le atiende Carla' })
    expect(await estado(who)).toEqual({ mode: 'human', asignada: uac.usuarioId })
    expect(panel.woken.sends).toContain(who.conversationId)
    expect((await uac.get(`${url}/hilo`)).body).toContain('Buenas tardes, le atiende Carla')
    await uac.post(`${url}/devolver`)
    expect(panel.woken.returned).toEqual([who.conversationId])
  })

  it('go to whoever takes them', async () => {
    const who = await vecina(panel.database.fork())
    await uac.post(`/admin/conversaciones/${who.conversationId}/tomar`)
    expect(await estado(who)).toEqual({ mode: 'human', asignada: uac.usuarioId })
    const other = await panel.logIn(['comunicacion'])
    await other.post(`/admin/conversaciones/${who.conversationId}/tomar`)
    expect(await estado(who)).toEqual({ mode: 'human', asignada: other.usuarioId })
  })

  it('are passed to a colleague who attends them, and to nobody else', async () => {
    const who = await vecina(panel.database.fork())
    const url = `/admin/conversaciones/${who.conversationId}`
    const colega = await panel.logIn(['validador'], 'UAC')
    const enlace = await panel.logIn(['enlace'], 'OP')
    await uac.post(`${url}/tomar`)
    const wrong = await uac.post(`${url}/pasar`, { usuario: String(enlace.usuarioId) })
    expect([wrong.statusCode, wrong.body.includes('Elija a quién pasarla')]).toEqual([422, true])
    expect((await uac.post(`${url}/pasar`, { usuario: String(colega.usuarioId) })).statusCode).toBe(303)
    expect(await estado(who)).toEqual({ mode: 'human', asignada: colega.usuarioId })
    expect((await colega.get('/admin/conversaciones')).body).toContain('La atiende usted')
  })

  it('with somebody who blocked us are not written in', async () => {
    const who = await vecina(panel.database.fork())
    await sql(panel.database.fork(), 'update address set blocked_at = now() where id = $1', [who.addressId])
    const answer = await uac.post(`/admin/conversaciones/${who.conversationId}/responder`, { texto: 'Hola' })
    expect([answer.statusCode, answer.body.includes('bloqueó al municipio')]).toEqual([422, true])
  })
})

describe('the thread of one person with petitions of several dependencias', () => {
  it('shows each reader only what belongs to petitions in their reach', async () => {
    const enlace = await panel.logIn(['enlace'], 'OP')
    await panel.logIn(['enlace'], 'CONTRALORIA')
    const validador = await panel.logIn(['validador'], 'UAC')
    const who = await vecina(panel.database.fork())
    await dice(who, 'in', 'hay un bache', { minutesAgo: 31 })
    await dice(who, 'out', 'De acuerdo, un bache', { minutesAgo: 31 })
    const bache = await llegada(panel, BACHE, who, hace(30))
    await dice(who, 'in', 'un agente me pidió dinero', { minutesAgo: 11 })
    await dice(who, 'out', 'Esto se trata con reserva', { minutesAgo: 11 })
    const queja = await llegada(panel, QUEJA, who, hace(10))
    await enlace.post(`/admin/peticiones/${bache.folio}/responder`, { texto: 'Vamos el martes por el bache' })
    await pide(who)
    await dice(who, 'in', '¿A qué hora pasan por el bache?')

    const hilo = (await enlace.get(`/admin/peticiones/${bache.folio}/hilo`)).body
    for (const words of ['hay un bache', 'De acuerdo, un bache', 'Vamos el martes', '¿A qué hora pasan'])
      expect(hilo).toContain(words)
    for (const words of ['me pidió dinero', 'con reserva']) expect(hilo).not.toContain(words)
    const abierto = (await uac.get(`/admin/conversaciones/${who.conversationId}`)).body
    expect(abierto).not.toContain('me pidió dinero')
    expect(abierto).not.toContain(queja.folio)
    expect((await validador.get(`/admin/conversaciones/${who.conversationId}`)).body).toContain('me pidió dinero')
  })
})

describe('what did not go by itself', () => {
  it('is listed without the words of the citizen, and tried again from there', async () => {
    const admin = await panel.logIn(['administrador'])
    const who = await vecina(panel.database.fork())
    await dice(who, 'in', 'Un mensaje que nadie entendió', { status: 'failed' })
    await dice(who, 'out', 'Una respuesta que no salió', { status: 'ambiguous' })
    const page = (await admin.get('/admin/pendientes')).body
    expect(page).not.toContain('Un mensaje que nadie entendió')
    const ids = [...page.matchAll(/\/admin\/pendientes\/mensajes\/(\d+)\/reintentar/g)].map((match) => match[1])
    expect(ids).toHaveLength(2)
    for (const id of ids) expect((await admin.post(`/admin/pendientes/mensajes/${id}/reintentar`)).statusCode).toBe(303)
    const rows = await sql<{ status: string }>(
      panel.database.fork(),
      'select status from message where conversation_id = $1 order by id',
      [who.conversationId],
    )
    expect(rows.map((row) => row.status)).toEqual(['received', 'pending'])
    expect(panel.woken.turns).toContain(who.conversationId)
    expect((await admin.post(`/admin/pendientes/mensajes/${ids[0]}/reintentar`)).statusCode).toBe(404)
  })

  it('of routing and notices is waked for the workers', async () => {
    const admin = await panel.logIn(['administrador'])
    const { peticionId } = await llegada(panel)
    const [row] = await sql<{ id: number }>(
      panel.database.fork(),
      "update outbox set status = 'failed', attempts = 6, error = 'x' where peticion_id = $1 and kind = 'canalizar' returning id",
      [peticionId],
    )
    await admin.post(`/admin/pendientes/trabajos/${row?.id}/reintentar`)
    const again = await sqlOne<{ status: string; attempts: number }>(
      panel.database.fork(),
      'select status, attempts from outbox where id = $1',
      [row?.id],
    )
    expect(again).toEqual({ status: 'pending', attempts: 0 })
  })
})
