import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { DatoInvalido, requerido } from '../rechazos.ts'
import { SIN_RESPUESTA } from './validar.ts'

const DIA = 24 * 3_600_000

/** VALIDADO → PROCESO: the citizen says, within so many days of the validation, that it was not solved. */
export async function reabrir(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { motivo: string; version?: number | undefined },
  ctx: Contexto & { reaperturaDias: number },
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'reabrir', ctx, datos.version)
  const nota = requerido(datos.motivo, 'motivo')
  if (!dentroDeVentana(paso.peticion.validadaAt, ctx)) throw new DatoInvalido('ventana')
  return asentar(em, paso, { cambios: SIN_RESPUESTA, nota })
}

/** Is it still time to say that what was validated then was not solved? */
export function dentroDeVentana(
  validadaAt: Date | null | undefined,
  { ahora, reaperturaDias }: Contexto & { reaperturaDias: number },
): boolean {
  return ahora.getTime() <= (validadaAt?.getTime() ?? 0) + reaperturaDias * DIA
}
