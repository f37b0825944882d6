import { expect, it, vi } from 'vitest'
import type { Database } from '../../../src/runtime/database.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { readYaml } from '../../../src/runtime/yaml-config.ts'
import { catalogoSchema } from '../../../src/workflow/catalogo/catalogo.ts'
import { loadCatalogo } from '../../../src/workflow/catalogo/load-catalogo.ts'
import { recorrerPlazos } from '../../../src/workflow/configuracion/recorrer-plazos.ts'
import { bloquearConReunidas } from '../../../src/workflow/peticion/verbos/concluir-reunidas.ts'
import { ayuntamiento, municipio, registrarDe, vecina } from '../ayuntamiento.ts'

const catalogo = await readYaml('config/catalogo.yaml', catalogoSchema)
const esperan = async (database: Database) =>
  (
    await sqlOne<{ n: number }>(
      database.fork(),
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
  )?.n

it('a publication waits for nobody who saves a petition of a category that it changes', async () => {
  const town = await ayuntamiento()
  const { database } = town
  const { peticionId } = await registrarDe(town, await vecina(database.fork()))
  const saving = database.fork()
  await saving.begin()
  // As `recanalizar` does: from now on the row of its dependencia, and of its category, must not go away.
  await sql(saving, `update peticion set dependencia_id = 'COMAPA', categoria = 'AGUA_FUGA' where id = $1`, [
    peticionId,
  ])
  const changed = structuredClone(catalogo)
  for (const one of [...changed.categorias, ...changed.dependencias]) one.nombre = `${one.nombre} nuevo`
  await database.fork().transactional(async (em) => {
    await sql(em, `set local lock_timeout = '4s'`)
    await loadCatalogo(em, changed, municipio.reglas)
  })
  await saving.rollback()
  expect(await sqlOne(database.fork(), `select nombre from categoria where id = 'AGUA_FUGA'`)).toMatchObject({
    nombre: expect.stringMatching(/ nuevo$/),
  })
})

it('whoever locks several petitions does so in one order: a publication, and the answer of those gathered under one', async () => {
  const town = await ayuntamiento()
  const { database } = town
  const [reunida, otra] = [await vecina(database.fork()), await vecina(database.fork())]
  const primera = (await registrarDe(town, reunida)).peticionId
  const principal = (await registrarDe(town, otra)).peticionId
  // The later one leads, and by its place in the table it is the first one that is found.
  await sql(database.fork(), 'update peticion set principal_id = $2 where id = $1', [primera, principal])
  const lockers = [
    (em: ReturnType<Database['fork']>) => bloquearConReunidas(em, principal),
    (em: ReturnType<Database['fork']>) =>
      recorrerPlazos(em, { antes: new Set(), despues: new Set(['2026-11-24']), zona: 'America/Mexico_City' }),
  ]
  for (const locker of lockers) {
    const holds = database.fork()
    await holds.begin()
    await sql(holds, 'select 1 from peticion where id = $1 for no key update', [primera])
    const waiting = database.fork().transactional(async (em) => void (await locker(em)))
    await vi.waitFor(async () => expect(await esperan(database)).toBe(1))
    // It holds nothing that comes later.
    expect(await sql(holds, 'select 1 from peticion where id = $1 for no key update nowait', [principal])).toHaveLength(
      1,
    )
    await holds.commit()
    await waiting
  }
})
