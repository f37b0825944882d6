import { withClient } from './database-rows.ts'
import { conversationKey } from './notebook.ts'

/** A message of the table, as the verdict needs it; times in milliseconds since 1970. */
export interface Row {
  id: number
  direction: 'in' | 'out'
  channel: string
  account: string
  address: string
  /** Of its conversation. */
  key: string
  externalId: string | null
  providerId: string | null
  seq: number | null
  status: string
  text: string
  doubts: number
  attempts: number
  error: string | null
  createdAt: number
  /** When it was handled, or sent. */
  doneAt: number | null
}

/** All messages, in the order of their conversations. */
export async function messageRows(url: string): Promise<Row[]> {
  const { rows } = await withClient(url, (client) => client.query<Omit<Row, 'key'>>(MESSAGES))
  return rows.map((row) => ({ ...row, key: conversationKey(row) }))
}

const MESSAGES = `
select m.id::int, m.direction, m.channel, m.account, a.external_id as address, m.external_id as "externalId",
       m.provider_id as "providerId", m.seq::int, m.status, coalesce(m.body->>'text', '') as text, m.doubts, m.attempts, m.error,
       (extract(epoch from m.created_at) * 1000)::float8 as "createdAt",
       (extract(epoch from case m.direction when 'in' then m.handled_at else m.sent_at end) * 1000)::float8 as "doneAt"
  from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
 order by m.conversation_id, m.seq nulls last, m.id`

/** Groups by a key, keeping the order. */
export function byKey<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}
