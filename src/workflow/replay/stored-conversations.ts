import type { EntityManager } from '@mikro-orm/postgresql'
import type { MessageKind, OutboundMessage } from '../../channels/message.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import type { InboundBody } from '../../conversation/stored-message.ts'
import { sql } from '../../runtime/sql.ts'
import type { StoredConversation, StoredMessage, StoredTurn } from './stored-conversation.ts'
import { endsAtMenu, type Marks, marksOf } from './world.ts'

/** Conversations replayed when nobody says how many. */
export const LAST = 500

/** Conversations whose messages are read at once. */
const BATCH = 50

/** Which conversations are read. */
export interface Wanted {
  /** Only those in which somebody wrote since; default all. */
  since?: Date | undefined
  /** The last so many of them; default `LAST`. */
  limit?: number | undefined
  /** The texts with which the answers were given. */
  mensajes: Mensajes
}

/**
 * Stored conversations that can be held again, the latest first: nothing of what was emptied (anonymous reports, keys, erased
 * people) is among them. Read a few at a time.
 */
export async function* storedConversations(
  em: EntityManager,
  { since = new Date(0), limit = LAST, mensajes }: Wanted,
): AsyncGenerator<StoredConversation> {
  const marks = marksOf(mensajes)
  const heads = await sql<Head>(em, HEADS, [since, limit])
  for (let from = 0; from < heads.length; from += BATCH) {
    const some = heads.slice(from, from + BATCH)
    const rows = await sql<Row>(em, ROWS, [some.map(({ id }) => id)])
    const byConversation = Map.groupBy(rows, ({ conversationId }) => conversationId)
    for (const head of some) yield* stretches(head, byConversation.get(head.id) ?? [], marks)
  }
}

interface Head {
  id: number
  channel: string
  /** Nothing that was said before the first row is missing. */
  whole: boolean
  /** Of the petitions made at this address by chat. */
  folios: string[]
  personal: string[]
}

interface Row {
  conversationId: number
  direction: 'in' | 'out'
  kind: MessageKind
  status: string
  body: Partial<InboundBody> & OutboundMessage
  /** It stands between turns and says nothing of where the conversation is: a notice. */
  notice: boolean
  /** A person spoke, or we asked unasked, or it is to be emptied. */
  breaks: boolean
  at: Date
}

/** The stretches of one conversation that can be held again. */
function stretches(
  { id, channel, whole, folios, personal }: Head,
  rows: readonly Row[],
  marks: Marks,
): StoredConversation[] {
  const found: StoredConversation[] = []
  const given = new Set<string>()
  let begins: StoredConversation['begins'] | undefined = whole ? 'first_word' : undefined
  let turns: StoredTurn[] = []
  const close = () => {
    const last = turns.at(-1)
    if (begins && turns.length > 0) found.push({ id: `${id}-${found.length + 1}`, channel, begins, turns, personal })
    begins = last && endsAtMenu(last, marks) ? 'menu' : undefined
    turns = []
  }
  for (const piece of turnsOf(rows)) {
    if (piece === 'break') {
      close()
      begins = undefined
      continue
    }
    const own = folios.filter((folio) => !given.has(folio) && piece.replies.some(({ text }) => text?.includes(folio)))
    for (const folio of own) given.add(folio)
    turns.push({ ...piece, folios: own.length })
    // Held again from here when what came before cannot be.
    if (begins === undefined) close()
  }
  close()
  return found
}

/** Turns in order, and the places where the messages alone do not tell how it went on. */
function turnsOf(rows: readonly Row[]): (Omit<StoredTurn, 'folios'> | 'break')[] {
  const pieces: (Omit<StoredTurn, 'folios'> | 'break')[] = []
  let turn: Omit<StoredTurn, 'folios'> | undefined
  for (const row of rows) {
    if (row.notice) continue
    if (row.breaks) {
      // An emptied answer takes along what it answers.
      if (turn && row.direction === 'out' && pieces.at(-1) === turn) pieces.pop()
      turn = undefined
      pieces.push('break')
    } else if (row.direction === 'out') {
      turn?.replies.push(row.body)
    } else {
      if (!turn || turn.replies.length > 0) {
        turn = { at: row.at.toISOString(), messages: [], replies: [] }
        pieces.push(turn)
      }
      turn.messages.push(asStored(row))
    }
  }
  return pieces
}

function asStored({ kind, body }: Row): StoredMessage {
  const { from: _who, sentAt = '', ...rest } = body
  return { ...rest, kind, externalId: '', sentAt }
}

// Conversations that somebody wrote in, the latest first. What an address accepted before its first row was said before.
const HEADS = `
select c.id, a.channel,
       a.aviso_at is null or a.aviso_at >= (select min(m.created_at) from message m where m.conversation_id = c.id) as whole,
       array(select p.folio from peticion p where p.address_id = a.id and p.capturada_por is null) as folios,
       array(select d from (select a.name union select a.phone union select z.nombre from ciudadano z where z.id = a.ciudadano_id
               union select unnest(array[p.nombre, p.telefono, p.email, p.calle, p.numero]) from peticion p where p.address_id = a.id
             ) as dicho(d) where d is not null) as personal
  from conversation c join address a on a.id = c.address_id
 where c.last_inbound_at >= $1
 order by c.last_inbound_at desc limit $2`

// Replies carry the moment of the transaction in which their question was handled; what we said unasked came after it.
const ROWS = `
select m.conversation_id as "conversationId", m.direction, m.kind, m.status, m.body, coalesce(m.handled_at, m.created_at) as at,
       m.outbox_id is not null and coalesce(v.verbo, '') not in ('preguntar', 'recordar', 'validar') as notice,
       m.body = '{}'::jsonb or m.expires_at is not null or m.usuario_id is not null or m.outbox_id is not null
         or m.status in ('refused', 'failed') and m.direction = 'in' or m.kind in ('echo', 'returned')
         or m.direction = 'out' and m.created_at > max(m.handled_at) over (partition by m.conversation_id order by m.seq) as breaks
  from message m
  left join outbox o on o.id = m.outbox_id
  left join movimiento v on v.id = o.movimiento_id
 where m.conversation_id = any($1) and m.seq is not null
 order by m.conversation_id, m.seq`
