import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { strFromU8, unzipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let validador: Navegador
let titular: Navegador
beforeAll(async () => {
  panel = await startPanel()
  validador = await panel.logIn(['validador'], 'UAC')
  titular = await panel.logIn(['titular'], 'OP')
})

/** Asks for a file and gives its address. */
async function pedir(who: Navegador, consulta: string, fields: Record<string, string> = {}): Promise<string> {
  const answer = await who.post('/admin/exportar', { formato: 'csv', consulta, ...fields })
  expect(answer.statusCode).toBe(303)
  return String(answer.headers.location)
}
const archivo = async (who: Navegador, consulta: string, fields: Record<string, string> = {}) =>
  who.get(`${await pedir(who, consulta, fields)}/archivo`)

const con = async (colonia: string, datos: object = {}, descripcion = BACHE.descripcion) =>
  llegada(panel, { ...BACHE, descripcion, datos: { ...BACHE.datos, ...datos, colonia } })

describe('an export', () => {
  it('is a CSV of the filter in which no cell is a formula', async () => {
    await con('Fórmulas', {}, 'Sin comas\n=1+1\r=2')
    const { folio } = await con('Fórmulas', { nombre: '=1+1' }, '@SUM(A1) "citas", comas\ny renglones')
    const { body, headers } = await archivo(validador, 'colonia=formulas', { contacto: 'si' })
    expect(headers['content-disposition']).toMatch(/^attachment; filename="peticiones-\d{4}-\d\d-\d\d\.csv"$/)
    expect(body.startsWith('\uFEFFFolio,Estado,Asunto')).toBe(true)
    expect(body.split('\r\n')).toHaveLength(4)
    // A line that began there would begin with a formula.
    expect(body).toContain('"Sin comas\n=1+1\r=2"')
    expect(body).toContain(folio)
    expect(body).toContain(`"'@SUM(A1) ""citas"", comas\ny renglones",'=1+1,`)
    expect(body).toContain('Telegram')
  })

  it('is a workbook whose texts are texts and whose times are times', async () => {
    const { folio } = await con('Libros', { nombre: '=cmd|x' }, 'Con <etiquetas> & \u0007 campanas')
    await sql(panel.database.fork(), "update peticion set registrada_at = '2026-11-02T12:00-06' where folio = $1", [
      folio,
    ])
    const { rawPayload } = await archivo(validador, 'colonia=libros', { formato: 'xlsx', contacto: 'si' })
    const parts = unzipSync(rawPayload)
    expect(Object.keys(parts)).toContain('[Content_Types].xml')
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
    expect(sheet).toContain('Con &lt;etiquetas&gt; &amp;  campanas')
    expect(sheet).toContain('<c s="1"><v>46328.5</v></c>')
    expect(sheet).toContain('t="inlineStr" s="0"><is><t xml:space="preserve">=cmd|x</t>')
    expect(sheet).not.toContain('<f>')
    expect(sheet.match(/<row>/g)).toHaveLength(2)
    expect(sheet.endsWith('</worksheet>')).toBe(true)
  })

  it('holds what is in reach, and who leads to a person only for those who work with people', async () => {
    const [propia, ajena, reservada] = [await con('Alcance'), await con('Alcance'), await con('Alcance', {}, 'Secreto')]
    await sql(panel.database.fork(), "update peticion set dependencia_id = 'COMAPA' where folio = $1", [ajena.folio])
    await sql(panel.database.fork(), 'update peticion set reservada = true where folio = $1', [reservada.folio])
    await sql(panel.database.fork(), "update peticion set dependencia_id = 'OP' where folio = $1", [propia.folio])
    const folios = (body: string) => [...body.matchAll(/UAC-\d\d-\d+-\d/g)].map(([folio]) => folio)
    const { body: all } = await archivo(validador, 'colonia=alcance', { contacto: 'si' })
    expect(folios(all)).toEqual([reservada.folio, ajena.folio, propia.folio])
    expect(all).not.toContain('Secreto')
    expect(all.match(/Persona Única/g)).toHaveLength(2)
    const { body: own } = await archivo(titular, 'colonia=alcance', { contacto: 'si' })
    expect(folios(own)).toEqual([propia.folio])
    expect(own).not.toContain('Persona Única')
    expect((await archivo(validador, 'colonia=alcance')).body).not.toContain('Persona Única')
    expect((await titular.get('/admin/exportar?colonia=alcance')).body).not.toContain('name="contacto"')
  })

  it('is of who asked for it alone, and of what there was when they did', async () => {
    const { folio } = await con('Antes')
    const url = await pedir(validador, 'colonia=antes')
    const { folio: later } = await con('Antes')
    const { body } = await validador.get(`${url}/archivo`)
    expect([body.includes(folio), body.includes(later)]).toEqual([true, false])
    for (const path of ['', '/avance', '/archivo']) expect((await titular.get(url + path)).statusCode).toBe(404)
    expect((await validador.get('/admin/exportar/otra')).statusCode).toBe(404)
  })

  it('says how far it went, and is written down with what was asked but not who was searched for', async () => {
    await con('Bitácora')
    const url = await pedir(validador, 'colonia=bitacora&q=unica')
    expect((await validador.get(`${url}/avance`)).body).toContain('aquí verá cuánto lleva')
    await validador.get(`${url}/archivo`)
    expect((await validador.get(`${url}/avance`)).body).toContain('se envió completo: 1 petición')
    const lines = await sql<{ action: string; detail: { consulta?: string; hechas?: number } }>(
      panel.database.fork(),
      'select action, detail from audit where object_id = $1 order by id',
      [url.split('/').at(-1)],
    )
    expect(lines.map(({ action }) => action)).toEqual([
      'peticiones.exportar',
      'peticiones.exportar.descargar',
      'peticiones.exportar.fin',
    ])
    expect(lines[0]?.detail.consulta).toBe('q=%E2%80%A6&colonia=bitacora')
    expect(lines[2]?.detail.hechas).toBe(1)
  })

  it('says so when the connection was cut, or its process died, and can be asked for again', async () => {
    const { peticionId } = await con('Cortada')
    await sql(panel.database.fork(), COPIAS, [peticionId])
    const url = await pedir(validador, 'colonia=cortada')
    const base = await panel.app.listen({ port: 0, host: '127.0.0.1' })
    const request = get(`${base}${url}/archivo`, { headers: { cookie: validador.cookie } })
    const [answer]: IncomingMessage[] = await once(request, 'response')
    await once(answer ?? request, 'data')
    request.destroy()
    const state = () =>
      sqlOne<{ status: string; hechas: number }>(
        panel.database.fork(),
        'select status, hechas from exportacion where id = $1',
        [url.split('/').at(-1)],
      )
    await until(async () => (await state())?.status === 'interrupted', { every: 20, timeout: 10_000 })
    expect((await state())?.hechas).toBeLessThan(20_001)
    expect((await validador.get(`${url}/avance`)).body).toContain('El envío se interrumpió')

    await sql(
      panel.database.fork(),
      "update exportacion set status = 'running', touched_at = now() - interval '2 minutes'",
    )
    expect((await validador.get(`${url}/avance`)).body).toContain('El envío se interrumpió')
    const { body } = await validador.get(`${url}/archivo`)
    expect(body.split('\r\n')).toHaveLength(20_003)
    expect((await validador.get(`${url}/avance`)).body).toContain('se envió completo: 20,001 peticiones')
  })

  it('of nothing, or of nonsense, is not begun', async () => {
    expect((await validador.get('/admin/exportar?colonia=nowhere')).body).toContain('No hay nada que exportar')
    expect((await validador.post('/admin/exportar', { formato: 'exe', consulta: '' })).statusCode).toBe(400)
  })
})

const COPIAS = `
insert into peticion (folio, clave_hash, estado, categoria, dependencia_id, medio, asunto, descripcion, colonia, prioridad, plazo_dias, vence_el)
select 'COPIA-' || i, '\\x00', estado, categoria, dependencia_id, medio, asunto, repeat(descripcion || ' ', 20), colonia, prioridad, plazo_dias, vence_el
  from peticion, generate_series(1, 20000) i where id = $1`
