import { createHash } from 'node:crypto'
import type { SaveInbound } from '../../channels/channel.ts'
import type { InboundMessage } from '../../channels/message.ts'
import type { InboundBody } from '../../conversation/stored-message.ts'
import type { Database } from '../../runtime/database.ts'
import { storable, storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'

/** Two processes may make the same new address at once; the loser sees it in its next snapshot. */
const SNAPSHOTS = 5

interface Saved {
  conversationId: number
  externalId: string
  channel: string
  account: string
}

/**
 * Stores what a platform delivered, once each, in one statement; resolves after the commit.
 * `wake` is told each conversation that has something new. Never touches an existing `conversation` row:
 * a turn may hold its lock, and no acknowledgement waits for a turn.
 */
export function createSaveInbound(database: Database, wake: (conversationId: number) => void): SaveInbound {
  return async (messages) => {
    let waiting = messages.map((message) => ({ ...message, externalId: bounded(message.externalId) }))
    let saved = 0
    for (let snapshot = 0; waiting.length > 0; snapshot++) {
      if (snapshot === SNAPSHOTS) throw new Error(`${waiting.length} messages found no conversation`)
      const em = database.fork()
      const rows = await sql<Saved>(em, SAVE, [toRows(waiting)])
      saved += rows.length
      for (const id of new Set(rows.map((row) => row.conversationId))) wake(id)
      waiting = rows.length === waiting.length ? [] : await stillMissing(database, waiting, rows)
    }
    return { saved, repeated: messages.length - saved }
  }
}

/** Longer ids than any platform makes would not fit the unique index. */
const LONGEST_ID = 512

/** The id as the row can hold it: by that a redelivery is known. */
function bounded(id: string): string {
  const kept = storable(id)
  return kept.length <= LONGEST_ID ? kept : createHash('sha256').update(kept).digest('base64url')
}

const toRows = (messages: InboundMessage[]) => storableJson(messages.map(toRow))

function toRow(message: InboundMessage, order: number) {
  const { channel, account, externalId, sentAt, ...rest } = message
  const body: InboundBody = { ...rest, sentAt: sentAt.toISOString() }
  return {
    order,
    channel,
    account,
    external_id: externalId,
    address: message.from.address,
    name: message.from.name,
    language: message.from.language,
    kind: message.kind,
    body,
    provider_id: message.providerId,
  }
}

const key = (row: { channel: string; account: string; externalId: string }) =>
  JSON.stringify([row.channel, row.account, row.externalId])

/** Of those not inserted just now, the ones that are no redelivery either. */
async function stillMissing(
  database: Database,
  messages: InboundMessage[],
  inserted: Saved[],
): Promise<InboundMessage[]> {
  const done = new Set(inserted.map(key))
  const rest = messages.filter((message) => !done.has(key(message)))
  const known = await sql<Omit<Saved, 'conversationId'>>(database.fork(), KNOWN, [toRows(rest)])
  const repeated = new Set(known.map(key))
  return rest.filter((message) => !repeated.has(key(message)))
}

const INPUT = `jsonb_to_recordset($1::jsonb) as x("order" int, channel text, account text, external_id text,
  address text, name text, language text, kind text, body jsonb, provider_id text)`

const KNOWN = `
select m.channel, m.account, m.external_id as "externalId" from ${INPUT}
  join message m on m.channel = x.channel and m.account = x.account and m.external_id = x.external_id and m.direction = 'in'`

const SAVE = `
with input as materialized (
  select * from ${INPUT}
), new_address as (
  insert into address (channel, account, external_id, name, language)
  select distinct on (channel, account, address) channel, account, address, name, language from input
   order by channel, account, address, "order" desc
  on conflict (channel, account, external_id) do nothing
  returning id, channel, account, external_id
), new_conversation as (
  insert into conversation (address_id) select id from new_address returning id, address_id
), place as (
  select a.channel, a.account, a.external_id, c.id as conversation_id
    from new_address a join new_conversation c on c.address_id = a.id
  union all
  select a.channel, a.account, a.external_id, c.id
    from (select distinct channel, account, address from input) i
    join address a on a.channel = i.channel and a.account = i.account and a.external_id = i.address
    join conversation c on c.address_id = a.id
)
insert into message (channel, account, external_id, direction, conversation_id, kind, body, status, provider_id)
select i.channel, i.account, i.external_id, 'in', p.conversation_id, i.kind, i.body, 'received', i.provider_id
  from input i join place p on p.channel = i.channel and p.account = i.account and p.external_id = i.address
 order by i."order"
on conflict (channel, account, external_id) where direction = 'in' do nothing
returning conversation_id as "conversationId", channel, account, external_id as "externalId"`
