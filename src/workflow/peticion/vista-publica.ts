import type { EntityManager } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Verbo } from './transiciones.ts'

/** One line of the history, in the citizen's words. */
export interface NovedadPublica {
  at: Date
  verbo: Verbo
  /** null for a reply, which changes no state. */
  estadoTexto: string | null
  /** Who had it then; null while it was directed to nobody. */
  dependencia: string | null
  /** What was explained or answered to the citizen. */
  nota: string | null
}

/** What whoever holds the folio and its clave, or a signed link, may see: nothing personal. */
export interface VistaPublica {
  folio: string
  /** Says nothing of what it is about when the petition is reservada. */
  asunto: string
  estado: Estado
  estadoTexto: string
  dependencia: string | null
  registradaEl: Date
  /** ISO date. */
  venceEl: string
  /** Its times are cut to the hour. */
  anonima: boolean
  /** Oldest first. */
  historia: NovedadPublica[]
}

interface Fila {
  id: number
  folio: string
  asunto: string
  estado: Estado
  dependencia: string | null
  registradaEl: Date
  venceEl: string
  anonima: boolean
  reservada: boolean
}

/** State and history for the public page; undefined for an unknown folio. */
export async function vistaPublica(
  em: EntityManager,
  folio: string,
  mensajes: Mensajes,
): Promise<VistaPublica | undefined> {
  const fila = await sqlOne<Fila>(
    em,
    `select p.id, p.folio, p.asunto, p.estado, d.nombre as dependencia, p.registrada_at as "registradaEl",
            p.vence_el as "venceEl", p.anonima, p.reservada
       from peticion p left join dependencia d on d.id = p.dependencia_id where p.folio = $1`,
    [folio],
  )
  if (!fila) return undefined
  const { id, reservada, ...vista } = fila
  const estadoTexto = mensajes.text(`estados.${fila.estado}`)
  const pasos = await historia(em, id, mensajes)
  if (!reservada) return { ...vista, estadoTexto, historia: pasos }
  // Whoever looks over the citizen's shoulder learns neither what it is about nor who has it.
  const discreta = { ...vista, asunto: mensajes.text('titulo.reservada'), dependencia: null }
  return { ...discreta, estadoTexto, historia: pasos.map((paso) => ({ ...paso, dependencia: null })) }
}

async function historia(em: EntityManager, peticionId: number, mensajes: Mensajes): Promise<NovedadPublica[]> {
  const rows = await sql<Omit<NovedadPublica, 'estadoTexto'> & { a: Estado }>(
    em,
    `select m.at, m.verbo, m.a, d.nombre as dependencia, m.nota_publica as nota
       from movimiento m left join dependencia d on d.id = m.datos->>'dependencia'
      where m.peticion_id = $1 and m.verbo not in ('anotar', 'vencer', 'comentar', 'aclarar', 'recordar', 'reanudar', 'avisar_aparte', 'deshacer_aviso', 'deshacer')
        -- What was taken back before anybody was told was never said.
        and not exists (select from movimiento d where d.peticion_id = m.peticion_id and d.verbo = 'deshacer' and (d.datos->>'deshace')::bigint = m.id)
      order by m.id`,
    [peticionId],
  )
  return rows.map(({ a, ...row }) => ({
    ...row,
    estadoTexto: row.verbo === 'responder' || row.verbo === 'preguntar' ? null : mensajes.text(`estados.${a}`),
  }))
}
