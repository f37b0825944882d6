import type { EntityManager } from '@mikro-orm/postgresql'
import type { Services } from '../../conversation/flows/services.ts'
import type { ConversationState, Turn } from '../../conversation/state.ts'
import type { Database } from '../../runtime/database.ts'
import { sql } from '../../runtime/sql.ts'
import { esDeNoche } from '../atencion/horas-de-silencio.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import type { LimitsOf, StoreOutbound } from '../mensajes/store-outbound.ts'
import { type LockedConversation, lockConversation } from '../mensajes/turn-rows.ts'
import { writeState } from '../mensajes/write-state.ts'
import { borrarBorradores } from './borradores.ts'

/** What calling unfinished petitions to mind needs. */
export interface RecordarDeps {
  database: Database
  municipio: Municipio
  limitsOf: LimitsOf
  /** What the assistant says; undefined when there is nothing to say. */
  remind(state: ConversationState, services: Services): Promise<Turn | undefined>
  servicesFor(em: EntityManager, conversation: LockedConversation): Services
  enviar: StoreOutbound
  /** After the commit: something waits to be sent. */
  wakeSend(conversationId: number): void
}

const HORA = 3_600_000

/** Nobody is reminded of what they left longer ago than this. */
const TARDE = 48 * HORA

/**
 * Who left a petition half told is reminded of it once, in the daytime and only where the channel lets us write unasked; what is too old
 * goes. Run twice at once it says nothing twice.
 */
export async function recordarBorradores(deps: RecordarDeps, ahora: Date): Promise<void> {
  const { borrador_recordar_horas: horas, borrador_borrar_dias: dias } = deps.municipio.conversacion
  const em = deps.database.fork()
  await borrarBorradores(em, new Date(ahora.getTime() - dias * 24 * HORA))
  if (esDeNoche(ahora, deps.municipio)) return
  const rango = [new Date(ahora.getTime() - TARDE), new Date(ahora.getTime() - horas * HORA)]
  for (const { id } of await sql<{ id: number }>(em, `select c.id ${DEJADOS} order by c.id`, rango)) {
    const said = await deps.database.fork().transactional((tx) => recordar(tx, id, rango, ahora, deps))
    if (said) deps.wakeSend(id)
  }
}

/** Under the lock it is looked at again: they may have written, or another process was faster. */
async function recordar(
  em: EntityManager,
  id: number,
  rango: Date[],
  ahora: Date,
  deps: RecordarDeps,
): Promise<boolean> {
  const conversation = await lockConversation(em, id)
  const [still] = await sql<Dejado>(em, `${ESTE} ${DEJADOS} and c.id = $3`, [...rango, id])
  if (!conversation || !still || !cabe(conversation, still, ahora, deps)) return false
  const turn = await deps.remind(conversation.state, deps.servicesFor(em, conversation))
  if (!turn || turn.replies.length === 0) return false
  await writeState(em, id, turn.conversation)
  await sql(em, 'update conversation set borrador_recordado_at = $2 where id = $1', [id, ahora])
  await deps.enviar(em, id, turn.replies)
  return true
}

interface Dejado {
  /** They asked to be told things here. */
  pidio: boolean
  lastInboundAt: Date
}

/** Not out of the channel's window, not where nobody is written to unasked, nor where only who is there would read it. */
function cabe(
  { channel, account }: LockedConversation,
  { pidio, lastInboundAt }: Dejado,
  ahora: Date,
  { limitsOf }: RecordarDeps,
): boolean {
  const { windowMs = Number.POSITIVE_INFINITY, replyOnly, readsRows } = limitsOf(channel, account)
  return ahora.getTime() - lastInboundAt.getTime() < windowMs && (pidio || replyOnly !== true) && readsRows !== true
}

const ESTE = `
select a.avisos_alta_at is not null as pidio, c.last_inbound_at as "lastInboundAt"`

const DEJADOS = `
  from conversation c join address a on a.id = c.address_id
 where (c.flow = 'registrar' or c.drafts <> '[]'::jsonb) and c.mode = 'bot' and c.last_inbound_at between $1 and $2
   and a.blocked_at is null and a.avisos_baja_at is null
   and (c.borrador_recordado_at is null or c.borrador_recordado_at < coalesce(
     (case when c.flow = 'registrar' then c.answers->>'desde' else c.drafts->-1->'answers'->>'desde' end)::timestamptz,
     c.borrador_recordado_at))`
