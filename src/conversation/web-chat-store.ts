import type { MediaRef, OutboundMedia } from '../channels/message.ts'
import { WEB_CHAT } from '../channels/web-chat/ids.ts'
import type { Page, StoredFile, StoredInbound, StoredOutbound, WebChatStore } from '../channels/web-chat/store.ts'
import type { Database } from '../runtime/database.ts'
import { sql, sqlOne } from '../runtime/sql.ts'

/** The rows behind the web chat. */
export function createWebChatStore(database: Pick<Database, 'fork'>): WebChatStore {
  return {
    async conversation(address) {
      const row = await sqlOne<{ ended: boolean }>(database.fork(), CONVERSATION, [...KEY, address])
      return { started: row !== undefined, ended: row?.ended ?? false }
    },
    async messagesAfter(address, seq, limit) {
      return toPage(await sql<MessageRow>(database.fork(), MESSAGES, [...KEY, address, seq, limit]))
    },
    async markDelivered(address, seq) {
      await sql(database.fork(), DELIVERED, [...KEY, address, seq])
    },
    async file(address, messageId, index) {
      const row = await sqlOne<FileRow>(database.fork(), FILE, [...KEY, address, messageId, index])
      return row && toFile(row)
    },
  }
}

const KEY = [WEB_CHAT.channel, WEB_CHAT.account]

/** `$1` channel, `$2` account, `$3` the Direct Line conversation. */
const OF = `address a join conversation c on c.address_id = a.id where a.channel = $1 and a.account = $2 and a.external_id = $3`

const CONVERSATION = `select c.ended_at is not null as ended from ${OF}`

type MessageRow = { ended: boolean } & (
  | { id: null }
  | (Omit<StoredInbound, 'direction'> & { direction: 'in' })
  | (Omit<StoredOutbound, 'direction'> & { direction: 'out' })
)

// A message has its seq once it had its turn. Whatever became of the notification, the row is the message, so every status is shown.
// Times never go back: those just before the page are looked at too (in an old conversation, the last ones are enough).
const MESSAGES = `
with line as (
  select c.id, c.ended_at is not null as ended, case when $4 > c.last_seq then 0 else $4 end as seq from ${OF}
), page as (
  select m.id, m.seq, m.direction, m.external_id, m.kind, m.body, m.created_at, m.usuario_id
    from line join message m on m.conversation_id = line.id and m.seq > line.seq
   where m.direction = 'in' or m.body <> '{}'::jsonb
   order by m.seq limit $5
), before as (
  select max(created_at) as at from (
    select m.created_at from line join message m on m.conversation_id = line.id and m.seq <= line.seq order by m.seq desc limit 10
  ) latest
)
select line.ended, page.id, page.seq, page.direction, page.external_id as "externalId", page.kind, page.body,
       page.usuario_id is not null as staff,
       greatest(max(page.created_at) over (order by page.seq), (select at from before)) as at
  from line left join page on true order by page.seq`

function toPage(rows: MessageRow[]): Page {
  const messages = rows.flatMap((row) => (row.id === null ? [] : [row]))
  return { messages, ended: rows[0]?.ended ?? false }
}

const DELIVERED = `
update message m set status = 'delivered', claimed_until = null, due_at = null
  from ${OF} and m.conversation_id = c.id and m.direction = 'out' and m.seq <= $4 and m.status in ('pending', 'sending', 'sent')`

interface FileRow {
  media: MediaRef | OutboundMedia | null
  storageKey: string | null
  status: string | null
}

// An upload is where it was put until it was taken in, and from then on only its cleaned copy is shown. The names of a message's
// uploads differ, and the attachment has its upload's name.
const FILE = `
select f.media, t.storage_key as "storageKey", t.status
  from (
    select m.id, case m.direction when 'in' then m.body -> 'media' -> $5::int else m.body -> 'media' end as media
      from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
     where a.channel = $1 and a.account = $2 and a.external_id = $3 and m.id = $4
  ) f
  left join attachment t on t.message_id = f.id and t.file_name is not distinct from f.media ->> 'fileName'
 limit 1`

function toFile({ media, storageKey, status }: FileRow): StoredFile | undefined {
  if (!media || (status !== null && status !== 'stored' && status !== 'pending')) return undefined
  return { key: storageKey ?? ('key' in media ? media.key : media.ref), fileName: media.fileName }
}
