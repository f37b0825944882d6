import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { revisarPlazos } from '../../../src/workflow/peticion/revisar-plazos.ts'
import { ayuntamiento, registrarDe, vecina } from '../ayuntamiento.ts'

it('notes once in the history that the plazo of an open petition ended', async () => {
  const town = await ayuntamiento()
  const em = town.database.fork()
  const { peticionId, venceEl } = await registrarDe(town, await vecina(em))
  const on = (day: string) => revisarPlazos(town.database.fork(), new Date(`${day}T18:00:00Z`))
  expect(await on(venceEl)).toBe(0)
  expect(await on('2027-06-01')).toBe(1)
  expect(await on('2027-06-02')).toBe(0)
  const history = await sql<{ verbo: string }>(em, 'select verbo from movimiento where peticion_id = $1 order by id', [
    peticionId,
  ])
  expect(history.map((one) => one.verbo)).toEqual(['registrar', 'vencer'])
})
