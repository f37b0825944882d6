import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'
import { fila, llegada } from './peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let colega: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  colega = await panel.logIn(['enlace'], 'OP')
})

const url = (folio: string, verbo = '') => `/admin/peticiones/${folio}${verbo && `/${verbo}`}`
const hidden = (page: string, form: string, name: string) => {
  const from = page.slice(page.indexOf(`id="accion-${form}"`))
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(from)?.[1] ?? ''
}
const verbos = async (folio: string) => {
  const rows = await sql<{ verbo: string }>(
    panel.database.fork(),
    'select m.verbo from movimiento m join peticion p on p.id = m.peticion_id where p.folio = $1 order by m.id',
    [folio],
  )
  return rows.map((row) => row.verbo)
}

describe('a form that is sent again because the signal was lost', () => {
  it('is done once, and answered as the first time', async () => {
    const { folio } = await llegada(panel)
    const fields = { envio: randomUUID(), version: '2', nota: 'Falta mezcla' }
    const answers = [await enlace.post(url(folio, 'anotar'), fields), await enlace.post(url(folio, 'anotar'), fields)]
    expect(answers.map((one) => [one.statusCode, one.headers.location])).toEqual([
      [303, `${url(folio)}?hecho=anotar`],
      [303, `${url(folio)}?hecho=anotar`],
    ])
    expect((await verbos(folio)).filter((verbo) => verbo === 'anotar')).toHaveLength(1)
  })

  it('is done once also when both arrive at the same moment', async () => {
    const { folio, conversationId } = await llegada(panel)
    const fields = { envio: randomUUID(), version: '2', texto: 'Vamos mañana' }
    const answers = await Promise.all([1, 2, 3].map(() => enlace.post(url(folio, 'responder'), fields)))
    expect(answers.map((one) => one.statusCode)).toEqual([303, 303, 303])
    const sent = await sql(
      panel.database.fork(),
      "select 1 from message where conversation_id = $1 and direction = 'out' and body::text like '%Vamos mañana%'",
      [conversationId],
    )
    expect(sent).toHaveLength(1)
  })

  it('changes nothing the second time, though the state no longer allows it', async () => {
    const { folio } = await llegada(panel)
    const version = String((await fila(panel, folio))?.version)
    const fields = { envio: randomUUID(), version, motivo: 'Es carretera federal' }
    const first = await enlace.post(url(folio, 'devolver'), fields)
    const second = await enlace.post(url(folio, 'devolver'), fields)
    expect([first.headers.location, second.headers.location]).toEqual([
      '/admin?hecho=devolver',
      '/admin?hecho=devolver',
    ])
    expect((await enlace.get('/admin?hecho=devolver')).body).toContain('La petición regresó a la UAC')
    expect(await verbos(folio)).toEqual(['registrar', 'canalizar', 'devolver'])
  })

  it('with other words under the same key is told, and not taken for done', async () => {
    const { folio } = await llegada(panel)
    const envio = randomUUID()
    await enlace.post(url(folio, 'anotar'), { envio, version: '2', nota: 'La primera' })
    const other = await enlace.post(url(folio, 'anotar'), { envio, version: '2', nota: 'La segunda' })
    expect([other.statusCode, other.body.includes('ya se había enviado con otras palabras')]).toEqual([409, true])
    expect(other.body).toContain('La segunda')
    const again = { envio: hidden(other.body, 'anotar', 'envio'), version: '2', nota: 'La segunda' }
    expect(again.envio).not.toBe(envio)
    expect((await enlace.post(url(folio, 'anotar'), again)).statusCode).toBe(303)
  })

  it('that failed may be corrected and sent under its key', async () => {
    const { folio } = await llegada(panel)
    const envio = randomUUID()
    expect((await enlace.post(url(folio, 'anotar'), { envio, version: '2', nota: ' ' })).statusCode).toBe(422)
    expect((await enlace.post(url(folio, 'anotar'), { envio, version: '2', nota: 'Ya' })).statusCode).toBe(303)
  })
})

describe('the second save of two people', () => {
  it('is told who did what meanwhile, overwrites nothing, and may then be sent', async () => {
    const { folio } = await llegada(panel)
    const page = (await enlace.get(url(folio))).body
    const seen = { version: hidden(page, 'devolver', 'version'), movimiento: hidden(page, 'devolver', 'movimiento') }
    await colega.post(url(folio, 'recibir'), { version: seen.version })
    await colega.post(url(folio, 'anotar'), { version: seen.version, nota: 'Ya hablé con la cuadrilla' })
    const late = await enlace.post(url(folio, 'devolver'), { ...seen, motivo: 'No es nuestra' })
    expect(late.statusCode).toBe(409)
    const told = late.body.slice(
      late.body.indexOf('Qué cambió mientras usted escribía'),
      late.body.indexOf('</ul>', late.body.indexOf('Qué cambió mientras')),
    )
    expect(told).toContain('Recibida')
    expect(told).toContain('Ya hablé con la cuadrilla')
    expect(told).not.toContain('Canalizada')
    expect((await fila(panel, folio))?.estado).toBe('RECIBIDO')
    const now = { version: hidden(late.body, 'devolver', 'version'), motivo: 'No es nuestra' }
    expect((await enlace.post(url(folio, 'devolver'), now)).statusCode).toBe(303)
  })

  it('is told too when a correction of the form lay between', async () => {
    const { folio } = await llegada(panel)
    const version = String((await fila(panel, folio))?.version)
    await colega.post(url(folio, 'recibir'), { version })
    const wrong = await enlace.post(url(folio, 'devolver'), { version, movimiento: '0', motivo: ' ' })
    expect(wrong.statusCode).toBe(422)
    expect(hidden(wrong.body, 'devolver', 'version')).toBe(version)
    const late = await enlace.post(url(folio, 'devolver'), { version, movimiento: '0', motivo: 'No es nuestra' })
    expect([late.statusCode, late.body.includes('Qué cambió')]).toEqual([409, true])
  })

  it('is told what changed also when it can no longer be done at all', async () => {
    const { folio } = await llegada(panel)
    const version = String((await fila(panel, folio))?.version)
    const uac = await panel.logIn(['validador'], 'UAC')
    await uac.post(url(folio, 'orientar'), { version, texto: 'Acuda a la SICT' })
    const late = await enlace.post(url(folio, 'recibir'), { version, movimiento: '0' })
    expect([late.statusCode, late.body.includes('Orientada a otra autoridad')]).toEqual([409, true])
  })
})
