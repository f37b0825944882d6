import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, deber, type Movido } from '../paso.ts'
import { requerido } from '../rechazos.ts'
import { cancelar } from './cancelar.ts'

/** What the interview came to. */
export interface Valoracion {
  aceptada: boolean
  /** For the staff. */
  motivo: string
  /** For the citizen; mandatory when it was not accepted. */
  explicacion?: string | undefined
  version?: number | undefined
}

/**
 * The *valoración* of a request for social help, which waits for it in REGISTRADO. Accepted, it is directed as any other;
 * not accepted, it is closed by `cancelar` in the same transaction, and the citizen is told why.
 */
export async function valorar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  { aceptada, motivo, explicacion, version }: Valoracion,
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'valorar', ctx, version)
  const nota = requerido(motivo, 'motivo')
  const paraLaPersona = aceptada ? '' : requerido(explicacion, 'explicacion')
  const movido = await asentar(em, paso, {
    cambios: { valoracion: aceptada ? 'aceptada' : 'no_aceptada' },
    nota,
    datos: { aceptada },
  })
  if (!aceptada) return cancelar(em, peticionId, actor, { motivo: nota, explicacion: paraLaPersona }, ctx)
  const outbox = [...movido.outbox, await deber(em, 'canalizar', paso.peticion, movido.movimientoId)]
  return { ...movido, outbox }
}
