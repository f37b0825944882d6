import { beforeAll, describe, expect, it } from 'vitest'
import { resumir, totalizar } from '../../../src/admin/tableros/tablero-consulta.ts'
import type { Medida } from '../../../src/admin/tableros/tablero-filas.ts'
import { sql } from '../../../src/runtime/sql.ts'
import type { UsuarioActor } from '../../../src/workflow/actor.ts'
import type { Filtro } from '../../../src/workflow/peticion/filtro.ts'
import { ponerSumasAlDia } from '../../../src/workflow/peticion/sumas.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
const HOY = '2026-11-22'
const inhabiles = new Set(['2026-11-16'])
const medida = (ancho: Medida['ancho'], days: ReadonlySet<string> = inhabiles): Medida => ({
  marco: { prefijo: 'UAC', zona: 'America/Mexico_City', hoy: HOY, porVencerDias: 3 },
  inhabiles: days,
  ancho,
})
const actor = (roles: UsuarioActor['roles'], dependencia: string): UsuarioActor => ({
  tipo: 'usuario',
  id: 1,
  roles,
  dependenciaId: dependencia,
  dependencias: [dependencia],
})
const ACTORES = [
  actor(['validador'], 'UAC'),
  actor(['administrador'], 'UAC'),
  actor(['titular'], 'OP'),
  actor(['titular', 'enlace'], 'COMAPA'),
  actor(['comunicacion'], 'UAC'),
]
const FILTROS: [Filtro, Medida['ancho']][] = [
  [{ desde: '2026-01-01', hasta: '2026-11-22' }, 'month'],
  [{ desde: '2026-03-15', hasta: '2026-10-07' }, 'month'],
  [{ desde: '2026-09-01', hasta: '2026-11-22' }, 'week'],
  [{ desde: '2026-11-01', hasta: '2026-11-22' }, 'day'],
  [{ desde: '2026-01-01', hasta: '2026-11-22', dependencia: 'OP' }, 'month'],
  [{ desde: '2026-01-01', hasta: '2026-11-22', dependencia: null }, 'month'],
  [{ desde: '2026-01-01', hasta: '2026-11-22', medio: 'telegram' }, 'month'],
]

const em = () => panel.database.fork()
const alDia = (days: ReadonlySet<string> = inhabiles) =>
  ponerSumasAlDia(panel.database, { zona: 'America/Mexico_City', inhabiles: days, hoy: HOY })

/** What each of them is told of each filter. */
async function tableros(days: ReadonlySet<string> = inhabiles) {
  const all: unknown[] = []
  for (const who of ACTORES) {
    for (const [filtro, ancho] of FILTROS) {
      all.push(
        await resumir(em(), who, filtro, medida(ancho, days)),
        await totalizar(em(), who, filtro, medida(ancho, days)),
      )
    }
  }
  return all
}

/** The same, when there are no sums. */
async function verdad(days: ReadonlySet<string> = inhabiles) {
  await sql(em(), 'alter table suma_mes rename to suma_mes_aparte')
  await sql(em(), 'create table suma_mes (like suma_mes_aparte)')
  const all = await tableros(days)
  await sql(em(), 'drop table suma_mes')
  await sql(em(), 'alter table suma_mes_aparte rename to suma_mes')
  return all
}

// Petitions as different as a year makes them, from numbers that look random and are not.
const VARIAS = `
update peticion set
  registrada_at = timestamptz '2026-01-03 01:30-06' + (id * 37 % 323) * interval '1 day' + (id % 24) * interval '1 hour',
  dependencia_id = (array['OP', 'COMAPA', 'OP', null, 'SSP'])[1 + id % 5], medio = (array['telegram', 'messenger', 'presencial'])[1 + id % 3],
  colonia = (array['Miramar', 'MÍRAMAR', 'Centro', null])[1 + id % 4], reservada = id % 7 = 0,
  estado = (array['PROCESO', 'VALIDADO', 'CONCLUIDO', 'CANALIZADO', 'ORIENTADA', 'VALIDADO'])[1 + id % 6],
  vence_el = '2026-11-10'::date + (id % 30)::integer`
const RESPUESTAS = `
update peticion set resuelto = id % 3 > 0, concluida_at = registrada_at + (id % 19) * interval '1 day'
 where estado in ('VALIDADO', 'CONCLUIDO')`
const OPINIONES = `
insert into encuesta (peticion_id, resuelto, calificacion, medio, at)
select id, true, 1 + id % 5, 'telegram', now() from peticion where id % 4 = 1`

beforeAll(async () => {
  panel = await startPanel()
  await panel.logIn(['enlace'], 'OP')
  for (let at = 0; at < 60; at++) await llegada(panel, BACHE)
  await sql(em(), VARIAS)
  await sql(em(), RESPUESTAS)
  await sql(em(), OPINIONES)
})

describe('the sums of the dashboards', () => {
  it('say what the rows say, for everybody and every period', { timeout: 60_000 }, async () => {
    const before = await tableros()
    expect(await alDia()).toBeGreaterThan(30)
    expect(await sql(em(), 'select 1 from suma_cambio limit 1')).toEqual([])
    expect(await tableros()).toEqual(before)
    expect(await verdad()).toEqual(before)
    expect(await alDia()).toBe(0)
  })

  it('say so at once when something changes, before and after they are made anew', { timeout: 60_000 }, async () => {
    await sql(
      em(),
      "update peticion set estado = 'VALIDADO', resuelto = true, concluida_at = registrada_at + interval '2 days' where id % 10 = 0",
    )
    await sql(em(), "update peticion set dependencia_id = 'SSP' where id % 11 = 0")
    await sql(em(), "update peticion set registrada_at = registrada_at - interval '40 days' where id = 17")
    await sql(em(), 'update encuesta set calificacion = 5 where peticion_id % 8 = 1')
    const truth = await verdad()
    expect(await tableros()).toEqual(truth)
    await Promise.all([alDia(), alDia()])
    await alDia()
    expect(await tableros()).toEqual(truth)
  })

  it('hold for one calendar alone: with another day off they are read from the rows, then made again', {
    timeout: 60_000,
  }, async () => {
    const otro = new Set([...inhabiles, '2026-05-04', '2026-06-15'])
    const truth = await verdad(otro)
    expect(await tableros(otro)).toEqual(truth)
    await alDia(otro)
    expect(await tableros(otro)).toEqual(truth)
  })
})
