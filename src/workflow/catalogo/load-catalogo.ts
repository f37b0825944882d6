import type { EntityManager } from '@mikro-orm/postgresql'
import { hasCode } from '../../runtime/problem.ts'
import { sql } from '../../runtime/sql.ts'
import type { Catalogo } from './catalogo.ts'
import { upsert } from './catalogo-tablas.ts'
import type { Regla } from './municipio.ts'

/** What became of the rows that the file no longer has: codes, and names of colonias. */
export interface CargaDelCatalogo {
  borradas: string[]
  retiradas: string[]
}

/** What PostgreSQL says when a row is still pointed at. */
const EN_USO = '23503'

/**
 * Makes the tables `dependencia`, `categoria`, `colonia` and the configured rows of `regla_canalizacion` say what the
 * files say, in one transaction; running it again changes nothing, and processes that start together take turns.
 * A row that the file no longer has, or a category that it calls closed, is deleted, or retired when anything points at it; it comes
 * back with the file.
 */
export function loadCatalogo(
  em: EntityManager,
  catalogo: Catalogo,
  reglas: readonly Regla[],
): Promise<CargaDelCatalogo> {
  return em.fork().transactional((tx) => cargarCatalogo(tx, catalogo, reglas))
}

/** The same in the transaction of `tx`. */
export async function cargarCatalogo(
  tx: EntityManager,
  catalogo: Catalogo,
  reglas: readonly Regla[],
): Promise<CargaDelCatalogo> {
  const abiertas = catalogo.categorias.filter((one) => !one.cerrada)
  await sql(tx, `select pg_advisory_xact_lock(hashtext('canaliza-catalogo'))`)
  await sql(tx, 'delete from regla_canalizacion where de_configuracion')
  await upsert(
    tx,
    'dependencia',
    catalogo.dependencias.map(({ codigo, ...one }) => ({ ...one, id: codigo })),
  )
  await upsert(tx, 'categoria', categoriasEnOrden({ ...catalogo, categorias: abiertas }))
  await upsert(tx, 'colonia', catalogo.colonias)
  const carga: CargaDelCatalogo = { borradas: [], retiradas: [] }
  await drop(
    tx,
    'categoria',
    abiertas.map((one) => one.codigo),
    carga,
  )
  await drop(
    tx,
    'dependencia',
    catalogo.dependencias.map((one) => one.codigo),
    carga,
  )
  await dropColonias(tx, catalogo, carga)
  await insertReglas(tx, reglas)
  return carga
}

/** As the menu shows them: by group, then as the file has them. */
function categoriasEnOrden({ categorias, grupos }: Catalogo) {
  return grupos
    .flatMap((grupo) =>
      categorias.filter((one) => one.grupo === grupo.codigo).map((one) => ({ ...one, grupo: grupo.nombre })),
    )
    .map(({ codigo, dependencia, ...one }, orden) => ({ ...one, id: codigo, dependencia_id: dependencia, orden }))
}

/** The database knows what points at a row, tables of later versions included: so ask it by deleting. */
async function drop(
  tx: EntityManager,
  table: 'categoria' | 'dependencia',
  keep: string[],
  carga: CargaDelCatalogo,
): Promise<void> {
  const below = table === 'dependencia' ? 'order by depende_de nulls last' : ''
  const gone = await sql<{ id: string }>(tx, `select id from ${table} where id <> all($1) ${below}`, [keep])
  for (const { id } of gone) {
    const deleted = await tryDelete(tx, table, id)
    if (!deleted) await sql(tx, `update ${table} set retirada_at = now() where id = $1 and retirada_at is null`, [id])
    carga[deleted ? 'borradas' : 'retiradas'].push(id)
  }
}

async function tryDelete(tx: EntityManager, table: string, id: string): Promise<boolean> {
  try {
    await tx.transactional((savepoint) => sql(savepoint, `delete from ${table} where id = $1`, [id]))
    return true
  } catch (error) {
    if (hasCode(error, EN_USO)) return false
    throw error
  }
}

/** Petitions hold a colonia by its name, so nothing in the database protects it. */
async function dropColonias(tx: EntityManager, { colonias }: Catalogo, carga: CargaDelCatalogo): Promise<void> {
  const vanished =
    'not exists (select 1 from jsonb_to_recordset($1) as x(nombre text, cp text) where x.nombre = c.nombre and x.cp = c.cp)'
  const used = 'exists (select 1 from peticion p where p.colonia = c.nombre)'
  const keys = [JSON.stringify(colonias)]
  const borradas = await sql<{ nombre: string }>(
    tx,
    `delete from colonia c where ${vanished} and not ${used} returning nombre`,
    keys,
  )
  const retiradas = await sql<{ nombre: string }>(
    tx,
    `update colonia c set retirada_at = coalesce(retirada_at, now()) where ${vanished} returning nombre`,
    keys,
  )
  carga.borradas.push(...borradas.map((one) => one.nombre))
  carga.retiradas.push(...retiradas.map((one) => one.nombre))
}

async function insertReglas(tx: EntityManager, reglas: readonly Regla[]): Promise<void> {
  await sql(
    tx,
    `insert into regla_canalizacion (orden, categoria, colonia, dependencia_id, de_configuracion)
     select orden, categoria, colonia, dependencia, true
       from jsonb_to_recordset($1) as x(orden integer, categoria text, colonia text, dependencia text)`,
    [JSON.stringify(reglas.map((regla, orden) => ({ ...regla, orden })))],
  )
}
