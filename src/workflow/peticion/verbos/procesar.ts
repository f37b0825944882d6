import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { atarAdjuntos, exigirAdjunto } from '../adjuntos-de-peticion.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'

/** RECIBIDO → PROCESO: the signed formato (id of an attachment of this petition with that use) is there. */
export async function procesar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { formato: string; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'procesar', ctx, datos.version)
  const formato = await exigirAdjunto(em, peticionId, datos.formato, 'formato')
  const movido = await asentar(em, paso, { datos: { adjunto: formato } })
  await atarAdjuntos(em, movido.movimientoId, [formato])
  return movido
}
