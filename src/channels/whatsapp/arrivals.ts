import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  type AuthenticationCreds,
  type BinaryNode,
  cleanMessage,
  DEFAULT_CONNECTION_CONFIG,
  decodeMessageNode,
  proto,
  type SocketConfig,
  unpadRandomMax16,
  type WAMessage,
  writeRandomPadMax16,
} from '@whiskeysockets/baileys'
import { z } from 'zod'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Vault } from './credentials.ts'
import { externalIdOf } from './external-id.ts'
import { committingFirst } from './sessions.ts'

/** A message as it was decrypted, with the stanza that brought it (without its ciphertext). */
interface Arrival {
  digest: Buffer
  stanza: BinaryNode
  plaintext: Uint8Array
  externalId: string
}

type MakeRepository = SocketConfig['makeSignalRepository']

const decrypting = new AsyncLocalStorage<{ arrival?: Arrival }>()

/** The message whose decryption moved the keys that are being written now, if that is why they are. */
export const arrivedWithThisWrite = (): Arrival | undefined => decrypting.getStore()?.arrival

/**
 * Makes Baileys' signal repository so that a message is in the database together with the keys that decrypted it. Baileys sends
 * its receipt after that and tells us later still: a death in between loses nothing. What was decrypted once is given again
 * when it is redelivered, for its keys are used up; what is in the inbox already, as a message that says nothing.
 * @param stanzaOf finds the stanza by its ciphertext (the very object).
 */
export function journalingRepository(
  vault: Vault,
  creds: AuthenticationCreds,
  stanzaOf: (ciphertext: Uint8Array) => BinaryNode | undefined,
): MakeRepository {
  return (auth, logger, pnToLid) => {
    const { keys } = auth
    const repository = committingFirst(DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid))
    if (!('transaction' in keys)) throw new Error('the signal keys know no transactions')
    const decryptMessage: typeof repository.decryptMessage = async (message) => {
      const digest = createHash('sha256').update(message.ciphertext).digest()
      const stanza = stanzaOf(message.ciphertext)
      const slot: { arrival?: Arrival } = {}
      const decrypt = async () => {
        const plaintext = await repository.decryptMessage(message)
        if (stanza) slot.arrival = { digest, stanza, plaintext, externalId: externalIdOf(decode(stanza, creds).key) }
        return plaintext
      }
      try {
        // Ours is the outer transaction: the inner one joins it, and its keys are committed when ours ends.
        return await decrypting.run(slot, () => keys.transaction(decrypt, message.jid))
      } catch (error) {
        const before = await findArrival(vault, digest)
        if (before) return before
        throw error
      }
    }
    return { ...repository, decryptMessage }
  }
}

/** Adds a decrypted message to the transaction of `em`. */
export async function writeArrival(em: EntityManager, vault: Vault, arrival: Arrival): Promise<void> {
  const { digest, stanza, plaintext, externalId } = arrival
  const content = JSON.stringify({ attrs: stanza.attrs, plaintext: Buffer.from(plaintext).toString('base64') })
  await sql(
    em,
    `insert into whatsapp_arrival (account, digest, external_id, content) values ($1, $2, $3, $4)
     on conflict (account, digest) do nothing`,
    [vault.account, digest, externalId, vault.box.seal(Buffer.from(content), placeOf(vault, digest))],
  )
}

/** Messages that were decrypted and perhaps never stored, in the order in which they came, as Baileys would have told them. */
export async function unfinishedArrivals(vault: Vault, creds: AuthenticationCreds): Promise<WAMessage[]> {
  const rows = await sql<{ digest: Buffer; content: Buffer }>(
    vault.database.fork(),
    'select digest, content from whatsapp_arrival where account = $1 and finished_at is null order by id',
    [vault.account],
  )
  return rows.map((row) => {
    const { attrs, plaintext } = open(vault, row)
    const message = decode({ tag: 'message', attrs }, creds)
    const content = proto.Message.decode(unpadRandomMax16(plaintext))
    return { ...message, message: content.deviceSentMessage?.message ?? content }
  })
}

/** They are in our inbox, or are none for us: no more than the digest is kept, by which a redelivery is known. */
export async function finishArrivals({ database, account }: Vault, externalIds: string[]): Promise<void> {
  await sql(database.fork(), FINISH, [account, externalIds, KEPT_DAYS])
}

/** WhatsApp forgets a linked device, and what waits for it, after fourteen days. */
const KEPT_DAYS = 15

const FINISH = `
with old as (
  delete from whatsapp_arrival where account = $1 and finished_at < now() - make_interval(days => $3)
)
update whatsapp_arrival set external_id = null, content = null, finished_at = now() where account = $1 and external_id = any($2)`

/** What a message says that was stored before: nothing. */
const NOTHING = writeRandomPadMax16(proto.Message.encode({ messageContextInfo: {} }).finish())

async function findArrival(vault: Vault, digest: Buffer): Promise<Uint8Array | undefined> {
  const row = await sqlOne<{ content: Buffer | null }>(
    vault.database.fork(),
    'select content from whatsapp_arrival where account = $1 and digest = $2',
    [vault.account, digest],
  )
  if (!row) return undefined
  return row.content ? open(vault, { digest, content: row.content }).plaintext : NOTHING
}

const stored = z.object({
  attrs: z.record(z.string(), z.string()),
  plaintext: z.string().transform((text) => Buffer.from(text, 'base64')),
})

const open = (vault: Vault, { digest, content }: { digest: Buffer; content: Buffer }) =>
  stored.parse(JSON.parse(vault.box.open(content, placeOf(vault, digest)).toString()))

const placeOf = ({ account }: Vault, digest: Buffer) =>
  JSON.stringify(['whatsapp', account, 'arrival', digest.toString('hex')])

function decode(stanza: BinaryNode, { me }: AuthenticationCreds): WAMessage {
  const { fullMessage } = decodeMessageNode(stanza, me?.id ?? '', me?.lid ?? '')
  cleanMessage(fullMessage, me?.id ?? '', me?.lid ?? '')
  return fullMessage
}
