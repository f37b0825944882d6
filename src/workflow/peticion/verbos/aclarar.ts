import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../../runtime/sql.ts'
import type { Actor } from '../../actor.ts'
import { type ContextoDePlazo, cerrarAclaracion, exigirAclaracion } from '../aclaracion.ts'
import { abrir, asentar, type Movido } from '../paso.ts'
import { DatoInvalido } from '../rechazos.ts'
import { type Agregado, exigirAlgo, tomarArchivos } from './comentar.ts'

/** The citizen answers what they were asked; the plazo runs on. @throws {DatoInvalido} when nothing is asked any more. */
export async function aclarar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: Agregado,
  ctx: ContextoDePlazo,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'aclarar', ctx)
  const nota = exigirAlgo(datos)
  const venceEl = await cerrarAclaracion(em, await exigirAclaracion(em, peticionId), 'contestada', ctx)
  const movido = await asentar(em, paso, { nota, ...(venceEl && { cambios: { venceEl } }) })
  await tomarArchivos(em, movido, datos)
  return movido
}

/** Reminds the citizen, once, of what they were asked. @throws {DatoInvalido} when that was done, or nothing is asked. */
export async function recordar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  _datos: Record<string, never>,
  ctx: ContextoDePlazo,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'recordar', ctx)
  const { id, pregunta, recordadaAt } = await exigirAclaracion(em, peticionId)
  if (recordadaAt) throw new DatoInvalido('pregunta')
  await sql(em, 'update aclaracion set recordada_at = $2 where id = $1', [id, paso.at])
  return asentar(em, paso, { notaPublica: pregunta })
}

/** Nobody answered in time: the plazo runs on, and the enlace goes on with what there is. */
export async function reanudar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  _datos: Record<string, never>,
  ctx: ContextoDePlazo,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'reanudar', ctx)
  const venceEl = await cerrarAclaracion(em, await exigirAclaracion(em, peticionId), 'sin_respuesta', ctx)
  return asentar(em, paso, venceEl ? { cambios: { venceEl } } : {})
}
