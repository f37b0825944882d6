import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../../runtime/sql.ts'
import type { Actor } from '../../actor.ts'
import { atarAdjuntos, exigirAdjunto } from '../adjuntos-de-peticion.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { DatoInvalido, opcional, requerido } from '../rechazos.ts'

/** The enlace's answer to ¿Resuelto? */
export interface Conclusion {
  resuelto: boolean
  /** One of the category's `acciones`. */
  accion: string
  /** For the UAC. */
  observacion: string
  /** For the citizen; mandatory when it was not solved. */
  explicacion?: string | undefined
  /** Attachment with the dependencia's answer on paper, when UAC concludes for it. */
  oficio?: string | undefined
  version?: number | undefined
}

/** → CONCLUIDO: by the enlace from PROCESO, or by UAC for a dependencia that answered by oficio. */
export async function concluir(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: Conclusion,
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'concluir', ctx, datos.version)
  const accion = await exigirAccion(em, paso.peticion.categoria, datos.accion)
  const observacion = requerido(datos.observacion, 'observacion')
  const explicacion = datos.resuelto ? opcional(datos.explicacion) : requerido(datos.explicacion, 'explicacion')
  const oficio = paso.transicion.conOficio && (await exigirAdjunto(em, peticionId, datos.oficio, 'oficio'))
  const { resuelto } = datos
  const movido = await asentar(em, paso, {
    cambios: { resuelto, accionEjecutada: accion, observacion, concluidaAt: paso.at },
    nota: observacion,
    notaPublica: explicacion,
    datos: { resuelto, accion, ...(oficio ? { adjunto: oficio } : {}) },
  })
  if (oficio) await atarAdjuntos(em, movido.movimientoId, [oficio])
  return movido
}

async function exigirAccion(em: EntityManager, categoria: string, accion: string): Promise<string> {
  const known = await sqlOne(em, 'select 1 from categoria where id = $1 and $2 = any(acciones)', [categoria, accion])
  if (!known) throw new DatoInvalido('accion')
  return accion
}
