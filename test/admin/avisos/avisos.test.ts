import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { vigilar } from '../../../src/workflow/avisos-personales/vigilar.ts'
import { QUEJA } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let address: string
beforeAll(async () => {
  panel = await startPanel()
  address = await panel.app.listen({ port: 0, host: '127.0.0.1' })
})

const sinLeer = async (browser: Navegador, url = '/admin/avisos') =>
  Number(/class="globito"[^>]*>(\d+)/.exec((await browser.get(url)).body)?.[1] ?? 0)

const nuevo = async (browser: Navegador) =>
  sql(panel.database.fork(), 'delete from aviso_personal where usuario_id = $1', [browser.usuarioId])

/** The names of live events of an open page, as they come. */
async function oye({ cookie }: Navegador) {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const response = await fetch(`${address}/admin/eventos`, { headers: { cookie }, signal: gone.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const heard: string[] = []
  const next = async (name: string) => {
    while (!heard.includes(name)) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) throw new Error(`the stream ended before ${name}`)
      heard.push(...[...(value ?? '').matchAll(/^event: (.*)$/gm)].map((match) => match[1] ?? ''))
    }
  }
  return { heard, next }
}

describe('the bell', () => {
  it('counts what is unread on every page, tells it live to whom it is for, and is read by opening the petition', async () => {
    const obras = await panel.logIn(['enlace'], 'OP')
    const agua = await panel.logIn(['enlace'], 'COMAPA')
    const [suya, ajena] = [await oye(obras), await oye(agua)]
    const { folio } = await llegada(panel)
    await suya.next('aviso')
    expect(await sinLeer(obras, '/admin')).toBe(1)
    expect(await sinLeer(agua, '/admin')).toBe(0)
    const bell = await obras.get('/admin/avisos/campana', { headers: { 'hx-request': 'true' } })
    expect(bell.body).toContain('1 sin leer')
    await llegada(panel, { ...QUEJA, categoria: 'AGUA_FUGA', respuestas: {} })
    await ajena.next('aviso')
    expect(ajena.heard.filter((name) => name === 'aviso')).toHaveLength(1)
    const page = await obras.get(`/admin/peticiones/${folio}`)
    expect(page.body).not.toContain('class="globito"')
    expect(await sinLeer(obras)).toBe(0)
  })

  it('is not read by a browser that only prepares the page', async () => {
    const obras = await panel.logIn(['enlace'], 'OP')
    const { folio } = await llegada(panel)
    await obras.get(`/admin/peticiones/${folio}`, { headers: { 'sec-purpose': 'prefetch;prerender' } })
    expect(await sinLeer(obras)).toBe(1)
  })
})

describe('the list of notices', () => {
  it('says what, when and where, and marks one or all as read', async () => {
    const obras = await panel.logIn(['enlace'], 'OP')
    const una = await llegada(panel)
    const otra = await llegada(panel)
    const { body } = await obras.get('/admin/avisos')
    expect(body).toContain(`href="/admin/peticiones/${una.folio}"`)
    expect(body).toContain('Le llegó una petición')
    const [, id] = /action="\/admin\/avisos\/(\d+)\/leido"/.exec(body) ?? []
    const [, hasta] = /name="hasta" value="(\d+)"/.exec(body) ?? []
    expect((await obras.post(`/admin/avisos/${id}/leido`)).statusCode).toBe(303)
    expect(await sinLeer(obras)).toBe(1)
    const later = await llegada(panel)
    await obras.post('/admin/avisos/leidos', { hasta: hasta ?? '' })
    expect(await sinLeer(obras), 'what came after the page was made stays unread').toBe(1)
    const news = await obras.get(`/admin/avisos/novedades?ultimo=${hasta}`, { headers: { 'hx-request': 'true' } })
    expect(news.body).toContain('Hay 1 aviso nuevo')
    expect((await obras.get('/admin/avisos')).body).toContain(later.folio)
    expect(otra.folio).not.toBe(una.folio)
  })

  it('says no more than the folio of a reservada, and nothing once it left one’s reach', async () => {
    const contraloria = await panel.logIn(['enlace'], 'CONTRALORIA')
    const { folio, peticionId } = await llegada(panel, QUEJA)
    const { body } = await contraloria.get('/admin/avisos')
    expect(body).toContain(`La petición ${folio} tiene una novedad.`)
    expect(body).not.toContain('Queja')
    await sql(panel.database.fork(), "update peticion set dependencia_id = 'OP' where id = $1", [peticionId])
    expect((await contraloria.get('/admin/avisos')).body).not.toContain(folio)
    expect(await sinLeer(contraloria)).toBe(0)
  })

  it('is one’s own: nobody marks that of another', async () => {
    const obras = await panel.logIn(['enlace'], 'OP')
    const agua = await panel.logIn(['enlace'], 'COMAPA')
    await nuevo(obras)
    await llegada(panel)
    const [, id] = /action="\/admin\/avisos\/(\d+)\/leido"/.exec((await obras.get('/admin/avisos')).body) ?? []
    await agua.post(`/admin/avisos/${id}/leido`)
    expect(await sinLeer(obras)).toBe(1)
  })
})

it('a conversation that asks for a person is read by opening it', async () => {
  const capturista = await panel.logIn(['capturista'], 'UAC')
  const { conversationId } = await llegada(panel)
  await nuevo(capturista)
  const em = panel.database.fork()
  await sql(em, "update conversation set mode = 'human', human_since = now() where id = $1", [conversationId])
  await vigilar(em, [])
  expect((await capturista.get('/admin/avisos')).body).toContain(`/admin/conversaciones/${conversationId}`)
  await capturista.get(`/admin/conversaciones/${conversationId}`)
  expect(await sinLeer(capturista)).toBe(0)
})
