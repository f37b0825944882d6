import { expect, it } from 'vitest'
import { createMetrics } from '../../../src/runtime/metrics.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { cuadrar } from '../../../src/workflow/cuadre/cuadre.ts'
import { cuadreMetrica } from '../../../src/workflow/cuadre/cuadre-metrica.ts'
import { AHORA, ayuntamiento, registrarDe, vecina } from '../ayuntamiento.ts'

const ZONA = 'America/Mexico_City'
const DIA = '2026-11-22'

it('the ledger of a day tells what became of everything, and what nothing explains', async () => {
  const town = await ayuntamiento()
  const em = town.database.fork()
  const quien = await vecina(em)
  await registrarDe(town, quien)
  const mensaje = (direction: string, status: string, seq: number | null) =>
    sql(
      em,
      `insert into message (channel, account, direction, conversation_id, seq, kind, body, status, handled_at, created_at)
       values ('telegram', 'default', $1, $2, $3, 'text', '{}', $4, now(), '2026-11-22T18:00:00Z')`,
      [direction, quien.conversationId, seq, status],
    )
  await mensaje('in', 'handled', 1)
  await mensaje('out', 'sent', 2)
  await mensaje('in', 'handled', 3)
  await mensaje('in', 'received', null)
  await mensaje('out', 'failed', 4)
  const cuadre = await cuadrar(em, DIA, ZONA)
  expect(cuadre.partidas).toEqual(
    expect.arrayContaining([
      { cuenta: 'entrantes', partida: 'contestado', n: 2 },
      { cuenta: 'entrantes', partida: 'espera_turno', n: 1 },
      { cuenta: 'salientes', partida: 'enviado', n: 1 },
      { cuenta: 'salientes', partida: 'failed', n: 1 },
      { cuenta: 'peticiones', partida: 'por_canalizar', n: 1 },
    ]),
  )
  expect(cuadre).toMatchObject({ totales: { entrantes: 3, salientes: 2, peticiones: 1 }, sinExplicar: 0 })
  expect((await cuadrar(em, '2026-11-21', ZONA)).partidas).toEqual([])

  await mensaje('in', 'handled', null)
  await sql(em, 'delete from outbox')
  expect((await cuadrar(em, DIA, ZONA)).sinExplicar).toBe(2)

  // Whoever scrapes while it is added up waits for that sum.
  let asked = 0
  const fork = () => {
    asked += 1
    return town.database.fork()
  }
  const metrics = createMetrics()
  cuadreMetrica(metrics, { ...town.database, fork }, ZONA, () => AHORA)
  const scrapes = await Promise.all(
    [1, 2, 3].map(() => metrics.registry.getSingleMetricAsString('canaliza_ledger_unexplained')),
  )
  for (const one of scrapes) expect(one).toContain('{day="today"} 2')
  expect(asked).toBe(2)
})
