import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { requerido } from '../rechazos.ts'

/** A note among the staff, in any state. */
export async function anotar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { nota: string },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'anotar', ctx)
  return asentar(em, paso, { nota: requerido(datos.nota, 'texto') })
}
