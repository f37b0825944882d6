import { setTimeout as pause } from 'node:timers/promises'
import { type BackendFactory, PostgresConnection, type PostgresConnectionOptions, PostgresQueueBackend } from 'bullmq'

/** Milliseconds between two questions whether PostgreSQL is there. */
const ASK_AGAIN = 500

/**
 * BullMQ 6.7 remembers for ever that its first connection failed. A worker that was built while PostgreSQL restarted then asks
 * again without a pause, and its process comes to nothing else, not even to SIGTERM; and the client of that first connection has
 * no error listener, so that a restart at that moment ends the process. This one asks by a plain query, and again later.
 * That the tables are of this version, `migrate` saw to.
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

/** BullMQ's own backend on PostgreSQL, over a connection that bears restarts of the server from its first moment. */
export const patientPostgresBackend: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (
  name,
  options,
  { withBlockingConnection = false } = {},
) =>
  new PostgresQueueBackend(
    new PatientConnection(options.connection),
    name,
    options,
    true,
    // A worker's listening connection bears the queue's name in pg_stat_activity.
    withBlockingConnection ? name : undefined,
  )
