import { z } from 'zod'
import type { Database } from '../../runtime/database.ts'
import { storable, storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { SendError } from '../send-error.ts'
import type { Incoming } from './activity.ts'

const party = z.object({ id: z.string() })

const reference = z.object({
  serviceUrl: z.string(),
  channelId: z.string(),
  conversation: z.object({ id: z.string(), tenantId: z.string().optional() }),
  bot: party.optional(),
  user: party.optional(),
})

/** Where and as whom a conversation is answered; only from an activity that was authenticated, for our token goes there. No names. */
export type Reference = z.output<typeof reference>

/** A conversation is one of a channel behind the service; ids of two channels may be the same. */
export const addressOf = ({ channelId, conversation }: Pick<Incoming, 'channelId' | 'conversation'>): string =>
  storable(`${channelId}/${conversation.id}`)

/** What to keep of an activity to answer its conversation later. */
export function referenceOf({ serviceUrl, channelId, conversation, recipient, from }: Incoming): Reference {
  return {
    serviceUrl,
    channelId,
    conversation: { id: conversation.id, ...(conversation.tenantId && { tenantId: conversation.tenantId }) },
    ...(recipient && { bot: { id: recipient.id } }),
    ...(from && from.id !== recipient?.id && { user: { id: from.id } }),
  }
}

/** The references of one account's conversations. */
export interface References {
  /** Keeps it unless a later activity said otherwise; resolves after the commit. */
  save(address: string, reference: Reference, seenAt: Date): Promise<void>
  /** @throws {SendError} `invalid` when nobody wrote from there yet, `unavailable` when the database is away. */
  find(address: string): Promise<Reference>
}

/** Keeps them as rows, so that every process answers where the last activity said. */
export function createReferences(database: Pick<Database, 'fork'>, account: string): References {
  return {
    async save(address, reference, seenAt) {
      await sql(database.fork(), SAVE, [account, address, storableJson(reference), seenAt])
    },
    async find(address) {
      const row = await read(database, account, address)
      const { data } = reference.safeParse(row?.reference)
      if (!data) throw new SendError('invalid', 'Nobody has written from this conversation', { retryable: false })
      return data
    },
  }
}

async function read(database: Pick<Database, 'fork'>, account: string, address: string) {
  try {
    return await sqlOne<{ reference: unknown }>(database.fork(), FIND, [account, address])
  } catch (cause) {
    throw new SendError('unavailable', 'The conversation’s reference cannot be read', { retryable: true, cause })
  }
}

// Most activities bring what is known: they write nothing.
const SAVE = `
insert into bot_framework_reference as known (account, address, reference, seen_at) values ($1, $2, $3::jsonb, $4)
on conflict (account, address) do update
   set reference = excluded.reference, seen_at = excluded.seen_at, updated_at = now()
 where known.seen_at <= excluded.seen_at and known.reference <> excluded.reference`

const FIND = 'select reference from bot_framework_reference where account = $1 and address = $2'
