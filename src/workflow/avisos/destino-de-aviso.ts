import type { EntityManager } from '@mikro-orm/postgresql'
import type { AnyChannel } from '../../channels/channel.ts'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Locale } from '../../conversation/state.ts'
import { sql } from '../../runtime/sql.ts'

/** What is asked of the channels before a notice is written. */
export interface DestinoDeps {
  channelOf(channel: string, account: string): AnyChannel | undefined
}

/** A conversation that a notice may go by. */
export interface Destino {
  conversationId: number
  channel: string
  account: string
  /** The language it is held in. */
  locale: Locale
}

/** Where a notice goes. */
export interface DestinosDeAviso {
  /** The petition's own conversation. */
  propio: Destino
  /**
   * `ahora`: it can go there now; `espera`: it may, when the account or the citizen is back; `pregunta`: they are being asked whether it
   * may; `no`: nothing is to be written there.
   */
  como: 'ahora' | 'espera' | 'pregunta' | 'no'
  /** Another address of the same person, who asked for notices there, where it can go now. Never one of a reserved petition. */
  otro?: Destino
}

/** Minutes for which an account may be away before notices take another way. */
export const MINUTOS_CAIDA = 5

interface Candidato extends Destino {
  propia: boolean
  pidio: boolean
  /** The citizen said BAJA there, or blocked us. */
  cerrada: boolean
  /** Whether notices may come was asked a moment ago, and is not answered. */
  preguntada: boolean
  /** The account has been down for longer than it may. */
  caida: boolean
  /** Milliseconds since they last wrote there; null when they never did. */
  silentMs: number | null
}

/** Where the notice of this petition may go; undefined when it has no address (an anonymous one never has). */
export async function destinosDeAviso(
  em: EntityManager,
  peticionId: number,
  aviso: OutboundMessage,
  deps: DestinoDeps,
): Promise<DestinosDeAviso | undefined> {
  const candidatos = await sql<Candidato>(em, CANDIDATOS, [peticionId, MINUTOS_CAIDA])
  const propio = candidatos.find(({ propia }) => propia)
  if (!propio) return undefined
  const limits = deps.channelOf(propio.channel, propio.account)?.limits
  const como = comoVa(propio, limits?.replyOnly === true, () => puedeAhora(propio, aviso, deps))
  // Who reads the web chat sees its rows: a notice by it tells nobody who is not there.
  const otro = candidatos.find(
    (one) =>
      !one.propia &&
      puedeAhora(one, aviso, deps) &&
      deps.channelOf(one.channel, one.account)?.limits.readsRows !== true,
  )
  return { propio, como, ...(otro && { otro }) }
}

function comoVa(
  { cerrada, pidio, preguntada }: Candidato,
  replyOnly: boolean,
  puede: () => boolean,
): DestinosDeAviso['como'] {
  if (cerrada) return 'no'
  if (replyOnly && !pidio) return preguntada ? 'pregunta' : 'no'
  return puede() ? 'ahora' : 'espera'
}

/** The account is there, and either the channel's window is open or it has another way for this. */
function puedeAhora(
  { channel, account, cerrada, caida, silentMs }: Candidato,
  message: OutboundMessage,
  deps: DestinoDeps,
) {
  const there = deps.channelOf(channel, account)
  if (!there || cerrada || caida) return false
  const { windowMs = Number.POSITIVE_INFINITY } = there.limits
  const isOpen = (silentMs ?? Number.POSITIVE_INFINITY) <= windowMs
  return isOpen || there.outsideWindow?.({ id: '', to: '', message }) !== undefined
}

const CANDIDATOS = `
select c.id as "conversationId", a.channel, a.account, c.locale, a.id = p.address_id as propia, a.avisos_alta_at is not null as pidio,
       a.avisos_baja_at is not null or a.blocked_at is not null as cerrada,
       coalesce(c.flow = 'avisos' and c.last_inbound_at > clock_timestamp() - interval '1 hour', false) as preguntada,
       (extract(epoch from clock_timestamp() - c.last_inbound_at) * 1000)::float8 as "silentMs",
       coalesce(s.paused_at < clock_timestamp() - make_interval(mins => $2), false)
         or coalesce(not s.ok and coalesce(s.since, s.noted_at) < clock_timestamp() - make_interval(mins => $2), false) as caida
  from peticion p
  join address a on a.id = p.address_id
    or (a.ciudadano_id = p.ciudadano_id and not p.reservada and a.avisos_alta_at is not null)
  join conversation c on c.address_id = a.id
  left join channel_state s on s.channel = a.channel and s.account = a.account
 where p.id = $1 and not p.anonima and p.address_id is not null
 order by c.last_inbound_at desc nulls last, a.id`
