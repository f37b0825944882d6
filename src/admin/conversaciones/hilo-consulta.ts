import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Locale, Mode } from '../../conversation/state.ts'
import type { InboundBody, InboundStatus, OutboundStatus } from '../../conversation/stored-message.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { ARCHIVO, type Archivo } from '../peticion/detalle-consulta.ts'
import { duenosDeMensajes, type MensajeDeHilo } from './hilo-alcance.ts'
import { veConversaciones } from './hilo-permiso.ts'
import { type Anterior, originales, type Revision, revisiones } from './revisiones.ts'

/** The newest messages that are shown. */
const ULTIMOS = 200

/** A message as the staff reads it. */
export interface Globo extends MensajeDeHilo {
  body: Partial<InboundBody> & OutboundMessage
  status: InboundStatus | OutboundStatus
  error: string | null
  /** The channel by which it went instead; null when it did not. */
  porOtro: string | null
  usuario: string | null
  archivos: Archivo[]
  providerId: string | null
  /** What the citizen did to it afterwards, as far as this user may read that. */
  revisiones: Revision[]
  /** What an edit or a deletion replaced. */
  antes: Anterior | undefined
}

/** The conversation with a citizen, or as much of it as this user may read. */
export interface Hilo {
  id: number
  channel: string
  account: string
  lastInboundAt: Date | null
  /** As the platform names them. */
  nombre: string | null
  mode: Mode
  /** The language in which the assistant writes to them. */
  locale: Locale
  humanSince: Date | null
  asignadaA: number | null
  asignada: string | null
  bloqueado: boolean
  globos: Globo[]
  /** Something is on its way: look again soon. */
  enCamino: boolean
  /** The last of ours was sent a short while ago and not read yet: receipts come without a sound. */
  porLeer: boolean
}

interface PeticionDelHilo {
  id: number
  registradaAt: Date
  visible: boolean
  /** Registered here; of others, notices came here that could not go where they were. */
  suya: boolean
}

/** Reads a conversation; undefined when there is none. Whoever calls asks first whether this user may open it at all. */
export async function leerHilo(em: EntityManager, usuario: UsuarioActor, id: number): Promise<Hilo | undefined> {
  const conversacion = await sqlOne<Omit<Hilo, 'globos' | 'enCamino' | 'porLeer'> & { addressId: number }>(
    em,
    CONVERSACION,
    [id],
  )
  if (!conversacion) return undefined
  const { addressId, ...hilo } = conversacion
  const { sql: condicion, params } = alcance(usuario, 2)
  const peticiones = await sql<PeticionDelHilo>(
    em,
    `select p.id, p.registrada_at as "registradaAt", ${condicion} as visible, p.address_id = $1 as suya from peticion p
      where p.address_id = $1 or p.id in (${DESVIADAS})`,
    [addressId, ...params],
  )
  const visibles = await visiblesDe(em, usuario, id, peticiones)
  const archivos = await sql<Archivo>(em, `${ARCHIVO} where message_id = any($1)`, [visibles.map((one) => one.id)])
  const { de, antes } = revisiones(visibles)
  const globos = visibles.map((one) => ({
    ...one,
    archivos: archivos.filter((file) => file.messageId === one.id),
    revisiones: de.get(one.id) ?? [],
    antes: antes.get(one.id),
  }))
  const enCamino = globos.slice(-20).some(({ status }) => status === 'pending' || status === 'sending')
  const ultimo = globos.findLast(({ direction }) => direction === 'out')
  const porLeer = (ultimo?.status === 'sent' || ultimo?.status === 'delivered') && esReciente(ultimo.createdAt)
  return { ...hilo, globos, enCamino, porLeer }
}

/** Within which a receipt is waited for with the page open, in milliseconds. */
const RECIENTE = 10 * 60_000

const esReciente = (at: Date) => Date.now() - at.getTime() < RECIENTE

type Mensaje = Omit<Globo, 'archivos' | 'revisiones' | 'antes'>

async function visiblesDe(
  em: EntityManager,
  usuario: UsuarioActor,
  id: number,
  peticiones: PeticionDelHilo[],
): Promise<Mensaje[]> {
  const newest = await sql<Mensaje>(em, MENSAJES, [id, peticiones.map((one) => one.id), ULTIMOS])
  const messages = newest.reverse()
  tieParts(messages)
  const owners = duenosDeMensajes(
    messages,
    peticiones.filter(({ suya }) => suya),
  )
  const seen = new Set(peticiones.filter((one) => one.visible).map((one) => one.id))
  const all = veConversaciones(usuario)
  const isSeen = (message: Mensaje) => {
    const owner = owners.get(message.id) ?? null
    return owner === null ? all : seen.has(owner)
  }
  // A change says again what it changes: it is for whoever may read that, and nobody knows whose it is when that is too old to show.
  const changed = originales(messages)
  return messages.filter((message) => {
    if (!changed.has(message.id)) return isSeen(message)
    const original = changed.get(message.id)
    return original ? isSeen(original) : isSeen(message) && seen.size === peticiones.length
  })
}

/** A notice cut in parts is written at one moment, and only its first part is tied to the petition. */
function tieParts(messages: Mensaje[]): void {
  const tied = new Map<number, number>()
  for (const { createdAt, peticionId } of messages) if (peticionId !== null) tied.set(createdAt.getTime(), peticionId)
  for (const message of messages) {
    if (message.direction === 'out' && message.kind !== 'echo')
      message.peticionId ??= tied.get(message.createdAt.getTime()) ?? null
  }
}

const CONVERSACION = `
select c.id, c.address_id as "addressId", a.channel, a.account, c.last_inbound_at as "lastInboundAt", a.name as nombre, c.mode, c.locale, c.human_since as "humanSince",
       c.assigned_to as "asignadaA", u.nombre as asignada, a.blocked_at is not null as bloqueado
  from conversation c join address a on a.id = c.address_id left join usuario u on u.id = c.assigned_to
 where c.id = $1`

const DESVIADAS = `
select o.peticion_id from conversation c join message m on m.conversation_id = c.id join outbox o on o.id = m.outbox_id where c.address_id = $1`

// By seq, the order of the conversation; what has none yet is the newest.
const MENSAJES = `
with movidas as (
  select id, peticion_id, datos from movimiento where peticion_id = any($2)
), atados as (
  select jsonb_array_elements_text(datos->'mensajes')::bigint as message_id, peticion_id
    from movidas where jsonb_typeof(datos->'mensajes') = 'array'
  union
  select o.message_id, m.peticion_id
    from movidas m join outbox o on o.kind = 'notificar' and o.movimiento_id = m.id where o.message_id is not null
)
select m.id, m.direction, m.kind, m.body, m.provider_id as "providerId", m.status, m.error, m.usuario_id as "usuarioId", m.created_at as "createdAt",
       u.nombre as usuario, coalesce(t.peticion_id, n.peticion_id) as "peticionId", otro.channel as "porOtro"
  from message m
  left join atados t on t.message_id = m.id
  left join usuario u on u.id = m.usuario_id
  left join outbox n on n.id = m.outbox_id
  left join message otro on otro.id = m.moved_to
 where m.conversation_id = $1
 order by m.seq desc nulls first, m.id desc limit $3`
