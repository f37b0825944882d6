import type { Logger } from 'pino'
import type { Database } from '../../runtime/database.ts'
import { isDatabaseAway } from '../../runtime/database-away.ts'
import { inTurn } from '../../runtime/in-turn.ts'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { personalActivo } from '../personal.ts'
import type { Contexto } from '../peticion/paso.ts'
import { Conflicto, DatoInvalido, FueraDeAlcance, Rechazo } from '../peticion/rechazos.ts'
import { deshacerSiguiente } from './deshacer-una.ts'
import { hacerSiguiente } from './hacer-una.ts'
import { type Lote, leerLote, lotesPendientes } from './lote.ts'

/** What going on with a lot needs. */
export interface LoteDeps {
  database: Database
  log: Logger
  now(): Date
}

/**
 * Goes on with an act on many petitions, or with taking it back, until nothing of it waits or `bastante` says so: each petition in a
 * transaction of its own, by the rights its author has now. Two processes at it share the work; run again it does nothing twice.
 * @returns whether nothing waits any more. @throws when the database is away.
 */
export async function seguirLote(deps: LoteDeps, id: string, bastante: () => boolean = () => false): Promise<boolean> {
  const em = deps.database.fork()
  const lote = await leerLote(em, id)
  if (!lote) return true
  const actor = (await personalActivo(em)).find((one) => one.id === lote.usuarioId)
  if (!actor) {
    await sql(em, `update lote_peticion set resultado = 'fuera' where lote_id = $1 and resultado is null`, [id])
    return true
  }
  if (lote.deshechoAt) await detener(deps, lote)
  const una = lote.deshechoAt ? unaVuelta : unaHecha
  for (;;) {
    if (!(await una(deps, lote, actor))) return true
    if (bastante()) return false
  }
}

/** Goes on with every act that waits for somebody to, also behind one that fails. @throws at the end, for those that failed. */
export async function seguirLotes(deps: LoteDeps): Promise<void> {
  const ids = await lotesPendientes(deps.database.fork())
  await inTurn(ids.map((id) => () => seguirLote(deps, id)))
}

async function unaHecha({ database, log, now }: LoteDeps, lote: Lote, actor: UsuarioActor): Promise<boolean> {
  const intento: { peticionId?: number } = {}
  const ctx: Contexto = { ahora: now() }
  try {
    const done = await database.fork().transactional((em) => hacerSiguiente(em, lote, actor, ctx, intento))
    return done !== undefined
  } catch (error) {
    if (isDatabaseAway(error) || intento.peticionId === undefined) throw error
    if (!(error instanceof Rechazo)) log.error({ err: error, lote: lote.id }, 'a petition of a lot failed')
    await sql(
      database.fork(),
      'update lote_peticion set resultado = $3 where lote_id = $1 and peticion_id = $2 and resultado is null',
      [lote.id, intento.peticionId, codigoDe(error)],
    )
    return true
  }
}

async function unaVuelta({ database, now }: LoteDeps, lote: Lote, actor: UsuarioActor): Promise<boolean> {
  const done = await database.fork().transactional((em) => deshacerSiguiente(em, lote, actor, { ahora: now() }))
  return done !== undefined
}

/** What was not done yet when it was taken back is never done. */
async function detener({ database }: LoteDeps, { id }: Lote): Promise<void> {
  await sql(
    database.fork(),
    `update lote_peticion set resultado = 'detenida' where lote_id = $1 and resultado is null`,
    [id],
  )
}

function codigoDe(error: unknown): string {
  if (error instanceof FueraDeAlcance) return 'fuera'
  if (error instanceof Conflicto) return 'conflicto'
  if (error instanceof DatoInvalido) return `falta_${error.falta}`
  return error instanceof Rechazo ? 'no_permitido' : 'fallo'
}
