import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { canalizar } from '../../../src/workflow/peticion/verbos/canalizar.ts'
import { tidy } from '../../../src/workflow/tidy.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo } from '../peticiones.ts'

let panel: TestPanel
let capturista: Navegador
let otra: Navegador
let comunicacion: Navegador
beforeAll(async () => {
  panel = await startPanel()
  capturista = await panel.logIn(['capturista'], 'UAC')
  otra = await panel.logIn(['capturista'], 'UAC')
  comunicacion = await panel.logIn(['comunicacion'])
})

const bache = (mas: Record<string, string> = {}) => ({
  captura: randomUUID(),
  categoria: 'BACHEO',
  medio: 'presencial',
  descripcion: 'Un bache frente a la escuela',
  dato_nombre: 'Persona de Prueba',
  dato_telefono: '833 000 0001',
  dato_colonia: 'Miramar',
  dato_calle: 'Ébano',
  pregunta_tamano: 'Son varios',
  ...mas,
})
const post = (quien: Navegador, url: string, fields: Record<string, string>) =>
  quien.post(url, {}, conArchivo({ _csrf: quien.csrf, ...fields }))
async function capturar(quien: Navegador, fields: Record<string, string>): Promise<string> {
  const answer = await post(quien, '/admin/captura', fields)
  expect(answer.statusCode).toBe(303)
  return String(answer.headers.location).split('/').at(-1) ?? ''
}
const buscar = async (quien: Navegador, telefono: string) =>
  (await quien.post('/admin/captura/personas', { dato_telefono: telefono, categoria: 'BACHEO' })).body
const ciudadanoDe = async (folio: string) =>
  (
    await sqlOne<{ id: number }>(panel.database.fork(), 'select ciudadano_id as id from peticion where folio = $1', [
      folio,
    ])
  )?.id

describe('looking up a person by telephone while capturing', () => {
  it('shows the petitions within reach, what may be the same, and records it without the number', async () => {
    const folio = await capturar(capturista, bache())
    const found = await buscar(otra, '(833) 000-00 01')
    expect(found).toContain(folio)
    expect(found).toContain('¿es la misma?')
    expect(await buscar(otra, '833 000')).not.toContain(folio)
    expect(await buscar(comunicacion, '833 000 0001')).not.toContain(folio)
    const line = await sqlOne<{ detail: { folios: string[] } }>(
      panel.database.fork(),
      "select detail from audit where action = 'captura.buscar_telefono' and usuario_id = $1 order by id desc limit 1",
      [otra.usuarioId],
    )
    expect(line?.detail).toEqual({ folios: [folio] })
  })

  it('never tells of what is reservada', async () => {
    const validador = await panel.logIn(['validador'])
    const { body } = await validador.get('/admin/captura?categoria=APOYO_SOCIAL')
    const papeles = [...body.matchAll(/type="checkbox" name="(requisito_[^"]+)"/g)].map((match) => [
      match[1],
      'Entregado',
    ])
    const preguntas = [
      ...body.matchAll(/name="((?:pregunta|requisito)_[^"]+)" required>[\s\S]*?<option value="([^"]+)">/g),
    ].map((match) => [match[1], match[2]])
    const textos = [...body.matchAll(/name="((?:pregunta|requisito)_[^"]+)" type="text"[^>]* required/g)].map((m) => [
      m[1],
      '3',
    ])
    const fields = bache({ categoria: 'APOYO_SOCIAL', dato_telefono: '833 000 0009' })
    const folio = await capturar(validador, { ...fields, ...Object.fromEntries([...papeles, ...preguntas, ...textos]) })
    expect(await buscar(capturista, '833 000 0009')).not.toContain(folio)
    expect(await buscar(validador, '833 000 0009')).toContain(folio)
  })

  it('gives the petition to the person that is chosen, and to nobody whom the telephone does not lead to', async () => {
    const first = await ciudadanoDe(await capturar(capturista, bache({ dato_telefono: '833 000 0002' })))
    const stranger = await ciudadanoDe(await capturar(capturista, bache({ dato_telefono: '833 000 0003' })))
    const mine = await capturar(otra, bache({ dato_telefono: '8330000002', ciudadano: String(first) }))
    expect(await ciudadanoDe(mine)).toBe(first)
    const forged = await capturar(otra, bache({ dato_telefono: '8330000002', ciudadano: String(stranger) }))
    expect(await ciudadanoDe(forged)).not.toBe(stranger)
  })
})

describe('a capture that waits for what is missing', () => {
  it('keeps what was typed, is taken up by a colleague, and is gone when it became a petition', async () => {
    const captura = randomUUID()
    const fields = bache({ captura, descripcion: 'Le falta traer un papel' })
    await post(capturista, '/admin/captura/pendientes', fields)
    expect((await otra.get('/admin/captura')).body).toContain(`pendiente=${captura}`)
    expect((await comunicacion.get('/admin/captura')).body).not.toContain(captura)
    const again = (await otra.get(`/admin/captura?pendiente=${captura}`)).body
    expect(again).toContain('Le falta traer un papel')
    expect(again).toContain(`name="captura" value="${captura}"`)
    await capturar(otra, fields)
    expect((await otra.get('/admin/captura')).body).not.toContain(captura)
    await post(otra, '/admin/captura/pendientes', fields)
    expect((await otra.get('/admin/captura')).body).not.toContain(captura)
  })

  it('says which requirements are missing; one that is reservada is not shown to colleagues', async () => {
    const captura = randomUUID()
    await post(capturista, '/admin/captura/pendientes', bache({ captura, categoria: 'APOYO_SOCIAL' }))
    expect((await capturista.get('/admin/captura')).body).toMatch(/Falta: \S/)
    expect((await otra.get('/admin/captura')).body).not.toContain(captura)
    expect((await otra.post(`/admin/captura/pendientes/${captura}/descartar`)).statusCode).toBe(404)
    expect((await capturista.post(`/admin/captura/pendientes/${captura}/descartar`)).statusCode).toBe(303)
    expect((await capturista.get('/admin/captura')).body).not.toContain(captura)
  })

  it('of an anonymous report keeps nothing of the person, and what nobody took up goes after 30 days', async () => {
    const captura = randomUUID()
    await post(capturista, '/admin/captura/pendientes', bache({ captura, categoria: 'RUIDO', anonima: 'si' }))
    const kept = () =>
      sqlOne<{ all: string }>(
        panel.database.fork(),
        'select captura_pendiente::text as all from captura_pendiente where captura = $1',
        [captura],
      )
    expect((await kept())?.all).not.toMatch(/Persona de Prueba|0001/)
    await sql(panel.database.fork(), "update captura_pendiente set actualizada_at = now() - interval '31 days'")
    await tidy(panel.database, panel.files, new Date())
    expect(await kept()).toBeUndefined()
  })
})

describe('the papers', () => {
  it('are a ticket of 80 mm, a letter page and the oficio of canalización', async () => {
    const folio = await capturar(capturista, bache({ modulo: 'retama' }))
    const size = async (url: string) => {
      const answer = await capturista.get(url)
      const text = answer.rawPayload.toString('latin1')
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf'])
      return /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text)?.slice(1, 3).map(Number)
    }
    expect((await size(`/admin/captura/${folio}/turno.pdf`))?.[0]).toBeCloseTo((80 / 25.4) * 72, 0)
    expect(await size(`/admin/captura/${folio}/comprobante.pdf`)).toEqual([612, 792])
    expect(await size(`/admin/peticiones/${folio}/oficio.pdf`)).toEqual([612, 792])
  })

  it('of a petition are in its expediente, with what is missing and how long the dependencia takes', async () => {
    const folio = await capturar(capturista, bache())
    const { body } = await capturista.get(`/admin/peticiones/${folio}`)
    expect(body).not.toContain('t-expediente')
    const row = await sqlOne<{ id: number }>(panel.database.fork(), 'select id from peticion where folio = $1', [folio])
    await panel.database
      .fork()
      .transactional((em) => canalizar(em, row?.id ?? 0, { tipo: 'sistema' }, {}, { ahora: new Date() }))
    expect((await capturista.get(`/admin/peticiones/${folio}`)).body).toMatch(/0 días hábiles, y sigue/)
  })
})
