import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let address: string
beforeAll(async () => {
  panel = await startPanel()
  address = await panel.app.listen({ port: 0, host: '127.0.0.1' })
})

/** An open page that looks at something. */
async function abrir({ cookie }: Navegador, mira: string) {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const { body } = await fetch(`${address}/admin/eventos?mira=${mira}`, { headers: { cookie }, signal: gone.signal })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  const hears = async () => {
    for (let text = ''; !text.includes('event: presencia'); ) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) throw new Error('the stream ended')
      text += value ?? ''
    }
  }
  return { hears, cerrar: () => gone.abort() }
}
const quienes = async (one: Navegador, mira: string) => (await one.get(`/admin/presencia?mira=${mira}`)).body

it('shows who else has a petition open, that they write, and no more when they have gone', async () => {
  const [enlace, uac, ajeno] = [
    await panel.logIn(['enlace'], 'OP'),
    await panel.logIn(['validador'], 'UAC'),
    await panel.logIn(['enlace'], 'COMAPA'),
  ]
  const { peticionId } = await llegada(panel)
  const mira = `peticion-${peticionId}`
  const own = await abrir(enlace, mira)
  await own.hears()
  expect(await quienes(enlace, mira)).not.toContain('viendo')
  const other = await abrir(uac, mira)
  await own.hears()
  expect(await quienes(enlace, mira)).toContain('También la está viendo Persona 2')
  await uac.post('/admin/presencia', { mira })
  await own.hears()
  expect(await quienes(enlace, mira)).toContain('Persona 2 está escribiendo')
  await abrir(ajeno, mira)
  expect((await ajeno.get(`/admin/presencia?mira=${mira}`)).statusCode).toBe(404)
  expect(await quienes(enlace, mira)).not.toContain('Persona 3')
  other.cerrar()
  await own.hears()
  expect(await quienes(enlace, mira)).not.toContain('viendo')
})

it('forgets whom a dead process left, and takes nothing from whoever looks at nothing', async () => {
  const { conversationId } = await llegada(panel)
  const [uac, otra] = [await panel.logIn(['validador'], 'UAC'), await panel.logIn(['validador'], 'UAC')]
  const mira = `conversacion-${conversationId}`
  await otra.post('/admin/presencia', { mira })
  expect(await quienes(uac, mira)).not.toContain('escribiendo')
  const page = await abrir(otra, mira)
  await page.hears()
  expect(await quienes(uac, mira)).toContain('También la está viendo')
  await sql(panel.database.fork(), "update presencia set visto_at = now() - interval '2 minutes'")
  expect(await quienes(uac, mira)).not.toContain('viendo')
  expect((await uac.get('/admin/presencia?mira=usuario-1')).statusCode).toBe(404)
})
