import type { EntityManager } from '@mikro-orm/postgresql'
import type { Uso } from '../../conversation/attachment.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { DatoInvalido } from './rechazos.ts'

/**
 * The petition has this file for this use, and it was not refused.
 * @throws {DatoInvalido} otherwise.
 */
export async function exigirAdjunto(
  em: EntityManager,
  peticionId: number,
  adjunto: string | undefined,
  uso: Extract<Uso, 'formato' | 'oficio'>,
): Promise<string> {
  const found = await sqlOne<{ id: string }>(
    em,
    `select id from attachment where id::text = $1 and peticion_id = $2 and uso = $3 and status in ('pending', 'stored')`,
    [adjunto ?? '', peticionId, uso],
  )
  if (!found) throw new DatoInvalido(uso)
  return found.id
}

/** Ties files of the petition to the movimiento they belong to. */
export async function atarAdjuntos(em: EntityManager, movimientoId: number, adjuntos: string[]): Promise<void> {
  if (adjuntos.length === 0) return
  await sql(em, 'update attachment set movimiento_id = $1 where id = any($2::uuid[])', [movimientoId, adjuntos])
}
