import type { AnyChannel } from '../channels/channel.ts'
import type { Database } from '../runtime/database.ts'
import type { Check, Checks } from '../runtime/health.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { Queues } from '../runtime/queue.ts'
import { sql, sqlOne } from '../runtime/sql.ts'

/** Seconds since the last sweep after which nobody seems to sweep. */
const SWEEP_AGE = 30

/** What /readyz asks: database, queue, and how long ago somebody swept; how the channels are doing is told beside. */
export function readiness(database: Database, queues: Queues, channels: AnyChannel[]): Checks {
  const answers = (ping: () => Promise<void>) => async (): Promise<Check> => {
    await ping()
    return { ok: true, detail: 'answers' }
  }
  const channelChecks = channels.flatMap((channel) => {
    const { health } = channel
    if (!health) return []
    return [
      [
        `channel ${channel.name}/${channel.account}`,
        async (): Promise<Check> => ({ ...health.call(channel), onlyTold: true }),
      ] as const,
    ]
  })
  return {
    database: answers(database.ping),
    queue: answers(queues.ping),
    sweeper: () => sweeperAge(database),
    ...Object.fromEntries(channelChecks),
  }
}

async function sweeperAge(database: Database): Promise<Check> {
  const row = await sqlOne<{ age: number }>(
    database.fork(),
    `select extract(epoch from clock_timestamp() - at)::float8 as age from latido where tarea = 'sweep'`,
  )
  if (!row) return { ok: false, detail: 'nobody has swept yet' }
  return { ok: row.age < SWEEP_AGE, detail: `swept ${Math.round(row.age)} s ago` }
}

/** Gauges that are read from the rows at each scrape. */
export function rowMetrics(metrics: Metrics, database: Database, queues: Queues): void {
  const read = (text: string) => async () => {
    const rows = await sql<{ key: string; value: number }>(database.fork(), text)
    return Object.fromEntries(rows.map((row) => [row.key, row.value]))
  }
  metrics.gauge('canaliza_queue_jobs', 'Jobs waiting, delayed or active.', 'queue', queues.depth)
  metrics.gauge('canaliza_oldest_waiting_seconds', 'Age of the oldest row that waits.', 'waiting', read(OLDEST))
  metrics.gauge('canaliza_peticiones', 'Petitions by state.', 'estado', read(PETICIONES))
  metrics.gauge(
    'canaliza_messages_undelivered',
    'Messages that wait for a person to look.',
    'status',
    read(UNDELIVERED),
  )
}

const OLDEST = `
select status as key, extract(epoch from clock_timestamp() - min(created_at))::float8 as value
  from message where status in ('received', 'pending', 'sending') group by status
union all
select 'outbox', extract(epoch from clock_timestamp() - min(created_at))::float8 from outbox where status = 'pending' having count(*) > 0
union all
select 'attachment', extract(epoch from clock_timestamp() - min(created_at))::float8 from attachment where status = 'pending' having count(*) > 0`

const PETICIONES = `select estado as key, count(*)::int as value from peticion group by estado`

const UNDELIVERED = `select status as key, count(*)::int as value from message where status in ('failed', 'ambiguous', 'waiting_window') and moved_to is null and not exists (select from descarte d where d.message_id = message.id) group by status`
