import type { EntityManager } from '@mikro-orm/postgresql'
import type { Uso } from '../../conversation/attachment.ts'
import type { Estado, Opinion, Pregunta, Requisito } from '../../conversation/flows/vocabulary.ts'
import { HttpProblem } from '../../runtime/http.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import type { DatosDeMovimiento } from '../../workflow/peticion/movimiento.ts'
import type { Verbo } from '../../workflow/peticion/transiciones.ts'
import { REUNIDA_CONCLUIBLE } from '../../workflow/peticion/verbos/concluir-reunidas.ts'

/** Everything the staff may read of one petition. */
export interface PeticionDetallada {
  id: number
  folio: string
  estado: Estado
  version: number
  categoria: string
  asunto: string
  descripcion: string
  dependenciaId: string | null
  dependencia: string | null
  /** The dependencia its category belongs to. */
  dependenciaSugerida: string
  enlace: string | null
  medio: string
  programa: string | null
  capturadaPor: number | null
  capturista: string | null
  turno: string | null
  latitud: number | null
  longitud: number | null
  colonia: string | null
  calle: string | null
  numero: string | null
  referencias: string | null
  nombre: string | null
  telefono: string | null
  email: string | null
  respuestas: Record<string, string>
  requisitos: Record<string, string>
  anonima: boolean
  reservada: boolean
  valoracion: 'pendiente' | 'aceptada' | 'no_aceptada' | null
  prioridad: string
  plazoDias: number
  venceEl: string
  resuelto: boolean | null
  accionEjecutada: string | null
  observacion: string | null
  duplicadoDe: string | null
  /** Folio of the one it is attended with. */
  principal: string | null
  /** How many neighbours joined it. */
  sumados: number
  /** Folios of those gathered under it, and how many of them may be concluded with it now. */
  reunidas: string[]
  concluibles: number
  registradaAt: Date
  actualizadaAt: Date
  concluidaAt: Date | null
  validadaAt: Date | null
  /** Whose it is; null of an anonymous one. */
  ciudadanoId: number | null
  conversationId: number | null
  canal: string | null
  acciones: string[]
  preguntas: Pregunta[]
  listaDeRequisitos: Requisito[]
}

/** One entry of the history, with names for ids. */
export interface MovimientoDetallado {
  id: number
  peticionId: number
  at: Date
  verbo: Verbo
  a: Estado | null
  actor: 'ciudadano' | 'usuario' | 'sistema'
  usuario: string | null
  dependencia: string | null
  nota: string | null
  notaPublica: string | null
  datos: DatosDeMovimiento
}

/** A file of a petition or a message. */
export interface Archivo {
  id: string
  peticionId: number | null
  uso: Uso
  kind: string
  status: 'pending' | 'stored' | 'refused' | 'failed'
  mime: string | null
  fileName: string | null
  bytes: number | null
  miniatura: boolean
  movimientoId: number | null
  messageId: number | null
}

/**
 * The petition with this folio.
 * @throws {HttpProblem} 404 when it does not exist or is out of this user's reach: both look the same.
 */
export async function leerPeticion(em: EntityManager, actor: UsuarioActor, folio: string): Promise<PeticionDetallada> {
  const { sql: condicion, params } = alcance(actor, 2)
  const found = await sqlOne<PeticionDetallada>(em, `${DETALLE} where p.folio = $1 and ${condicion}`, [
    folio,
    ...params,
  ])
  if (!found) throw new HttpProblem(404, 'There is no such petition within your reach.')
  return found
}

/** Its history, oldest first; of several petitions, one after another. */
export function leerMovimientos(em: EntityManager, ...peticiones: number[]): Promise<MovimientoDetallado[]> {
  return sql(
    em,
    `select m.id, m.peticion_id as "peticionId", m.at, m.verbo, m.a, m.actor, u.nombre as usuario, d.nombre as dependencia, m.nota,
            m.nota_publica as "notaPublica", m.datos
       from movimiento m
       left join usuario u on u.id = m.usuario_id
       left join dependencia d on d.id = coalesce(m.datos->>'dependencia', m.datos->>'desde')
      where m.peticion_id = any($1) order by m.peticion_id, m.id`,
    [peticiones],
  )
}

/** Its files, in the order in which they came; of several petitions together. */
export function leerArchivos(em: EntityManager, ...peticiones: number[]): Promise<Archivo[]> {
  return sql(em, `${ARCHIVO} where peticion_id = any($1) order by created_at, id`, [peticiones])
}

/** What the citizen said of how it ended; undefined while they said nothing. */
export function leerEncuesta(em: EntityManager, peticionId: number): Promise<Opinion | undefined> {
  return sqlOne(em, 'select resuelto, calificacion, motivo, comentario from encuesta where peticion_id = $1', [
    peticionId,
  ])
}

/** The columns of `Archivo`. */
export const ARCHIVO = `
select id, peticion_id as "peticionId", uso, kind, status, mime, file_name as "fileName", bytes, thumb_key is not null as miniatura,
       movimiento_id as "movimientoId", message_id as "messageId"
  from attachment`

const DETALLE = `
select p.id, p.folio, p.estado, p.version, p.categoria, p.asunto, p.descripcion,
       p.dependencia_id as "dependenciaId", d.nombre as dependencia, c.dependencia_id as "dependenciaSugerida",
       e.nombre as enlace, p.medio, p.programa, p.capturada_por as "capturadaPor", q.nombre as capturista, p.turno,
       p.latitud, p.longitud, p.colonia, p.calle, p.numero, p.referencias, p.nombre, p.telefono, p.email,
       p.respuestas, p.requisitos, p.anonima, p.reservada, p.valoracion, p.prioridad, p.plazo_dias as "plazoDias",
       p.vence_el as "venceEl", p.resuelto, p.accion_ejecutada as "accionEjecutada", p.observacion,
       o.folio as "duplicadoDe", x.folio as principal,
       (select count(*) from adhesion s where s.peticion_id = p.id) as sumados,
       array(select r.folio from peticion r where r.principal_id = p.id order by r.id) as reunidas,
       (select count(*) from peticion r where ${REUNIDA_CONCLUIBLE}) as concluibles, p.registrada_at as "registradaAt", p.actualizada_at as "actualizadaAt",
       p.concluida_at as "concluidaAt", p.validada_at as "validadaAt", p.ciudadano_id as "ciudadanoId", v.id as "conversationId", a.channel as canal,
       c.acciones, c.preguntas, c.requisitos as "listaDeRequisitos"
  from peticion p
  join categoria c on c.id = p.categoria
  left join dependencia d on d.id = p.dependencia_id
  left join usuario e on e.id = p.enlace_id
  left join usuario q on q.id = p.capturada_por
  left join peticion o on o.id = p.duplicado_de
  left join peticion x on x.id = p.principal_id
  left join address a on a.id = p.address_id
  left join conversation v on v.address_id = a.id`
