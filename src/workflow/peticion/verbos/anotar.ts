import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { avisarMencion } from '../../avisos-personales/de-movimiento.ts'
import { guardarMenciones, mencionables, mencionadosEn } from '../menciones.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { DatoInvalido, requerido } from '../rechazos.ts'

/** A note among the staff, in any state; `@somebody` in it calls them to the petition. Never sent to the citizen. */
export async function anotar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { nota: string },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'anotar', ctx)
  const nota = requerido(datos.nota, 'texto')
  const mencionados = nota.includes('@') ? mencionadosEn(nota, await mencionables(em, paso.peticion)) : []
  if (!mencionados) throw new DatoInvalido('mencion')
  const movido = await asentar(em, paso, { nota })
  if (mencionados.length > 0) {
    await guardarMenciones(em, movido.movimientoId, mencionados)
    await avisarMencion(em, paso.peticion, { movimientoId: movido.movimientoId, at: paso.at }, mencionados)
  }
  return movido
}
