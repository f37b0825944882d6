import type { EntityManager } from '@mikro-orm/postgresql'
import type { AnyChannel } from '../../channels/channel.ts'
import type { WhatsappState } from '../../channels/whatsapp/status.ts'
import { sql } from '../../runtime/sql.ts'
import type { Account } from './circuit.ts'

/** A configured account, as far as its state needs to know it. */
export type ConfiguredAccount = Pick<AnyChannel, 'name' | 'account' | 'home' | 'run'>

/** How an account is doing by the rows, whichever process holds it. */
export interface AccountState extends Account {
  /** It reads by itself in a process of the worker role. */
  reads: boolean
  /** What a process last knew of its connection, and how many seconds ago; null before the first time. */
  ok: boolean | null
  code: string | null
  detail: string | null
  since: Date | null
  okAt: Date | null
  silentFor: number | null
  /** The last failure that was the account's, also when it is over. */
  errorCode: string | null
  error: string | null
  errorAt: Date | null
  /** Since when its sends wait, when the next one tries, and how many tries failed. */
  pausedAt: Date | null
  probeAt: Date | null
  probes: number
  /** The platform asked all of it to slow down until then. */
  heldUntil: Date | null
  whatsapp: WhatsappRow | null
}

/** A linked number, as its row has it; without what can be scanned. */
export interface WhatsappRow {
  state: WhatsappState
  reason: string | null
  since: Date
  /** Seconds. */
  lasting: number
  phone: string | null
  held: boolean
}

/** Why an account does not work, in a word that the panel has sentences for. */
export const TROUBLES = [
  'token-refused',
  'keys-away',
  'restricted',
  'banned',
  'replaced',
  'unreadable',
  'unlinked',
  'not-held',
  'webhook-failing',
  'webhook-refused',
  'webhook-set',
  'webhook-unset',
  'another-poller',
  'unreachable',
  'no-answer',
  'unread',
  'other',
] as const
export type TroubleCode = (typeof TROUBLES)[number]

/** What staff have to know of an account that does not work. */
export interface Trouble {
  code: TroubleCode
  since: Date
  /** In the platform's or the adapter's words, for whoever repairs it. */
  detail: string | null
}

/** Seconds after which a bot that nobody was heard to read is taken to be unread: a long poll takes fifty, a look at a webhook sixty. */
const UNREAD = 180

/** Seconds that connecting again may take before somebody is told, and that a number may be held by nobody. */
const RECONNECTING = 120
const UNHELD = 60

/** The states of these accounts, in their order. */
export async function readAccountStates(
  em: EntityManager,
  accounts: readonly ConfiguredAccount[],
): Promise<AccountState[]> {
  const rows = await sql<Row>(em, STATES, [accounts.map(({ name }) => name), accounts.map(({ account }) => account)])
  return rows.map(({ whatsappState, whatsappReason, whatsappSince, lasting, phone, held, nth, ...row }) => {
    const channel = accounts[nth - 1]
    const whatsapp = whatsappState && {
      state: whatsappState,
      reason: whatsappReason,
      since: whatsappSince,
      lasting,
      phone,
      held,
    }
    return { ...row, reads: channel?.run !== undefined && channel.home === undefined, whatsapp }
  })
}

/** What is wrong with an account that somebody has to know of; undefined when it works, or may still come right by itself. */
export function troubleOf(state: AccountState): Trouble | undefined {
  if (state.whatsapp) return numberTrouble(state.whatsapp, state.silentFor) ?? pauseTrouble(state)
  return pauseTrouble(state) ?? connectionTrouble(state)
}

/** The accounts among these that do not work. */
export async function accountsInTrouble(
  em: EntityManager,
  accounts: readonly ConfiguredAccount[],
): Promise<(Account & { trouble: Trouble })[]> {
  const states = await readAccountStates(em, accounts)
  return states.flatMap((state) => {
    const trouble = troubleOf(state)
    return trouble ? [{ channel: state.channel, account: state.account, trouble }] : []
  })
}

/** One that was never linked waits for somebody to set it up, and one that staff disconnected was meant to be. */
function numberTrouble(
  { state, reason, since, lasting, phone, held }: WhatsappRow,
  silentFor: number | null,
): Trouble | undefined {
  const trouble = (code: TroubleCode): Trouble => ({ code, since, detail: reason })
  if (state === 'restricted') return trouble('restricted')
  if (state === 'stopped') return trouble(isTrouble(reason) ? reason : 'other')
  if (phone === null || reason === 'disconnected') return undefined
  if (state === 'pairing' || state === 'unlinked') return trouble('unlinked')
  // Another process takes over within seconds, when there is one.
  if (!held) return (silentFor ?? lasting) > UNHELD ? trouble('not-held') : undefined
  return state !== 'open' && lasting > RECONNECTING ? trouble('unreachable') : undefined
}

/** A connection that was lost just now gets one more try before anybody is told. */
function pauseTrouble({ pausedAt, errorCode, error, probes }: AccountState): Trouble | undefined {
  if (!pausedAt || (errorCode === 'not_connected' && probes === 0)) return undefined
  const code =
    errorCode === 'unauthorized' ? 'token-refused' : errorCode === 'not_connected' ? 'unreachable' : 'no-answer'
  return { code, since: pausedAt, detail: error }
}

function connectionTrouble({ ok, code, since, detail, okAt, silentFor, reads }: AccountState): Trouble | undefined {
  if (reads && silentFor !== null && silentFor > UNREAD) {
    return { code: 'unread', since: okAt ?? since ?? new Date(), detail: null }
  }
  // A database that was away cannot be told of by its own rows: it is back.
  if (ok !== false || code === 'database-away' || !since) return undefined
  return { code: isTrouble(code) ? code : 'other', since, detail }
}

const isTrouble = (code: string | null): code is TroubleCode => TROUBLES.some((one) => one === code)

interface Row extends Omit<AccountState, 'whatsapp' | 'reads'> {
  nth: number
  whatsappState: WhatsappState | null
  whatsappReason: string | null
  whatsappSince: Date
  lasting: number
  phone: string | null
  held: boolean
}

const STATES = `
select a.channel, a.account, a.nth::int as nth, s.ok, s.code, s.detail, s.since, s.ok_at as "okAt",
       extract(epoch from clock_timestamp() - s.noted_at)::float8 as "silentFor",
       s.error_code as "errorCode", s.error, s.error_at as "errorAt",
       s.paused_at as "pausedAt", s.probe_at as "probeAt", coalesce(s.probes, 0) as probes,
       case when s.next_send_at > clock_timestamp() + interval '5 seconds' then s.next_send_at end as "heldUntil",
       w.state as "whatsappState", w.reason as "whatsappReason", w.since as "whatsappSince", w.phone,
       extract(epoch from clock_timestamp() - w.since)::float8 as lasting,
       exists (select from lease l where l.name = 'whatsapp/' || a.account and l.expires_at > clock_timestamp()) as held
  from unnest($1::text[], $2::text[]) with ordinality as a (channel, account, nth)
  left join channel_state s on s.channel = a.channel and s.account = a.account
  left join whatsapp_account w on a.channel = 'whatsapp' and w.account = a.account
 order by a.nth`
