import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import type { FileStore } from '../../channels/channel.ts'
import type { Database } from '../../runtime/database.ts'
import { reasonOf } from '../../runtime/problem.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { contarPorDepurar, depurarBitacora } from '../bitacora/depurar.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { borrarCaja, CAJA_LIBRE, CONSTANCIA } from './borrar.ts'
import { CLASES, type ClaseDef } from './clases.ts'
import { borrarPorEdad, contarPorEdad, EDADES } from './edades.ts'
import { encerrar, porRegla } from './encerrar.ts'

/** What the rules of retention need. */
export interface RetencionDeps {
  database: Database
  files: Pick<FileStore, 'delete'>
  municipio: Municipio
  secretKey: string
  ahora: Date
}

/** By kind: what was, or would be, blocked and erased. */
export type Cuenta = Record<string, { bloqueados: number; borrados: number }>

/** As many of a kind as one run blocks, and erases; the next one follows within the hour. */
const DE_UNA_VEZ = 200

const hace = (meses: number, ahora: Date): Date =>
  DateTime.fromJSDate(ahora, { zone: 'utc' }).minus({ months: meses }).toJSDate()

/**
 * Blocks what is due, then erases what was blocked long enough ago and what goes by age: a transaction each, at most `maximo` of a
 * kind. Ended at any moment, or run twice at once, nothing is lost or left half done.
 * @throws {AggregateError} at the end, when some could not be blocked, or their files deleted: they wait, and all else was done.
 */
export async function aplicarRetencion(deps: RetencionDeps, maximo = DE_UNA_VEZ): Promise<Cuenta> {
  const cuenta: Cuenta = {}
  const fallas: unknown[] = []
  for (const def of CLASES) {
    const bloqueados = await bloquearVencidos(deps, def, maximo, fallas)
    const borrados = await borrarVencidos(deps, def, maximo, fallas)
    cuenta[def.clase] = { bloqueados, borrados }
  }
  for (const edad of EDADES) {
    const corte = hace(deps.municipio.retencion[edad.meses], deps.ahora)
    cuenta[edad.clase] = { bloqueados: 0, borrados: await borrarPorEdad(deps.database.fork(), edad, corte, deps.ahora) }
  }
  cuenta.bitacora = { bloqueados: 0, borrados: await borrarBitacora(deps) }
  if (fallas.length > 0)
    throw new AggregateError(
      fallas,
      `${fallas.length} could not be blocked or erased and wait for the next run: ${reasonOf(fallas[0])}`,
    )
  return cuenta
}

/** What `aplicarRetencion` would do now, were it not limited; changes nothing. */
export async function simularRetencion({ database, municipio, ahora }: RetencionDeps): Promise<Cuenta> {
  const em = database.fork()
  const cuenta: Cuenta = {}
  for (const def of CLASES) {
    const { bloquear, cajas } = cortes(municipio, def, ahora)
    const porBloquear = await sqlOne<{ n: number }>(em, `select count(*)::int as n from (${def.vencidos}) v`, [
      bloquear,
    ])
    const porBorrar = await sqlOne<{ n: number }>(em, `select count(*)::int as n ${CAJAS}`, [def.clase, cajas])
    cuenta[def.clase] = { bloqueados: porBloquear?.n ?? 0, borrados: porBorrar?.n ?? 0 }
  }
  for (const edad of EDADES) {
    const corte = hace(municipio.retencion[edad.meses], ahora)
    cuenta[edad.clase] = { bloqueados: 0, borrados: await contarPorEdad(em, edad, corte) }
  }
  const bitacora = await contarPorDepurar(em, hace(municipio.retencion.bitacora_meses, ahora))
  cuenta.bitacora = { bloqueados: 0, borrados: bitacora }
  return cuenta
}

/** Before which moment it must have ended to be blocked, and been blocked to be erased. */
function cortes(municipio: Municipio, { plazo }: ClaseDef, ahora: Date): { bloquear: Date; cajas: Date } {
  const { bloquear_tras_meses, borrar_tras_meses } = municipio.retencion[plazo]
  return { bloquear: hace(bloquear_tras_meses, ahora), cajas: hace(borrar_tras_meses - bloquear_tras_meses, ahora) }
}

async function bloquearVencidos(
  deps: RetencionDeps,
  def: ClaseDef,
  maximo: number,
  fallas: unknown[],
): Promise<number> {
  const { database, municipio, secretKey, ahora } = deps
  const { bloquear: corte } = cortes(municipio, def, ahora)
  const ids = await sql<{ id: number }>(
    database.fork(),
    `${def.vencidos} order by ${def.primero ?? '1'} limit ${maximo}`,
    [corte],
  )
  let bloqueados = 0
  for (const { id } of ids) {
    const bloquear = async (em: EntityManager) => {
      if (!(await siguePendiente(em, def, id, corte))) return false
      return (await encerrar(em, def, id, { regla: 'retencion' }, { corte, ahora, secretKey })).filas > 0
    }
    const hecho = await database
      .fork()
      .transactional(bloquear)
      .catch((error) => void fallas.push(error))
    if (hecho) bloqueados += 1
  }
  return bloqueados
}

/** One run at a time does an object; a hold that is being set, and what is being written to the object, are waited for. */
async function siguePendiente(em: EntityManager, def: ClaseDef, id: number, corte: Date): Promise<boolean> {
  await sql(em, 'select pg_advisory_xact_lock(hashtext($1), $2::bigint::int)', [`retencion ${def.clase}`, id % 2 ** 31])
  await sql(em, 'lock table retencion_legal in share mode')
  if (def.cerrojo) await sql(em, def.cerrojo, [id])
  return (await sqlOne(em, `select 1 from (${def.vencidos}) v where v.id = $2`, [corte, id])) !== undefined
}

async function borrarVencidos(deps: RetencionDeps, def: ClaseDef, maximo: number, fallas: unknown[]): Promise<number> {
  const { database, files, municipio, ahora } = deps
  const { cajas } = cortes(municipio, def, ahora)
  const ids = await sql<{ id: string }>(database.fork(), `select b.id ${CAJAS} order by b.at limit ${maximo}`, [
    def.clase,
    cajas,
  ])
  let borrados = 0
  for (const { id } of ids) {
    const hecho = await borrarCaja(database.fork(), files, id, ahora).catch((error) => void fallas.push(error))
    if (hecho) borrados += 1
  }
  return borrados
}

const borrarBitacora = ({ database, municipio, secretKey, ahora }: RetencionDeps): Promise<number> =>
  database.fork().transactional(async (em) => {
    await porRegla(em)
    const n = await depurarBitacora(em, hace(municipio.retencion.bitacora_meses, ahora), secretKey)
    if (n > 0) await sql(em, CONSTANCIA, [ahora, 'bitacora', 'retencion', n, 0, null, null])
    return n
  })

// What a person asked to be erased does not wait for its term: only a death half-way left it here.
const CAJAS = `from bloqueo b where b.clase = $1 and (b.at < $2 or b.regla = 'arco') and ${CAJA_LIBRE}`
