import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { opcional, requerido } from '../rechazos.ts'

/** CONCLUIDO → VALIDADO: UAC compared the answer with the facts and accepts it. */
export async function validar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { nota?: string | undefined; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'validar', ctx, datos.version)
  return asentar(em, paso, { cambios: { validadaAt: paso.at }, nota: opcional(datos.nota) })
}

/** What an answer that does not stand leaves empty; the history keeps it. */
export const SIN_RESPUESTA = {
  resuelto: null,
  accionEjecutada: null,
  observacion: null,
  concluidaAt: null,
  validadaAt: null,
} as const

/** CONCLUIDO → PROCESO: UAC does not accept the answer; the enlace reads why. */
export async function rechazar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { motivo: string; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'rechazar', ctx, datos.version)
  const nota = requerido(datos.motivo, 'motivo')
  return asentar(em, paso, { cambios: SIN_RESPUESTA, nota })
}
