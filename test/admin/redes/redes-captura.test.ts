import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { answering } from '../../channels/meta/graph-api.ts'
import { filas } from '../../workflow/redes/redes-fixture.ts'
import { fila } from '../peticiones.ts'
import { olvidar, startRedes } from './redes.ts'

const { panel, agente, comentan, hacer, actos, ver } = await startRedes()

describe('turning a comment into a petition', () => {
  const datos = {
    categoria: 'BACHEO',
    descripcion: 'Hay una fuga de agua en la calle Hidalgo',
    medio: 'presencial',
    dato_nombre: 'Persona de Prueba',
    dato_telefono: '8330000001',
    dato_colonia: 'Miramar',
    dato_calle: 'Hidalgo',
    dato_numero: '1',
  }
  /** A valid answer to every question that must be answered. */
  const respuestas = async (categoria: string) => {
    const row = await sqlOne<{ preguntas: { id: string; opciones?: string[]; obligatoria: boolean }[] }>(
      panel.database.fork(),
      'select preguntas from categoria where id = $1',
      [categoria],
    )
    const asked = (row?.preguntas ?? []).filter(({ obligatoria }) => obligatoria)
    return Object.fromEntries(asked.map(({ id, opciones }) => [`pregunta_${id}`, opciones?.[0] ?? 'No']))
  }
  const capturar = async (id: number, more: Record<string, string> = {}, quien = agente) => {
    const answer = await quien.post('/admin/captura', {
      ...datos,
      ...(await respuestas(more.categoria ?? datos.categoria)),
      comentario: String(id),
      captura: randomUUID(),
      ...more,
    })
    return { answer, folio: /captura\/(UAC-[\d-]+)$/.exec(answer.headers.location ?? '')?.[1] ?? '' }
  }

  it('fills the form with what was said, and keeps it with the petition as it was', async () => {
    const id = await comentan()
    const form = (await agente.get(`/admin/captura?comentario=${id}&categoria=BACHEO`)).body
    expect(form).toMatch(/<textarea[^>]*name="descripcion"[^>]*>Hay una fuga de agua/)
    expect(form).toMatch(/name="dato_nombre"[^>]*value="Persona de Prueba"/)
    expect(form).not.toContain('name="anonima"')
    const { folio } = await capturar(id)
    expect((await agente.get(`/admin/captura/${folio}`)).body).toMatch(
      new RegExp(`No publique estos datos[\\s\\S]*href="/admin/redes/${id}"[^>]*>Volver al comentario`),
    )
    const shown = (await agente.get(`/admin/peticiones/${folio}`)).body
    expect(shown).toMatch(
      /Se dijo en público[\s\S]*Hay una fuga de agua[\s\S]*Persona de Prueba[\s\S]*facebook\.com\/1074512345678901/,
    )
    expect(shown).toContain('Facebook')
    expect(await ver(id)).toContain(folio)
    expect(await filas(panel.database)).toMatchObject([{ atendido: true }])
    await comentan('page/comment-edited')
    await comentan('page/comment-removed')
    expect((await agente.get(`/admin/peticiones/${folio}`)).body).not.toContain('Hidalgo 123')
  })

  it('makes one petition though the form is sent twice', async () => {
    const id = await comentan()
    const captura = randomUUID()
    const both = await Promise.all([capturar(id, { captura }), capturar(id, { captura })])
    expect(new Set(both.map(({ folio }) => folio)).size).toBe(1)
    expect(await sql(panel.database.fork(), 'select from peticion_publicacion')).toHaveLength(1)
    expect(await actos(id)).toEqual([{ acto: 'capturar', estado: 'hecho', error: null }])
  })

  it('hides the folio of a reserved one from who may not see it', async () => {
    const id = await comentan()
    const { folio } = await capturar(id)
    await sql(panel.database.fork(), 'update peticion set reservada = true where folio = $1', [folio])
    const body = await ver(id)
    expect([body.includes(folio), body.includes('petición reservada')]).toEqual([false, true])
    const uac = await panel.logIn(['validador'], 'UAC')
    expect((await uac.get(`/admin/redes/${id}`)).body).toContain(folio)
  })

  it('is never anonymous, whatever the form says', async () => {
    const id = await comentan()
    const { folio } = await capturar(id, { categoria: 'CONTAMINACION', anonima: 'si' })
    const row = await sqlOne<{ anonima: boolean; nombre: string }>(
      panel.database.fork(),
      'select anonima, nombre from peticion where folio = $1',
      [folio],
    )
    expect(row).toEqual({ anonima: false, nombre: 'Persona de Prueba' })
  })

  it('tells the person in the conversation that was opened in private, before or after', async () => {
    for (const first of ['privado', 'captura']) {
      await olvidar(panel)
      const id = await comentan()
      const privado = async () => {
        answering('me/messages', 200, { recipient_id: `psid-${first}`, message_id: `m_${first}` })
        await hacer(id, 'privado', { texto: 'Hola' })
      }
      if (first === 'privado') await privado()
      const { folio } = await capturar(id)
      if (first === 'captura') await privado()
      const row = await sqlOne<{ address: string }>(
        panel.database.fork(),
        'select a.external_id as address from peticion p join address a on a.id = p.address_id where p.folio = $1',
        [folio],
      )
      expect(row?.address).toBe(`psid-${first}`)
    }
  })

  it('is not for who does not attend the networks', async () => {
    const id = await comentan()
    const capturista = await panel.logIn(['capturista'], 'UAC')
    expect((await capturista.get(`/admin/captura?comentario=${id}`)).statusCode).toBe(404)
    expect((await capturar(id, {}, capturista)).answer.statusCode).toBe(404)
    expect((await agente.get('/admin/captura?comentario=999999')).statusCode).toBe(404)
  })

  it('gives the folio only in private', async () => {
    const id = await comentan()
    expect(await ver(id)).not.toContain('Dar el folio')
    const { folio } = await capturar(id)
    expect((await agente.get(`/admin/redes/${id}?privada=1`)).body).toMatch(
      new RegExp(`quedó registrado con el folio ${folio}`),
    )
    expect(await fila(panel, folio)).toMatchObject({ estado: 'REGISTRADO' })
  })
})
