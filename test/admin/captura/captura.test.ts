import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { folioConClave } from '../../../src/workflow/peticion/claves.ts'
import { type Navegador, SECRET_KEY, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo, PDF } from '../peticiones.ts'

let panel: TestPanel
let capturista: Navegador
beforeAll(async () => {
  panel = await startPanel()
  capturista = await panel.logIn(['capturista'], 'UAC')
})

const bache = () => ({
  captura: randomUUID(),
  categoria: 'BACHEO',
  medio: 'presencial',
  programa: '',
  modulo: 'retama',
  descripcion: 'Un bache frente a la escuela',
  dato_nombre: 'Rosa Martínez',
  dato_telefono: '833 123 4567',
  dato_colonia: 'Miramar',
  dato_calle: 'Ébano',
  pregunta_tamano: '',
})

const capturar = (fields: Record<string, string>, archivo?: { name: string; bytes: Uint8Array }) =>
  capturista.post('/admin/captura', {}, conArchivo({ _csrf: capturista.csrf, ...fields }, archivo))

const cuantas = async () =>
  (await sqlOne<{ n: number }>(panel.database.fork(), 'select count(*) as n from peticion'))?.n

/** The form as the page asks it, with something in every field that must be filled. */
async function completa(categoria: string): Promise<Record<string, string>> {
  const { body } = await capturista.get(`/admin/captura?categoria=${categoria}`)
  const selects = [
    ...body.matchAll(
      /<select id="[^"]+" name="((?:pregunta|requisito)_[^"]+)" required>[\s\S]*?<option value="([^"]+)">/g,
    ),
  ]
  const inputs = [
    ...body.matchAll(
      /<input id="[^"]+" name="((?:pregunta|requisito|dato)_[^"]+)" type="(text|tel|email|date)"[^>]* required/g,
    ),
  ]
  return {
    ...bache(),
    categoria,
    ...Object.fromEntries(selects.map((match) => [match[1], match[2]])),
    ...Object.fromEntries(inputs.map((match) => [match[1], match[2] === 'date' ? '2026-11-01' : '12'])),
  }
}

describe('capturing a petition at the counter', () => {
  it('gives folio, clave and turno at once, and the clave opens the public page', async () => {
    const fields = await completa('BACHEO')
    const answer = await capturar(fields)
    expect(answer.statusCode).toBe(303)
    const page = (await capturista.get(String(answer.headers.location))).body
    const folio = /UAC-\d\d-\d{6}-\d/.exec(page)?.[0] ?? ''
    const clave = /<dd class="secreto">([2-9A-Z]{8})<\/dd>/.exec(page)?.[1] ?? ''
    expect(page).toMatch(/<dd class="secreto">R-001<\/dd>/)
    const known = { secretKey: SECRET_KEY, prefijo: 'UAC' }
    expect(await folioConClave(panel.database.fork(), { folio, clave }, known)).toBe(folio)
    const turno = await capturista.get(`/admin/captura/${folio}/turno.pdf`)
    expect([turno.headers['content-type'], turno.rawPayload.subarray(0, 5).toString()]).toEqual([
      'application/pdf',
      '%PDF-',
    ])
  })

  it('makes one petition however often the same form is sent', async () => {
    const fields = await completa('BACHEO')
    const before = (await cuantas()) ?? 0
    const answers = await Promise.all([capturar(fields), capturar(fields), capturar(fields)])
    expect(new Set(answers.map((one) => one.headers.location)).size).toBe(1)
    expect(await cuantas()).toBe(before + 1)
  })

  it('asks what the category asks, and loses nothing that was typed', async () => {
    const answer = await capturar({ ...bache(), dato_colonia: '', medio: '', descripcion: 'Lo que me costó escribir' })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('Lo que me costó escribir')
    expect(answer.body).toContain('Elija por dónde llegó')
    expect(answer.body).toMatch(/id="dato_colonia-error"/)
  })

  it('keeps the photographs and the papers', async () => {
    const fields = await completa('APOYO_SOCIAL')
    const without = await capturar(fields)
    expect(without.body).toContain('Sin él no se puede registrar')
    const body = (await capturista.get('/admin/captura?categoria=APOYO_SOCIAL')).body
    const papeles = [...body.matchAll(/type="checkbox" name="(requisito_[^"]+)"/g)].map((match) => match[1])
    const handed = Object.fromEntries(papeles.map((name) => [name, 'Entregado en papel']))
    expect((await capturar({ ...fields, ...handed, captura: randomUUID() })).statusCode).toBe(303)

    const photo = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#555' } })
      .png()
      .toBuffer()
    const form = conArchivo({ _csrf: capturista.csrf, ...(await completa('BACHEO')) }, { name: 'a.png', bytes: photo })
    const renamed = Buffer.from(form.payload.toString('latin1').replace('name="archivo"', 'name="fotos"'), 'latin1')
    const answer = await capturista.post('/admin/captura', {}, { ...form, payload: renamed })
    const folio = String(answer.headers.location).split('/').at(-1)
    const kept = await sql(
      panel.database.fork(),
      "select 1 from attachment a join peticion p on p.id = a.peticion_id where p.folio = $1 and a.uso = 'evidencia'",
      [folio],
    )
    expect(kept).toHaveLength(1)
  })

  it('of an anonymous report keeps nothing of the person, whatever was typed', async () => {
    const fields = {
      ...(await completa('RUIDO')),
      anonima: 'si',
      dato_nombre: 'Quien no debe saberse',
      dato_telefono: '8331112233',
    }
    const answer = await capturar(fields)
    const folio = String(answer.headers.location).split('/').at(-1)
    const row = await sqlOne<{ todo: string }>(
      panel.database.fork(),
      'select peticion::text as todo from peticion where folio = $1',
      [folio],
    )
    expect(row?.todo).not.toMatch(/Quien no debe|8331112233/)
  })

  it('shows folio and clave to nobody but who captured it', async () => {
    const answer = await capturar(await completa('BACHEO'))
    const url = String(answer.headers.location)
    const other = await panel.logIn(['capturista'], 'UAC')
    const validador = await panel.logIn(['validador'], 'UAC')
    for (const browser of [other, validador]) {
      expect((await browser.get(url)).statusCode).toBe(404)
      expect((await browser.get(`${url}/turno.pdf`)).statusCode).toBe(404)
    }
  })

  it('refuses a subject, medio or módulo that the municipality does not have', async () => {
    const fields = await completa('BACHEO')
    for (const wrong of [
      { categoria: 'NADA' },
      { medio: 'telegram' },
      { modulo: 'luna' },
      { programa: 'x' },
      { captura: 'x' },
    ]) {
      expect((await capturar({ ...fields, captura: randomUUID(), ...wrong })).statusCode).toBe(422)
    }
    expect((await capturar({ ...fields, captura: randomUUID() }, { ...PDF, name: 'x' })).statusCode).toBe(303)
  })
})
