import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from './database.ts'
import { sql, sqlOne } from './sql.ts'

/** Seconds a lease lives without renewal: how long a dead process's work stands still. */
const LEASE_SECONDS = 8

const RENEW_MS = 2_000

/** As `WithLease` of channel.ts: work that only one process may do at a time. */
export type Lease = (name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>) => Promise<void>

/** Leases kept as rows, by the database's clock, so that processes need not agree on the time. */
export function createLease(database: Database, log: Logger): Lease {
  const holder = randomUUID()
  return async (name, signal, work) => {
    while (!signal.aborted) {
      const one = { database, log, name, holder }
      if ((await acquire(one)) === 'held') await hold(one, signal, work)
      await pause(RENEW_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** A lease that this process holds, or would. */
interface Asked {
  database: Database
  log: Logger
  name: string
  holder: string
}

async function acquire({ database, name, holder }: Asked): Promise<'held' | 'taken' | 'unknown'> {
  try {
    return (await sqlOne(database.fork(), ACQUIRE, [name, holder, LEASE_SECONDS])) ? 'held' : 'taken'
  } catch {
    // The database is away, and with it every lease; asked again shortly.
    return 'unknown'
  }
}

async function hold(asked: Asked, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { database, log, name, holder } = asked
  const lost = new AbortController()
  const until = AbortSignal.any([signal, lost.signal])
  let renewed = performance.now()
  const renew = async () => {
    const began = performance.now()
    // Stop before the row expires, also when no answer comes: another process may start the moment it does.
    if (began - renewed > (LEASE_SECONDS * 1000) / 2) lost.abort()
    const state = await acquire(asked)
    if (state === 'held') renewed = began
    if (state === 'taken') lost.abort()
  }
  const timer = setInterval(renew, RENEW_MS)
  try {
    log.info({ lease: name }, 'this process holds the lease')
    await work(until)
  } catch (error) {
    if (!until.aborted) log.error({ err: error, lease: name }, 'the work under a lease failed; it is begun again')
  } finally {
    clearInterval(timer)
    await sql(database.fork(), 'delete from lease where name = $1 and holder = $2', [name, holder]).catch((error) =>
      log.debug({ err: error, lease: name }, 'the lease could not be given back; it expires by itself'),
    )
  }
}

const ACQUIRE = `
insert into lease (name, holder, expires_at) values ($1, $2, clock_timestamp() + make_interval(secs => $3))
on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
 where lease.holder = excluded.holder or lease.expires_at < clock_timestamp()
returning 1 as held`
