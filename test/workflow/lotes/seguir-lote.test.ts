import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { crearLote, type Lote, pedirDeshacer, resultadosDe } from '../../../src/workflow/lotes/lote.ts'
import { seguirLote, seguirLotes } from '../../../src/workflow/lotes/seguir-lote.ts'
import { ayuntamiento, BACHE, registrarDe, vecina } from '../ayuntamiento.ts'
import { silent } from '../way-fixture.ts'

it('an act that cannot be gone on with holds back no other', async () => {
  const town = await ayuntamiento()
  const { database, usuarios } = town
  const em = database.fork()
  const { peticionId } = await registrarDe(town, await vecina(em), BACHE)
  const deps = { database, log: silent, now: () => new Date() }
  const pedir = async (verbo: Lote['verbo'], datos: Lote['datos']) => {
    const id = randomUUID()
    const lote = { id, usuarioId: usuarios.validador.id, verbo, datos, ahora: new Date() }
    await crearLote(em, lote, [{ id: peticionId, version: 1 }])
    return id
  }
  const roto = await pedir('canalizar', {})
  await seguirLote(deps, roto)
  await sql(em, `update lote_peticion set antes = antes || '{"estado": "NINGUNO"}'`)
  await pedirDeshacer(em, roto, usuarios.validador.id, new Date())
  const otro = await pedir('anotar', { nota: 'Se revisa hoy' })

  await expect(seguirLotes(deps)).rejects.toThrow('estado')
  expect(await resultadosDe(em, otro)).toMatchObject([{ resultado: 'hecha' }])
})
