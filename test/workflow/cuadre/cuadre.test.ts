import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { cuadrar } from '../../../src/workflow/cuadre/cuadre.ts'
import { ayuntamiento, registrarDe, vecina } from '../ayuntamiento.ts'

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
})
