import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { requerido } from '../rechazos.ts'

/** → ORIENTADA: it is not the municipality's; `texto` tells the citizen who serves it. */
export async function orientar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { texto: string; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'orientar', ctx, datos.version)
  return asentar(em, paso, { notaPublica: requerido(datos.texto, 'texto') })
}
