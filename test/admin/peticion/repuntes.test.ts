import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { sumarse } from '../../../src/workflow/avisos/sumados.ts'
import { BACHE, vecina } from '../../workflow/ayuntamiento.ts'
import { RESUELTO } from '../../workflow/hacer.ts'
import { startPanel, type TestPanel } from '../panel.ts'
import { conArchivo, fila, llegada, PDF } from '../peticiones.ts'

let panel: TestPanel
beforeAll(async () => {
  panel = await startPanel()
})

/** Five reports of one trouble; gives their folios, oldest first. */
async function repunte(colonia: string): Promise<string[]> {
  const folios: string[] = []
  for (let i = 0; i < 5; i++)
    folios.push((await llegada(panel, { ...BACHE, datos: { ...BACHE.datos, colonia } })).folio)
  return folios
}

describe('many petitions of one kind in one colonia', () => {
  it('are offered to UAC, gathered once under the oldest, and concluded with it when the enlace says so', async () => {
    const enlace = await panel.logIn(['enlace'], 'OP')
    const [primera = '', ...otras] = await repunte('Nuevo Madero')
    const validador = await panel.logIn(['validador'])
    expect((await validador.get('/admin')).body).toContain('Hay un repunte')
    expect((await validador.get('/admin/repuntes')).body).toContain('5 peticiones')
    const uno = { categoria: 'BACHEO', clave: 'nuevo madero' }
    const hecho = await validador.post('/admin/repuntes/reunir', uno)
    expect(hecho.headers.location).toBe(`/admin/peticiones/${primera}?hecho=reunir`)
    const otraVez = await validador.post('/admin/repuntes/reunir', uno)
    expect(otraVez.headers.location).toBe('/admin/repuntes?nada=si')
    expect((await validador.get('/admin/repuntes')).body).toContain('No hay repuntes')

    const antes = await fila(panel, primera)
    await sql(panel.database.fork(), `update peticion set estado = 'PROCESO' where folio = $1`, [primera])
    const pagina = await enlace.get(`/admin/peticiones/${primera}`)
    expect(pagina.body).toContain('Concluir también 4 peticiones')
    const { accion, observacion } = RESUELTO
    const campos = { version: String(antes?.version), resuelto: 'si', accion, observacion, reunidas: 'si' }
    const { payload, headers } = conArchivo({ ...campos, _csrf: enlace.csrf }, PDF)
    const respuesta = await enlace.post(`/admin/peticiones/${primera}/concluir`, {}, { payload, headers })
    expect(respuesta.statusCode).toBe(303)
    for (const folio of [primera, ...otras]) {
      expect(await fila(panel, folio)).toMatchObject({ estado: 'CONCLUIDO', resuelto: true, observacion })
    }
    const avisos = await sql<{ n: number }>(
      panel.database.fork(),
      `select count(*) as n from outbox o join movimiento m on m.id = o.movimiento_id where o.kind = 'notificar' and m.verbo = 'concluir'`,
      [],
    )
    expect(avisos).toEqual([{ n: 5 }])
  })

  it('stay as they are when only the one is concluded, and a new one joins those gathered before', async () => {
    const [primera = ''] = await repunte('Miramar')
    const validador = await panel.logIn(['validador'])
    const uno = { categoria: 'BACHEO', clave: 'miramar' }
    await validador.post('/admin/repuntes/reunir', uno)
    const nueva = await llegada(panel, { ...BACHE, datos: { ...BACHE.datos, colonia: 'Miramar' } })
    expect((await validador.get('/admin/repuntes')).body).toContain(primera)
    const hecho = await validador.post('/admin/repuntes/reunir', uno)
    expect(hecho.headers.location).toBe(`/admin/peticiones/${primera}?hecho=reunir`)
    expect((await validador.get(`/admin/peticiones/${nueva.folio}`)).body).toContain('Se atiende con')
  })
})

it('neighbours who joined are counted in the tray and on the page', async () => {
  const { folio } = await llegada(panel, { ...BACHE, datos: { ...BACHE.datos, colonia: 'Villerías' } })
  const em = panel.database.fork()
  for (let i = 0; i < 2; i++) await sumarse(em, (await vecina(em)).addressId, folio, new Date())
  const validador = await panel.logIn(['validador'])
  expect((await validador.get('/admin?estado=CANALIZADO&colonia=Viller%C3%ADas')).body).toContain('+2 vecinos')
  expect((await validador.get(`/admin/peticiones/${folio}`)).body).toContain('+2 vecinos')
})
