import { setTimeout as pause } from 'node:timers/promises'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { AnyChannel, Health } from '../../channels/channel.ts'
import { SendError } from '../../channels/send-error.ts'
import type { Database } from '../../runtime/database.ts'
import { publish } from '../../runtime/events.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { accountsInTrouble, type ConfiguredAccount } from './account-state.ts'

/** What keeping the states needs. */
export interface StateKeeperDeps {
  database: Database
  channels: readonly AnyChannel[]
  log: Logger
}

/** Milliseconds between two looks at what the channels of this process know. */
const LOOK_EVERY = 2_000

/** Looks after which is seen what only time tells. */
const WATCH_EVERY = 5

/** Milliseconds after which what has not changed is told again, so that all see that somebody still knows. */
const TELL_AGAIN = 20_000

/** Seconds between two questions to a platform whether an account that nobody reads may still work. */
const CHECK_EVERY = 600

/** Milliseconds that such a question may take. */
const CHECK_LIMIT = 20_000

/** Writes down what this process learns of its accounts, until `signal` aborts; where nothing is heard by itself, the platform is asked. */
export async function keepAccountStates(deps: StateKeeperDeps, signal: AbortSignal, every = LOOK_EVERY): Promise<void> {
  const tell = createTeller(deps)
  const watch = createWatch(deps)
  for (let looks = 0; !signal.aborted; looks++) {
    try {
      for (const channel of deps.channels) await tell(channel)
      for (const channel of deps.channels) await checkInTurn(deps, channel, signal)
      if (looks % WATCH_EVERY === 0) await watch()
    } catch (error) {
      deps.log.debug({ err: error }, 'how the channels are doing waits for the database')
    }
    await pause(every, undefined, { signal }).catch(() => undefined)
  }
}

/** Tells of an account what this process knows and has not told yet. */
function createTeller({ database }: StateKeeperDeps): (channel: AnyChannel) => Promise<void> {
  const told = new Map<AnyChannel, { health: Health; at: number }>()
  return async (channel) => {
    const health = channel.health?.()
    if (!health?.at) return
    const last = told.get(channel)
    const isSame = last?.health.code === health.code && last?.health.detail === health.detail
    if (last && isSame && (last.health.at === health.at || performance.now() - last.at < TELL_AGAIN)) return
    await noteHealth(database.fork(), channel, { ...health, at: health.at })
    told.set(channel, { health, at: performance.now() })
  }
}

/** Tells open pages of what no process tells: that nobody reads an account any more, or that a connection stays away. */
function createWatch({ database, channels, log }: StateKeeperDeps): () => Promise<void> {
  let known: Map<string, string> | undefined
  return async () => {
    const em = database.fork()
    const down = await accountsInTrouble(em, channels)
    const now = new Map(down.map(({ channel, account, trouble }) => [`${channel}/${account}`, trouble.code]))
    const before = known
    known = now
    if (!before) return
    for (const { name: channel, account } of channels) {
      const [was, is] = [before.get(`${channel}/${account}`), now.get(`${channel}/${account}`)]
      if (was === is) continue
      log.info({ channel, account, was, is }, is ? 'an account does not work' : 'an account works again')
      await publish(em, { topic: 'channel', channel, account })
    }
  }
}

/** Notes what a process learnt at a moment, unless another one learnt something later. */
export async function noteHealth(
  em: EntityManager,
  { name, account }: Pick<AnyChannel, 'name' | 'account'>,
  { ok, code, detail, at }: Health & { at: Date },
): Promise<void> {
  const parameters = [name, account, ok, code ?? (ok ? 'ok' : 'other'), detail, at]
  const row = await sqlOne<{ changed: boolean }>(em, NOTE, parameters)
  if (row?.changed) await publish(em, { topic: 'channel', channel: name, account })
}

/** One process at a time asks. What the platform says is in the channel's health then. */
async function checkInTurn(
  { database, log }: StateKeeperDeps,
  channel: AnyChannel,
  signal: AbortSignal,
): Promise<void> {
  if (!channel.check || channel.run) return
  const parameters = [channel.name, channel.account, CHECK_EVERY]
  if (!(await sqlOne(database.fork(), TURN, parameters))) return
  try {
    await channel.check(AbortSignal.any([signal, AbortSignal.timeout(CHECK_LIMIT)]))
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    const { code, providerCode } = error
    log.warn(
      { channel: channel.name, account: channel.account, code, providerCode },
      'the platform refuses the account',
    )
  }
}

/** A gauge of whether each account works: 1 or 0 by `channel/account`. */
export function accountMetrics(metrics: Metrics, database: Database, accounts: readonly ConfiguredAccount[]): void {
  metrics.gauge('canaliza_channel_up', 'Whether a channel account works: 1 or 0.', 'account', async () => {
    const down = await accountsInTrouble(database.fork(), accounts)
    const isDown = new Set(down.map(({ channel, account }) => `${channel}/${account}`))
    return Object.fromEntries(
      accounts.map(({ name, account }) => [`${name}/${account}`, isDown.has(`${name}/${account}`) ? 0 : 1]),
    )
  })
}

const NOTE = `
with was as (select code, ok from channel_state where channel = $1 and account = $2)
insert into channel_state as s (channel, account, ok, code, detail, noted_at, since, ok_at)
values ($1, $2, $3, $4, $5, $6, $6, case when $3 then $6::timestamptz end)
on conflict (channel, account) do update
   set ok = excluded.ok, code = excluded.code, detail = excluded.detail, noted_at = excluded.noted_at, updated_at = now(),
       ok_at = coalesce(excluded.ok_at, s.ok_at),
       since = case when s.code = excluded.code then s.since else excluded.noted_at end
 where s.noted_at is null or s.noted_at < excluded.noted_at
returning (select code from was) is distinct from code as changed`

const TURN = `
insert into channel_state as s (channel, account, checked_at) values ($1, $2, clock_timestamp())
on conflict (channel, account) do update set checked_at = excluded.checked_at
 where s.checked_at is null or s.checked_at < clock_timestamp() - make_interval(secs => $3)
returning 1 as turn`
