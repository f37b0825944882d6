import type { EntityManager } from '@mikro-orm/postgresql'
import { type Job, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { QUEUE_SCHEMA } from './database.ts'
import { StartupProblem } from './problem.ts'
import { patientPostgresBackend } from './queue-postgres.ts'
import { sql } from './sql.ts'

/** A wake-up call: the same id twice is one job while the first exists. No colon, not a bare number. */
export interface WakeUp {
  id: string
  data: Record<string, string | number>
  /** Milliseconds. */
  delay?: number
}

export interface Queues {
  /** Never rejects and never waits for long: the row the job would wake is swept up when the queue is away. */
  add(queue: string, job: WakeUp): Promise<void>
  /** Runs `handler` for each job of a queue; its failure is only logged, for the row knows when to be tried again. */
  work(
    queue: string,
    handler: (data: WakeUp['data']) => Promise<void>,
    options: { concurrency: number; rate?: number },
  ): void
  /** Jobs that wait, by queue. */
  depth(): Promise<Record<string, number>>
  /**
   * BullMQ writes down when each job was added, begun and done, by its id, to the millisecond: by that, an anonymous report could be
   * matched with who wrote at that moment. Nothing of ours reads it. `em` is outside any transaction.
   */
  forgetSteps(em: EntityManager): Promise<void>
  /** Resolves when the backend answers. */
  ping(): Promise<void>
  /** Takes no new job, waits for those under way. */
  close(): Promise<void>
}

/** A killed worker's jobs are taken up by another within some six seconds; a backend that went away is asked each second. */
const RECOVERY = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 100, runRetryDelay: 1_000 }

/** Milliseconds that adding a job is waited for. */
const PATIENCE = 2_000

interface Backend {
  queue(name: string): Queue
  worker(name: string, run: (job: Job) => Promise<void>, options: Omit<WorkerOptions, 'connection'>): Worker
  forgetSteps(em: EntityManager, queues: Iterable<string>): Promise<void>
  close(): Promise<void>
}

/** Queues on Redis when there is a URL, else on the same PostgreSQL. Both must answer already. */
export async function openQueues(databaseUrl: string, redisUrl: string | undefined, log: Logger): Promise<Queues> {
  const backend = redisUrl ? await redisBackend(redisUrl, log) : postgresBackend(databaseUrl)
  const queues = new Map<string, Queue>()
  const workers: Worker[] = []
  const names = new Set<string>()

  const queueOf = (name: string): Queue => {
    names.add(name)
    const queue = queues.get(name) ?? backend.queue(name)
    if (!queues.has(name))
      queue.on('error', (error) => log.debug({ err: error, queue: name }, 'the queue does not answer'))
    queues.set(name, queue)
    return queue
  }

  return {
    async add(name, { id, data, delay }) {
      const options = {
        jobId: id,
        removeOnComplete: true,
        removeOnFail: true,
        ...(delay ? { delay: Math.ceil(delay) } : {}),
      }
      const added = queueOf(name)
        .add(name, data, options)
        .then(
          () => undefined,
          (error) => log.warn({ err: error, queue: name }, 'a job could not be added; the sweeper will find its row'),
        )
      await atMost(added, PATIENCE)
    },
    work(name, handler, { concurrency, rate }) {
      names.add(name)
      const limiter = rate
        ? { limiter: { max: Math.max(1, Math.floor(rate)), duration: rate < 1 ? 1000 / rate : 1000 } }
        : {}
      const run = (job: Job) =>
        handler(job.data).catch((error) => log.warn({ err: error, queue: name }, 'a job failed'))
      const worker = backend.worker(name, run, { concurrency, ...RECOVERY, ...limiter })
      worker.on('error', (error) => log.debug({ err: error, queue: name }, 'the queue does not answer'))
      workers.push(worker)
    },
    async depth() {
      const counts = [...queues].map(async ([name, queue]): Promise<[string, number]> => {
        const { waiting = 0, delayed = 0, active = 0 } = await queue.getJobCounts('waiting', 'delayed', 'active')
        return [name, waiting + delayed + active]
      })
      return Object.fromEntries(await Promise.all(counts))
    },
    forgetSteps: (em) => backend.forgetSteps(em, names),
    async ping() {
      const [queue] = queues.values()
      await queue?.getJobCounts('waiting')
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      await backend.close()
    },
  }
}

async function atMost(work: Promise<void>, limit: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limit)
  await Promise.race([work, late])
  clearTimeout(timer)
}

function postgresBackend(connection: string): Backend {
  return {
    queue: (name) =>
      new Queue(name, { connection } as QueueOptions<string>, patientPostgresBackend) as unknown as Queue,
    worker: (name, run, options) =>
      new Worker(
        name,
        run,
        { ...options, connection } as WorkerOptions<string>,
        patientPostgresBackend,
      ) as unknown as Worker,
    forgetSteps: async (em) => {
      await sql(em, `delete from ${QUEUE_SCHEMA}.event`)
    },
    close: async () => undefined,
  }
}

async function redisBackend(url: string, log: Logger): Promise<Backend> {
  const adding = new Redis(url, { maxRetriesPerRequest: 2, lazyConnect: true })
  const working = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true })
  for (const redis of [adding, working])
    redis.on('error', (error) => log.debug({ err: error }, 'Redis does not answer'))
  await refuseForgetful(adding, url)
  return {
    queue: (name) => new Queue(name, { connection: adding }),
    worker: (name, run, options) => new Worker(name, run, { ...options, connection: working }),
    forgetSteps: async (_em, queues) => {
      for (const name of queues) await adding.xtrim(`bull:${name}:events`, 'MAXLEN', 0)
    },
    close: async () => {
      adding.disconnect()
      working.disconnect()
    },
  }
}

/** Redis must keep what it was given: no eviction, and an append-only file. */
async function refuseForgetful(redis: Redis, url: string): Promise<void> {
  const place = new URL(url).host
  try {
    await redis.connect()
    const settings = Object.fromEntries(
      pairs([await redis.config('GET', 'maxmemory-policy'), await redis.config('GET', 'appendonly')].flat()),
    )
    if (settings['maxmemory-policy'] !== 'noeviction') {
      throw new StartupProblem(
        `Redis at ${place} may throw jobs away: set "maxmemory-policy noeviction" there (it is ${settings['maxmemory-policy']}).`,
      )
    }
    if (settings.appendonly !== 'yes') {
      throw new StartupProblem(`Redis at ${place} forgets its jobs when it restarts: set "appendonly yes" there.`)
    }
  } catch (error) {
    redis.disconnect()
    if (error instanceof StartupProblem) throw error
    throw new StartupProblem(
      `REDIS_URL: nothing answers as Redis at ${place} (${error instanceof Error ? error.message : error}).`,
      69,
    )
  }
}

const pairs = (flat: unknown[]): [string, string][] =>
  flat.flatMap((key, index): [string, string][] => (index % 2 === 0 ? [[String(key), String(flat[index + 1])]] : []))
