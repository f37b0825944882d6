import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import type { Contexto } from './paso.ts'
import { diaDe, diasHabilesEntre, vencimiento } from './plazo.ts'
import { DatoInvalido } from './rechazos.ts'

/** What asking the citizen, and going on, need beside the hour: the days that count. */
export interface ContextoDePlazo extends Contexto {
  municipio: Municipio
}

/** A question that waits for the citizen's answer; days as ISO dates. */
export interface Aclaracion {
  id: number
  pregunta: string
  hechaAt: Date
  venceEl: string
  /** null when the plazo had run out before. */
  plazoAntes: string | null
  recordadaAt: Date | null
}

/** How a question ended. */
export type Cierre = 'contestada' | 'sin_respuesta' | 'retirada'

/** The petition's open question; there is at most one. */
export const aclaracionAbierta = (em: EntityManager, peticionId: number): Promise<Aclaracion | undefined> =>
  sqlOne(
    em,
    `select id, pregunta, hecha_at as "hechaAt", to_char(vence_el, 'YYYY-MM-DD') as "venceEl",
            to_char(plazo_antes, 'YYYY-MM-DD') as "plazoAntes", recordada_at as "recordadaAt"
       from aclaracion where peticion_id = $1 and cerrada_at is null`,
    [peticionId],
  )

/** The same, where there must be one. @throws {DatoInvalido} */
export async function exigirAclaracion(em: EntityManager, peticionId: number): Promise<Aclaracion> {
  const abierta = await aclaracionAbierta(em, peticionId)
  if (!abierta) throw new DatoInvalido('pregunta')
  return abierta
}

/**
 * Writes the question down. Until it is answered the plazo does not run: from now on the petition is due as many working days later as
 * an answer is awaited. One that was overdue stays so.
 * @returns when the petition is due now.
 */
export async function abrirAclaracion(
  em: EntityManager,
  peticion: { id: number; venceEl: string },
  pregunta: string,
  { ahora, municipio }: ContextoDePlazo,
): Promise<string> {
  const { zona_horaria: zona, conversacion } = municipio
  const inhabiles = await diasInhabilesDe(em, municipio, ahora)
  const hasta = vencimiento(ahora, conversacion.pregunta_dias, inhabiles, zona)
  const corre = peticion.venceEl >= diaDe(ahora, zona)
  await sql(
    em,
    'insert into aclaracion (peticion_id, pregunta, hecha_at, vence_el, plazo_antes) values ($1, $2, $3, $4, $5)',
    [peticion.id, pregunta, ahora, hasta, corre ? peticion.venceEl : null],
  )
  return corre ? masHabiles(peticion.venceEl, conversacion.pregunta_dias, inhabiles, zona) : peticion.venceEl
}

/** Ends the question. @returns when the petition is due now: later by the working days for which it was open; undefined when nothing was paused. */
export async function cerrarAclaracion(
  em: EntityManager,
  { id, hechaAt, plazoAntes }: Aclaracion,
  cierre: Cierre,
  { ahora, municipio }: ContextoDePlazo,
): Promise<string | undefined> {
  await sql(em, 'update aclaracion set cerrada_at = $2, cierre = $3 where id = $1 and cerrada_at is null', [
    id,
    ahora,
    cierre,
  ])
  if (plazoAntes === null) return undefined
  const { zona_horaria: zona, conversacion } = municipio
  const inhabiles = await diasInhabilesDe(em, municipio, ahora)
  const dias = diasHabilesEntre(diaDe(hechaAt, zona), diaDe(ahora, zona), inhabiles)
  return masHabiles(plazoAntes, Math.min(dias, conversacion.pregunta_dias), inhabiles, zona)
}

/** Nobody awaits an answer to a petition that is concluded, orientada or cancelled. */
export async function retirarAclaracion(em: EntityManager, peticionId: number, at: Date): Promise<void> {
  await sql(
    em,
    `update aclaracion set cerrada_at = $2, cierre = 'retirada' where peticion_id = $1 and cerrada_at is null`,
    [peticionId, at],
  )
}

function masHabiles(dia: string, dias: number, inhabiles: ReadonlySet<string>, zona: string): string {
  return dias <= 0 ? dia : vencimiento(new Date(`${dia}T18:00:00Z`), dias, inhabiles, zona)
}
