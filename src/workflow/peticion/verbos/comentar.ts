import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../../runtime/sql.ts'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { DatoInvalido, opcional } from '../rechazos.ts'

/** What the citizen adds: words, files of their conversation, or both. */
export interface Agregado {
  texto?: string | undefined
  /** Ids of attachments; only those of this conversation that belong to no petition yet are taken. */
  archivos?: readonly string[] | undefined
  conversationId?: number | undefined
}

/** The citizen adds something to a petition that is open; the staff reads it in its history. @throws {DatoInvalido} for nothing. */
export async function comentar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: Agregado,
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'comentar', ctx)
  const movido = await asentar(em, paso, { nota: exigirAlgo(datos) })
  await tomarArchivos(em, movido, datos)
  return movido
}

/** The words; undefined when there are only files. */
export function exigirAlgo({ texto, archivos = [] }: Agregado): string | undefined {
  const nota = opcional(texto)
  if (nota === undefined && archivos.length === 0) throw new DatoInvalido('texto')
  return nota
}

/** Files go from the conversation to the petition: an id that somebody names is no permission. */
export async function tomarArchivos(
  em: EntityManager,
  { peticionId, movimientoId }: Movido,
  { archivos = [], conversationId }: Agregado,
): Promise<void> {
  if (archivos.length === 0 || conversationId === undefined) return
  await sql(
    em,
    `update attachment set peticion_id = $1, movimiento_id = $2, uso = 'evidencia'
      where id::text = any($3) and conversation_id = $4 and peticion_id is null`,
    [peticionId, movimientoId, archivos, conversationId],
  )
}
