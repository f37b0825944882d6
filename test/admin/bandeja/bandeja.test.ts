import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  validador = await panel.logIn(['validador'], 'UAC')
})

const folios = (body: string) => [...body.matchAll(/class="folio">(UAC-[\d-]+)</g)].map(([, folio]) => folio)

describe('the tray', () => {
  it('shows a filter across all states, its parts to take away one by one, and its counts', async () => {
    const { folio } = await llegada(panel, { ...BACHE, datos: { ...BACHE.datos, colonia: 'Las Palmas' } })
    const { folio: otro } = await llegada(panel, { ...BACHE, datos: { ...BACHE.datos, colonia: 'Miramar' } })
    const { body } = await enlace.get('/admin?colonia=las+pálmas&situacion=pendientes')
    expect(folios(body)).toEqual([folio])
    expect(body).toContain('Canalizado <span class="cuenta">1</span>')
    expect(body).toContain('href="/admin?situacion=pendientes" aria-label="Quitar Colonia')
    expect(folios((await enlace.get('/admin?situacion=pendientes')).body)).toContain(otro)
    expect((await enlace.get('/admin?situacion=vencidas')).body).toContain('Ninguna petición cumple el filtro')
  })

  it('marks what is new or changed since the visit before, and leads back to the last filter', async () => {
    const quien = await panel.logIn(['enlace'], 'OP')
    const { folio: vieja, peticionId } = await llegada(panel)
    await quien.get('/admin?situacion=pendientes')
    expect((await quien.get('/admin?q=juarez&situacion=vencidas')).body).not.toContain('>Nueva<')
    await sql(panel.database.fork(), "update vistazo set at = now() - interval '2 hours' where usuario_id = $1", [
      quien.usuarioId,
    ])
    await sql(
      panel.database.fork(),
      "update peticion set registrada_at = now() - interval '3 hours', actualizada_at = now() where id = $1",
      [peticionId],
    )
    const { folio: nueva } = await llegada(panel)
    const { body } = await quien.get('/admin?estado=CANALIZADO')
    const row = (folio: string) =>
      body.slice(body.indexOf(`>${folio}<`), body.indexOf('</li>', body.indexOf(`>${folio}<`)))
    expect([row(nueva).includes('>Nueva<'), row(vieja).includes('>Nueva<'), row(vieja).includes('>Cambió<')]).toEqual([
      true,
      false,
      true,
    ])
    expect(body).toContain('href="/admin?situacion=pendientes">Volver a su último filtro')
  })

  it('ignores what makes no sense in its address', async () => {
    const { statusCode } = await enlace.get("/admin?situacion=x&del=2026-99-99&enlace=1e99&categoria='&despues=%00")
    expect(statusCode).toBe(400)
    expect((await enlace.get("/admin?situacion=x&del=2026-99-99&enlace=1e99&categoria='&estado=Z")).statusCode).toBe(
      200,
    )
  })

  it('keeps filters for who made them, by name, and lets them go', async () => {
    await enlace.post('/admin/filtros', { nombre: 'Las <mías>', consulta: 'situacion=vencidas&estado=PROCESO&otra=1' })
    await enlace.post('/admin/filtros', { nombre: 'Las <mías>', consulta: 'situacion=por_vencer' })
    const { body } = await enlace.get('/admin')
    expect(body).toContain('<a href="/admin?situacion=por_vencer">Las &lt;mías&gt;</a>')
    expect((await validador.get('/admin')).body).not.toContain('mías')
    const id = /admin\/filtros\/(\d+)\/borrar/.exec(body)?.[1] ?? ''
    await validador.post(`/admin/filtros/${id}/borrar`)
    expect((await enlace.get('/admin')).body).toContain('mías')
    await enlace.post(`/admin/filtros/${id}/borrar`)
    expect((await enlace.get('/admin')).body).not.toContain('mías')
    expect((await enlace.post('/admin/filtros', { nombre: 'Nada', consulta: 'x=1' })).statusCode).toBe(400)
  })

  it('lays the same filter on the map, without what is reservada or not in reach', async () => {
    const ubicacion = { latitud: 22.39, longitud: -97.94 }
    const { folio } = await llegada(panel, { ...BACHE, ubicacion, descripcion: 'Bache del mapa' })
    const { folio: reservada } = await llegada(panel, { ...BACHE, ubicacion, descripcion: 'Bache del mapa' })
    await sql(panel.database.fork(), 'update peticion set reservada = true where folio = $1', [reservada])
    const puntos = async (who: Navegador) =>
      (await who.get('/admin/mapa.json?q=del+mapa'))
        .json<{ puntos: { folio: string }[] }>()
        .puntos.map((one) => one.folio)
    expect(await puntos(validador)).toEqual([folio])
    expect(await puntos(await panel.logIn(['enlace'], 'TV'))).toEqual([])
    expect((await enlace.get('/admin?q=del+mapa&vista=mapa')).body).toContain(
      'data-puntos="/admin/mapa.json?q=del+mapa"',
    )
  })

  it('leads whoever values to what waits for it, which cannot be directed before, one or many at once', async () => {
    const { folio, peticionId } = await llegada(panel, BACHE)
    await sql(
      panel.database.fork(),
      "update peticion set estado = 'REGISTRADO', valoracion = 'pendiente' where id = $1",
      [peticionId],
    )
    expect((await validador.get('/admin')).body).toContain('Una petición espera valoración')
    expect((await enlace.get('/admin')).body).not.toContain('espera valoración')
    const { body } = await validador.get('/admin?situacion=por_valorar')
    expect([body.includes(folio), body.includes('Por valorar')]).toEqual([true, true])
    expect((await validador.get(`/admin/lotes/nuevo?p=${peticionId}`)).body).not.toContain('value="canalizar"')
  })

  it('says that short words are looked for among the newest alone', async () => {
    expect((await enlace.get('/admin?q=ba')).body).toContain('se busca solo entre las más recientes')
    expect((await enlace.get('/admin?q=bache')).body).not.toContain('se busca solo entre las más recientes')
  })
})
