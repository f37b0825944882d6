import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { canalizarPendiente } from '../../../src/workflow/peticion/canalizar-pendiente.ts'
import { DatoInvalido, TransicionNoPermitida } from '../../../src/workflow/peticion/rechazos.ts'
import { registrar } from '../../../src/workflow/peticion/registrar.ts'
import { canalizar } from '../../../src/workflow/peticion/verbos/canalizar.ts'
import { valorar } from '../../../src/workflow/peticion/verbos/valorar.ts'
import { AHORA, type Ayuntamiento, ayuntamiento, BACHE, municipio, peticionDe, vecina } from '../ayuntamiento.ts'

const ctx = { ahora: AHORA }

/** A request of a category that the municipality values first. */
async function solicitud({ database }: Ayuntamiento): Promise<number> {
  const who = await vecina(database.fork())
  const deps = {
    municipio: { ...municipio, valoracion: ['BACHEO'] },
    secretKey: 'k'.repeat(40),
    publicUrl: 'http://localhost:3000',
    ahora: AHORA,
  }
  const { peticionId } = await database
    .fork()
    .transactional((em) => registrar(em, BACHE, { tipo: 'chat', ...who, medio: 'telegram' }, deps))
  return peticionId
}

/** Runs what is owed to routing, as the job does. */
async function ruteo({ database }: Ayuntamiento, peticionId: number): Promise<string[]> {
  const rows = await sql<{ id: number }>(
    database.fork(),
    "select id from outbox where kind = 'canalizar' and peticion_id = $1 order by id",
    [peticionId],
  )
  const ended: string[] = []
  for (const { id } of rows) {
    const done = await database
      .fork()
      .transactional((em) =>
        canalizarPendiente(
          em,
          { id, peticionId, movimientoId: 0, kind: 'canalizar', attempts: 1, anonima: false },
          ctx,
        ),
      )
    ended.push(done.status)
  }
  return ended
}

describe('a request that is valued first', () => {
  it('is not directed by anybody before, and goes its way when it is accepted', async () => {
    const town = await ayuntamiento()
    const { database, usuarios } = town
    const id = await solicitud(town)
    expect(await ruteo(town, id)).toEqual(['skipped'])
    await expect(canalizar(database.fork(), id, usuarios.validador, { dependencia: 'OP' }, ctx)).rejects.toThrow(
      TransicionNoPermitida,
    )
    for (const actor of [usuarios.enlaceObras, usuarios.capturista, usuarios.comunicacion]) {
      await expect(valorar(database.fork(), id, actor, { aceptada: true, motivo: 'sí' }, ctx)).rejects.toThrow()
    }
    const accepted = { aceptada: true, motivo: 'Cumple con las reglas' }
    await database.fork().transactional((em) => valorar(em, id, usuarios.validador, accepted, ctx))
    await expect(valorar(database.fork(), id, usuarios.validador, accepted, ctx)).rejects.toThrow(TransicionNoPermitida)
    expect(await ruteo(town, id)).toEqual(['done', 'skipped'])
    expect((await peticionDe(database, id)).estado).toBe('CANALIZADO')
  })

  it('is closed with an explanation to the person when it is not accepted', async () => {
    const town = await ayuntamiento()
    const { database, usuarios } = town
    const id = await solicitud(town)
    const not = { aceptada: false, motivo: 'Ya recibe el apoyo' }
    await expect(database.fork().transactional((em) => valorar(em, id, usuarios.validador, not, ctx))).rejects.toThrow(
      DatoInvalido,
    )
    expect((await peticionDe(database, id)).estado).toBe('REGISTRADO')
    const explained = { ...not, explicacion: 'Usted ya recibe este apoyo este año.' }
    await database.fork().transactional((em) => valorar(em, id, usuarios.validador, explained, ctx))
    expect((await peticionDe(database, id)).estado).toBe('CANCELADO')
    const told = await sqlOne<{ nota: string }>(
      database.fork(),
      "select nota_publica as nota from movimiento where peticion_id = $1 and verbo = 'cancelar'",
      [id],
    )
    expect(told?.nota).toBe('Usted ya recibe este apoyo este año.')
    expect(await ruteo(town, id)).toEqual(['skipped'])
  })
})
