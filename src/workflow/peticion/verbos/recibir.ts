import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'

/** CANALIZADO → RECIBIDO: an enlace of the dependencia saw the detail, and is who works it when nobody was. */
export async function recibir(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'recibir', ctx, datos.version)
  const enlaceId = paso.peticion.enlaceId ?? (actor.tipo === 'usuario' ? actor.id : null)
  return asentar(em, paso, { cambios: { enlaceId } })
}
