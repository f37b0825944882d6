import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { InboundMessage } from '../../channels/message.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'
import type { ReceivedRow } from './turn-rows.ts'

/**
 * One `attachment` row for each file of a message, still to be fetched; writes each one's id into the message's media.
 * @returns the ids.
 */
export async function storeAttachments(
  em: EntityManager,
  conversationId: number,
  rows: ReceivedRow[],
  message: InboundMessage,
): Promise<string[]> {
  const media = message.media ?? []
  if (media.length === 0) return []
  const owners = rows.flatMap((row) => (row.body.media ?? []).map(() => row.id))
  const records = media.map((file, index) => {
    file.attachmentId = randomUUID()
    const { attachmentId, ...source } = file
    return {
      id: attachmentId,
      message_id: owners[index],
      kind: file.kind,
      file_name: file.fileName,
      source: { ...source, channel: message.channel, account: message.account },
    }
  })
  await sql(em, INSERT, [conversationId, storableJson(records)])
  return records.map((record) => record.id)
}

const INSERT = `
insert into attachment (id, message_id, conversation_id, kind, file_name, source)
select x.id, x.message_id, $1, x.kind, x.file_name, x.source
  from jsonb_to_recordset($2::jsonb) as x(id uuid, message_id bigint, kind text, file_name text, source jsonb)`
