import type { Logger } from 'pino'
import type { AnyChannel } from '../../channels/channel.ts'
import type { InboundMessage } from '../../channels/message.ts'
import type { Database } from '../../runtime/database.ts'
import { createKeyedRunner, type KeyedRunner } from '../../runtime/keyed-runner.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** What asking for names needs. */
export interface ProfileDeps {
  database: Database
  log: Logger
  channelOf(channel: string, account: string): AnyChannel | undefined
}

/** Milliseconds a platform may take to tell a name. */
const CALL_LIMIT = 10_000

/** Hours after which one who had no name, or could not be asked for, may be asked for again. */
const AGAIN = 24

/** Names that are asked for at the same time in one process. */
const PARALLEL = 2

/** Whose name is asked for. */
type Whose = Pick<InboundMessage, 'channel' | 'account' | 'from'>

/** Asks for the names of who wrote, where a message does not tell them; nobody waits for it. */
export interface Profiles {
  wake(message: Whose): void
  drain(): Promise<void>
}

/** Each address is asked for once, by one process: whoever notes in its row that it asks. */
export function createProfiles(deps: ProfileDeps): Profiles {
  const runner: KeyedRunner<string> = createKeyedRunner({
    parallel: PARALLEL,
    run: async (key, ending) => {
      const [channel = '', account = '', address = ''] = JSON.parse(key)
      await learnName(deps, { channel, account, address }, ending)
      return undefined
    },
    failed: (_key, error) => deps.log.info({ err: error }, 'a name could not be asked for'),
  })
  return {
    wake({ channel, account, from }) {
      if (from.name === undefined && deps.channelOf(channel, account)?.profileName)
        runner.wake(JSON.stringify([channel, account, from.address]))
    },
    drain: runner.drain,
  }
}

async function learnName(
  { database, channelOf }: ProfileDeps,
  { channel, account, address }: { channel: string; account: string; address: string },
  ending: AbortSignal,
): Promise<void> {
  const row = await sqlOne<{ id: number }>(database.fork(), ASK, [channel, account, address, AGAIN])
  if (!row) return
  const signal = AbortSignal.any([ending, AbortSignal.timeout(CALL_LIMIT)])
  const name = await channelOf(channel, account)?.profileName?.(address, signal)
  if (name) await sql(database.fork(), 'update address set name = $2 where id = $1 and name is null', [row.id, name])
}

const ASK = `
update address set profile_at = clock_timestamp()
 where channel = $1 and account = $2 and external_id = $3 and name is null
   and (profile_at is null or profile_at < clock_timestamp() - make_interval(hours => $4))
returning id`
