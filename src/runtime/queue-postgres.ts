import { setTimeout as pause } from 'node:timers/promises'
import { type BackendFactory, type PgPool, PostgresConnection, PostgresQueueBackend } from 'bullmq'
import { Pool } from 'pg'
import { QUEUE_SCHEMA } from './database.ts'

// Each Queue and Worker has its own small pool; the sum is the connection budget in docs/decisions.
const CONNECTIONS = 2

/** Milliseconds between two questions whether PostgreSQL is there. */
const ASK_AGAIN = 500

/**
 * BullMQ 6.7 remembers for ever that its first connection failed. A worker that was built while PostgreSQL restarted then asks
 * again without a pause, and its process comes to nothing else, not even to SIGTERM. This one asks by a plain query, and again
 * later. That the tables are of this version, `migrate` saw to.
 */
class PatientConnection extends PostgresConnection {
  #ready: Promise<void> | undefined

  override async waitUntilReady(): Promise<void> {
    this.#ready ??= this.#ask()
    try {
      await this.#ready
    } catch (error) {
      this.#ready = undefined
      throw error
    }
  }

  /** The pool was given to BullMQ, which leaves it open. */
  override async close(): Promise<void> {
    if (this.isClosing) return this.isClosing
    await super.close()
    await this.pool.end()
  }

  async #ask(): Promise<void> {
    try {
      await this.pool.query('select 1')
    } catch (error) {
      await pause(ASK_AGAIN)
      throw error
    }
    setTimeout(() => this.emit('ready'), 0)
  }
}

/**
 * A pool whose clients always have an error listener. Those that BullMQ makes itself have none while they connect and while they
 * are out of the pool, and a restart of PostgreSQL at that moment would end the process. What fails is told by the query, or by the pool.
 */
function patientPool(url: string, max: number): PgPool {
  const pool = new Pool({ connectionString: url, max, keepAlive: true, options: `-c search_path=${QUEUE_SCHEMA}` })
  pool.on('connect', (client) => client.on('error', () => undefined))
  // pg's pool is what BullMQ asks for; only the ways in which the two declare `on` differ.
  return pool as unknown as PgPool
}

/** BullMQ's own backend on the PostgreSQL of a URL, over connections that bear restarts of the server at any moment. */
export const patientPostgresBackend: BackendFactory<PostgresQueueBackend, string> = (
  name,
  options,
  { withBlockingConnection: listens = false } = {},
) => {
  const pool = patientPool(options.connection, listens ? CONNECTIONS + 1 : CONNECTIONS)
  // A worker's listening connection bears the queue's name in pg_stat_activity.
  return new PostgresQueueBackend(new PatientConnection(pool), name, options, true, listens ? name : undefined)
}
