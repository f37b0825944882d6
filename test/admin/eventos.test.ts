import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { publish } from '../../src/runtime/events.ts'
import { sql } from '../../src/runtime/sql.ts'
import type { Rol } from '../../src/workflow/actor.ts'
import { anunciarAvisos } from '../../src/workflow/avisos-personales/avisar.ts'
import { QUEJA } from '../workflow/ayuntamiento.ts'
import { type Navegador, PASSWORD, startPanel, type TestPanel } from './panel.ts'
import { MATRIZ } from './permisos-objetos.ts'
import { llegada } from './peticiones.ts'

let panel: TestPanel
let address: string
beforeAll(async () => {
  panel = await startPanel()
  address = await panel.app.listen({ port: 0, host: '127.0.0.1' })
})

/** An open page: gives the names of the events as they come. */
async function page({ cookie }: Navegador, query = '') {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const response = await fetch(`${address}/admin/eventos${query}`, { headers: { cookie }, signal: gone.signal })
  const heard: string[] = []
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const ended = async () => {
    while (!(await reader?.read())?.done);
  }
  const next = async (name: string) => {
    while (!heard.includes(name)) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) throw new Error(`the stream ended before ${name}`)
      heard.push(...[...(value ?? '').matchAll(/^event: (.*)$/gm)].map((match) => match[1] ?? ''))
    }
  }
  return { response, heard, next, ended, leave: () => gone.abort() }
}

it('tells an open page of changes in its reach, and of no others', async () => {
  const obras = await page(await panel.logIn(['enlace'], 'OP'))
  const agua = await page(await panel.logIn(['enlace'], 'COMAPA'))
  const uac = await page(await panel.logIn(['validador'], 'UAC'))
  expect(obras.response.headers.get('content-type')).toBe('text/event-stream')
  await llegada(panel, QUEJA)
  await uac.next('peticion')
  await llegada(panel)
  await obras.next('peticion')
  await llegada(panel, { ...QUEJA, categoria: 'AGUA_FUGA', respuestas: {} })
  await agua.next('peticion')
  // Each hears of the petition and, as its enlace, of the notice that it arrived.
  expect(agua.heard).toEqual(['aviso', 'peticion'])
  expect(obras.heard).toEqual(['aviso', 'peticion'])
})

it('tells each role of what the matrix says, and a notice only to whose it is', async () => {
  const topics = { conversaciones: 'turn', canal: 'channel', redes: 'comentario', turno: 'turno' }
  const open: [Rol, Navegador, Awaited<ReturnType<typeof page>>][] = []
  for (const [rol, dependencia] of Object.entries(MATRIZ.personas) as [Rol, string | null][]) {
    const browser = await panel.logIn([rol], dependencia ?? undefined)
    open.push([rol, browser, await page(browser)])
  }
  const em = panel.database.fork()
  for (const topic of Object.values(topics)) await publish(em, { topic, conversation: 0 })
  for (const [rol, { usuarioId }, { heard, next }] of open) {
    // Comes after the others, to this one alone.
    await anunciarAvisos(em, usuarioId)
    await next('aviso')
    for (const name of Object.keys(topics)) {
      const told = MATRIZ.eventos[name]
      expect([rol, name, heard.includes(name)]).toEqual([rol, name, Array.isArray(told) && told.includes(rol)])
    }
  }
  for (const [, , { heard }] of open) expect(heard.filter((name) => name === 'aviso')).toHaveLength(1)
})

it('tells of a conversation only whoever may read it', async () => {
  const { folio, conversationId } = await llegada(panel)
  const enlace = await panel.logIn(['enlace'], 'OP')
  const own = await page(enlace, `?conversacion=${conversationId}`)
  const other = await page(await panel.logIn(['enlace'], 'COMAPA'), `?conversacion=${conversationId}`)
  await enlace.post(`/admin/peticiones/${folio}/responder`, { texto: 'Vamos mañana' })
  await own.next('hilo')
  await llegada(panel, { ...QUEJA, categoria: 'AGUA_FUGA', respuestas: {} })
  await other.next('peticion')
  expect(other.heard).not.toContain('hilo')
})

it('is closed to strangers, and does not keep a session alive', async () => {
  const answer = await fetch(`${address}/admin/eventos`, { redirect: 'manual' })
  expect(answer.status).toBe(401)
  const browser = await panel.logIn(['validador'])
  const em = panel.database.fork()
  const before = "update session set last_seen_at = now() - interval '2 hours' where usuario_id = $1"
  await sql(em, before, [browser.usuarioId])
  await page(browser)
  await browser.get('/admin/novedades?desde=2026-11-22T00:00:00.000Z&ultima=0', { headers: { 'hx-request': 'true' } })
  const idle = "select 1 from session where usuario_id = $1 and last_seen_at < now() - interval '1 hour'"
  expect(await sql(em, idle, [browser.usuarioId])).toHaveLength(1)
  await browser.get('/admin')
  expect(await sql(em, idle, [browser.usuarioId])).toHaveLength(0)
})

it('ends at once with its session, while others of the same person go on', async () => {
  const person = await panel.logIn(['validador'])
  const other = panel.stranger()
  await other.post('/admin/login', { email: person.email, password: PASSWORD })
  const [own, desk] = [await page(person), await page(other)]
  await person.post('/admin/cuenta/sesiones/cerrar', { sesion: 'todas' })
  await desk.ended()
  await anunciarAvisos(panel.database.fork(), person.usuarioId)
  await own.next('aviso')
  await person.post('/admin/salir')
  await own.ended()
})

it('follows a change of roles at once', async () => {
  const admin = await panel.logIn(['administrador'])
  const person = await panel.logIn(['validador'])
  const open = await page(person)
  const datos = { nombre: 'Persona de Prueba', email: person.email, roles: 'enlace', dependenciaId: 'COMAPA' }
  await admin.post(`/admin/usuarios/${person.usuarioId}`, datos)
  // Far longer than looking at the session takes; the beat comes after 25 s.
  await panel.logIn(['validador'])
  await publish(panel.database.fork(), { topic: 'comentario' })
  await anunciarAvisos(panel.database.fork(), person.usuarioId)
  await open.next('aviso')
  expect(open.heard).not.toContain('redes')
})

it('ends when the server stops', async () => {
  const other = await startPanel({ atEnd: onTestFinished })
  const at = await other.app.listen({ port: 0, host: '127.0.0.1' })
  const { cookie } = await other.logIn(['validador'])
  const response = await fetch(`${at}/admin/eventos`, { headers: { cookie } })
  const closed = other.app.close()
  await response.text()
  await closed
})
