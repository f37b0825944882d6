import { z } from 'zod'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Vault } from './credentials.ts'

/** How a number is doing. `unlinked` waits for somebody to ask for pairing, `stopped` for somebody to look. */
export type WhatsappState =
  | 'off'
  | 'connecting'
  | 'pairing'
  | 'open'
  | 'restricted'
  | 'waiting'
  | 'unlinked'
  | 'stopped'

/** What can be asked of the process that holds a number, by staff in the panel. */
export type WhatsappOrder = 'restart' | 'disconnect' | 'pair'

/** What the panel shows of a number, whichever process holds it. */
export interface WhatsappStatus {
  state: WhatsappState
  /** Why, in a word: `banned`, `replaced`, `unreadable`, `logged-out`, `disconnected`, or the code of the last disconnection. */
  reason: string | null
  since: Date
  /** The linked number, digits only. */
  phone: string | null
  lastMessageAt: Date | null
  /** Whether a process holds the number now. */
  held: boolean
  /** What to scan, or to type into the telephone, while the state is `pairing`. */
  qr?: string
  code?: string
}

/** A QR as WhatsApp's app scans it, or a code to be typed. */
export type Pairing = { qr: string } | { code: string }

const pairing = z.union([z.object({ qr: z.string() }), z.object({ code: z.string() })])

interface Row extends Omit<WhatsappStatus, 'qr' | 'code'> {
  pairing: Buffer | null
}

/** The status of a number; one that never ran is `off`. */
export async function readStatus(vault: Vault): Promise<WhatsappStatus> {
  const row = await sqlOne<Row>(vault.database.fork(), READ, [vault.account, leaseOf(vault.account)])
  if (!row) return { state: 'off', reason: null, since: new Date(0), phone: null, lastMessageAt: null, held: false }
  const { pairing: sealed, ...status } = row
  return { ...status, ...(sealed && pairing.parse(JSON.parse(vault.box.open(sealed, placeOf(vault)).toString()))) }
}

/** Tells everybody how the number is doing, and those who look at the panel at once. */
export async function writeStatus(
  vault: Vault,
  status: {
    state: WhatsappState
    reason?: string | undefined
    phone?: string | undefined
    pairing?: Pairing | undefined
  },
): Promise<void> {
  const sealed = status.pairing ? vault.box.seal(Buffer.from(JSON.stringify(status.pairing)), placeOf(vault)) : null
  const em = vault.database.fork()
  await sql(em, WRITE, [vault.account, status.state, status.reason ?? null, status.phone ?? null, sealed])
  await publish(em, { topic: 'channel', channel: 'whatsapp', account: vault.account })
}

/** Notes that a message came. */
export async function noteMessage({ database, account }: Vault): Promise<void> {
  await sql(database.fork(), 'update whatsapp_account set last_message_at = clock_timestamp() where account = $1', [
    account,
  ])
}

/**
 * Asks the process that holds the number to do something; it looks every few seconds.
 * @param phone to pair by a code on this telephone (digits with country code), or by a QR when ''; as configured when absent.
 */
export async function askOf({ database, account }: Vault, order: WhatsappOrder, phone?: string): Promise<void> {
  await sql(
    database.fork(),
    `insert into whatsapp_account (account, asked, asked_phone) values ($1, $2, $3)
     on conflict (account) do update set asked = excluded.asked, asked_phone = excluded.asked_phone`,
    [account, order, phone ?? null],
  )
}

/** What was asked since the last look, once; `phone` as in `askOf`, null when it was not said. */
export async function takeOrder({
  database,
  account,
}: Vault): Promise<{ order: WhatsappOrder; phone: string | null } | undefined> {
  return sqlOne<{ order: WhatsappOrder; phone: string | null }>(database.fork(), TAKE, [account])
}

/** The lease that a number's socket is held under. */
export const leaseOf = (account: string) => `whatsapp/${account}`

const placeOf = ({ account }: Vault) => JSON.stringify(['whatsapp', account, 'pairing'])

const READ = `
select a.state, a.reason, a.since, a.phone, a.last_message_at as "lastMessageAt", a.pairing,
       exists (select from lease l where l.name = $2 and l.expires_at > clock_timestamp()) as held
  from whatsapp_account a where a.account = $1`

// One takes the other's place with each try: it is the same wait.
const RECONNECTING = `('connecting', 'waiting')`

const WRITE = `
insert into whatsapp_account (account, state, reason, phone, pairing) values ($1, $2, $3, $4, $5)
on conflict (account) do update
   set state = excluded.state, reason = excluded.reason, pairing = excluded.pairing, updated_at = now(),
       phone = coalesce(excluded.phone, whatsapp_account.phone),
       since = case when whatsapp_account.state = excluded.state
                      or (whatsapp_account.state in ${RECONNECTING} and excluded.state in ${RECONNECTING})
                    then whatsapp_account.since else now() end`

const TAKE = `
with waiting as (
  select account, asked, asked_phone from whatsapp_account where account = $1 and asked is not null for update
)
update whatsapp_account a set asked = null, asked_phone = null from waiting w where a.account = w.account
returning w.asked as "order", w.asked_phone as phone`
