import { DateTime } from 'luxon'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../src/runtime/sql.ts'
import { BACHE } from '../workflow/ayuntamiento.ts'
import { startPanel, type TestPanel } from './panel.ts'
import { llegada } from './peticiones.ts'

let panel: TestPanel
beforeAll(async () => {
  panel = await startPanel()
})

const enHoras = (hours: number) =>
  DateTime.now().setZone('America/Mexico_City').plus({ hours }).toFormat("yyyy-MM-dd'T'HH:mm")
const AVISO = { texto: 'Se cierra Ébano por obra.', categoria: 'BACHEO', colonias: 'Nuevo Madero\nLa Inventada' }
const publicados = () =>
  sql<{ texto: string; colonias: string[] }>(
    panel.database.fork(),
    'select texto, colonias from aviso_activo order by id',
    [],
  )

describe('a notice of what is known already', () => {
  it('is shown to UAC with who will hear it before it is published, counted and taken back', async () => {
    await llegada(panel, BACHE)
    const validador = await panel.logIn(['validador'])
    await validador.get('/admin/avisos-activos')
    const campos = { ...AVISO, hasta: enHoras(5) }
    const revisa = await validador.post('/admin/avisos-activos', campos)
    expect(revisa.statusCode).toBe(200)
    for (const dicho of ['Revise antes de publicar', '1 petición', 'La Inventada', 'A nadie se le escribe ahora'])
      expect(revisa.body).toContain(dicho)
    expect(await publicados()).toEqual([])
    const hecho = await validador.post('/admin/avisos-activos', { ...campos, confirmo: 'si' })
    expect(hecho.statusCode).toBe(303)
    expect(await publicados()).toEqual([{ texto: AVISO.texto, colonias: ['nuevo madero', 'la inventada'] }])
    const pagina = await validador.get('/admin/avisos-activos')
    expect(pagina.body).toContain('Terminarlo ahora')
    expect(pagina.body).toContain('Nuevo Madero, la inventada')
    const id = /avisos-activos\/(\d+)\/retirar/.exec(pagina.body)?.[1]
    expect((await validador.post(`/admin/avisos-activos/${id}/retirar`)).statusCode).toBe(303)
    expect((await validador.post(`/admin/avisos-activos/${id}/retirar`)).statusCode).toBe(404)
    expect((await validador.get('/admin/avisos-activos')).body).toContain('Retirado')
    const acts = await sql<{ action: string }>(
      panel.database.fork(),
      `select action from audit where object_type = 'aviso_activo' order by id`,
      [],
    )
    expect(acts.map(({ action }) => action)).toEqual(['aviso_activo.publicar', 'aviso_activo.retirar'])
  })

  it.each([
    ['an end that has passed', { hasta: enHoras(-1) }, 'Esa hora ya pasó'],
    ['an end far away', { hasta: enHoras(24 * 70) }, 'A lo más 60 días'],
    ['no end', { hasta: 'mañana' }, 'Escriba el día y la hora'],
    ['no text', { texto: ' ' }, 'Escriba algo aquí'],
    ['a reserved category', { categoria: 'QUEJA_SERVIDOR' }, 'Escriba algo aquí'],
  ])('is refused with %s, and what was typed stays', async (_what, cambio, dicho) => {
    const capturista = await panel.logIn(['capturista'])
    await capturista.get('/admin/avisos-activos')
    const antes = await publicados()
    const campos = { ...AVISO, hasta: enHoras(5), confirmo: 'si', ...cambio }
    const { statusCode, body } = await capturista.post('/admin/avisos-activos', campos)
    expect(statusCode).toBe(422)
    expect(body).toContain(dicho)
    expect(body).toContain('La Inventada')
    expect(await publicados()).toEqual(antes)
  })
})
