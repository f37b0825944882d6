import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let validador: Navegador
let titular: Navegador
let enlaceId: number
beforeAll(async () => {
  panel = await startPanel()
  validador = await panel.logIn(['validador'], 'UAC')
  titular = await panel.logIn(['titular'], 'OP')
  enlaceId = (await panel.logIn(['enlace'], 'OP')).usuarioId
  await makeOctober()
})

/** Received on Thursday 1 October 2026 and answered so many days later; `set` says how it stands. */
async function october(set: string, dependencia = 'OP', colonia: string | null = 'Miramar'): Promise<void> {
  const { peticionId } = await llegada(panel, { ...BACHE, ubicacion: { latitud: 22.3928, longitud: -97.9403 } })
  await sql(
    panel.database.fork(),
    `update peticion set registrada_at = '2026-10-01T10:00-06', dependencia_id = $2, colonia = $3, enlace_id = null where id = $1`,
    [peticionId, dependencia, colonia],
  )
  await sql(panel.database.fork(), `update peticion set ${set} where id = $1`, [peticionId])
}

const answered = (day: number, resuelto = true) =>
  `estado = 'VALIDADO', resuelto = ${resuelto}, concluida_at = '2026-10-${String(day).padStart(2, '0')}T23:30-06'`

async function makeOctober(): Promise<void> {
  // Working days from Thursday the 1st: to Friday the 2nd 1, to Monday the 5th 2, to Friday the 9th 6.
  await october(answered(2))
  await october(answered(5), 'OP', 'MÍRAMAR')
  await october(`${answered(9, false)}, enlace_id = ${enlaceId}`)
  await october("estado = 'PROCESO', vence_el = '2026-10-10'")
  await october("estado = 'CANALIZADO', vence_el = '2099-01-01'", 'COMAPA', null)
  await october("estado = 'PROCESO', reservada = true, vence_el = '2026-10-10'", 'COMAPA')
  await sql(
    panel.database.fork(),
    `insert into movimiento (peticion_id, verbo, actor) select id, 'reabrir', 'ciudadano' from peticion where resuelto = false`,
  )
  await october("registrada_at = '2026-09-15T10:00-06', estado = 'PROCESO', vence_el = '2026-09-20'")
}

const OCTUBRE = 'del=2026-10-01&al=2026-10-31'
const cifra = (body: string, name: string) =>
  new RegExp(`<strong>([^<]+)</strong> ${name.replace(/[()]/g, '\\$&')}</`).exec(
    body.slice(body.indexOf('t-periodo')),
  )?.[1]
const cifras = (body: string) =>
  [
    'Recibidas',
    'Pendientes',
    'Vencidas',
    'Resueltas',
    'No resueltas',
    'Reabiertas',
    'Mediana (días hábiles)',
    '9 de cada 10 en (días hábiles)',
  ].map((name) => cifra(body, name))

describe('the dashboard', () => {
  it('counts the petitions of a period, in working days, beside those of the month before', async () => {
    const { body } = await validador.get(`/admin/tablero?${OCTUBRE}`)
    expect(cifras(body)).toEqual(['6', '3', '2', '2', '1', '1', '2', '6'])
    expect(body).toContain('antes 1<')
  })

  it('shows a head of a dependencia their own alone, and nothing reservada', async () => {
    const { body } = await titular.get(`/admin/tablero?${OCTUBRE}`)
    expect(cifras(body)).toEqual(['4', '1', '1', '2', '1', '1', '2', '6'])
    expect(body).not.toContain('COMAPA')
    const { body: others } = await titular.get(`/admin/tablero?${OCTUBRE}&dependencia=COMAPA`)
    expect(others).toContain('No se recibió ninguna petición')
  })

  it('opens behind every number the petitions it counts', async () => {
    for (const who of [validador, titular]) {
      const { body } = await who.get(`/admin/tablero?${OCTUBRE}`)
      const links = [...body.matchAll(/href="(\/admin\?[^"]+)"[^>]*>(?:<strong>)?(\d+)</g)]
      expect(links.length).toBeGreaterThan(20)
      for (const [, url = '', number] of links) {
        const tray = await who.get(url.replaceAll('&amp;', '&'))
        const rows = tray.body.split('<li class="fila').length - 1
        expect([url, rows]).toEqual([url, Number(number)])
      }
    }
  })

  it('takes a colonia as one however it was written, and names what has none', async () => {
    const { body } = await validador.get(`/admin/tablero?${OCTUBRE}`)
    expect(body).toContain('colonia=miramar')
    expect(body).toContain('colonia=-')
    const { body: none } = await validador.get(`/admin?${OCTUBRE}&colonia=-`)
    expect(none.split('<li class="fila').length - 1).toBe(1)
  })

  it('lays squares on the map without what is reservada', async () => {
    const celdas = (await validador.get(`/admin/tablero/mapa.json?${OCTUBRE}`)).json()
    expect(celdas).toEqual([expect.objectContaining({ n: 5, vencidas: 1 })])
  })

  it('gives the month as a paper, and writes down who took it', async () => {
    const answer = await titular.get(`/admin/tablero/informe.pdf?${OCTUBRE}`)
    expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    expect((await validador.get('/admin/tablero/informe.pdf?del=2020-01-01&al=2020-01-31')).statusCode).toBe(200)
    expect(answer.headers['content-disposition']).toContain('informe-2026-10-01-a-2026-10-31.pdf')
    const rows = await sql(
      panel.database.fork(),
      `select usuario_id as "by" from audit where action = 'tablero.informe' order by id limit 1`,
    )
    expect(rows).toEqual([{ by: titular.usuarioId }])
  })

  it('tells what was asked that is not the town’s, and how people rated, to whoever sees it', async () => {
    const em = panel.database.fork()
    await sql(
      em,
      `insert into orientacion (categoria_id, medio, at) select id, 'telegram', '2026-10-05T12:00-06' from categoria order by id limit 1`,
    )
    await sql(
      em,
      `insert into encuesta (peticion_id, resuelto, calificacion, medio, at)
       select id, true, 4, 'telegram', now() from peticion where resuelto and registrada_at > '2026-10-01' order by id limit 1`,
    )
    const { body } = await validador.get(`/admin/tablero?${OCTUBRE}`)
    expect(body).toContain('Lo que preguntan y no es del municipio')
    expect([cifra(body, 'Calificadas por la persona'), cifra(body, 'Satisfacción (de 1 a 5)')]).toEqual(['1', '4'])
    expect((await validador.get(`/admin?${OCTUBRE}&situacion=opinadas`)).body.split('<li class="fila').length - 1).toBe(
      1,
    )
    expect((await titular.get(`/admin/tablero?${OCTUBRE}`)).body).not.toContain('no es del municipio')
  })

  it('says so when there is nothing', async () => {
    expect((await validador.get('/admin/tablero?del=2020-01-01&al=2020-01-31')).body).toContain('No se recibió ninguna')
    expect((await validador.get('/admin/tablero?del=x&al=y')).statusCode).toBe(200)
  })
})
