import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../../runtime/sql.ts'
import type { Actor } from '../../actor.ts'
import { abrirAclaracion, aclaracionAbierta, type ContextoDePlazo } from '../aclaracion.ts'
import { abrir, asentar, type Movido } from '../paso.ts'
import { DatoInvalido, requerido } from '../rechazos.ts'

/** Asks the citizen, one question at a time; meanwhile the plazo does not run. @throws {DatoInvalido} where nobody would hear it. */
export async function preguntar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { texto: string; version?: number | undefined },
  ctx: ContextoDePlazo,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'preguntar', ctx, datos.version)
  const texto = requerido(datos.texto, 'texto')
  if (await aclaracionAbierta(em, peticionId)) throw new DatoInvalido('pregunta')
  if (!(await seLePuedePreguntar(em, peticionId))) throw new DatoInvalido('direccion')
  const venceEl = await abrirAclaracion(em, paso.peticion, texto, ctx)
  return asentar(em, paso, { cambios: { venceEl }, notaPublica: texto })
}

/** Is there an address, does it let us write to it, and does it want to hear of this? */
export async function seLePuedePreguntar(em: EntityManager, peticionId: number): Promise<boolean> {
  const oye = await sqlOne(
    em,
    `select 1 from peticion p join address a on a.id = p.address_id
      where p.id = $1 and not p.anonima and a.blocked_at is null and a.avisos_baja_at is null`,
    [peticionId],
  )
  return oye !== undefined
}
