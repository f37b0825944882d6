import { setTimeout as pause } from 'node:timers/promises'
import type { EntityManager } from '@mikro-orm/postgresql'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { sql } from './sql.ts'

const CHANNEL = 'canaliza'

/** What happened, told to every process: ids only, never content (a notification is read by whoever listens). */
export interface Event {
  topic: string
  [detail: string]: string | number | boolean | null
}

/** A notification is only a hint: after `resync` a listener must read its rows again, for it may have missed some. */
export type Listener = (event: Event | { topic: 'resync' }) => void

/** Notifications of PostgreSQL, heard by this process. */
export interface Events {
  /** Returns the function that stops listening. */
  on(topic: string, listener: Listener): () => void
  close(): Promise<void>
}

/** Tells all processes when the transaction of `em` commits, and nobody when it does not. */
export async function publish(em: EntityManager, event: Event): Promise<void> {
  await sql(em, 'select pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)])
}

/** Milliseconds that connecting may take, and between two attempts. */
const PATIENCE = 5_000
const RETRY = 500

/** Listens on a connection of its own, and connects again when it is lost. @throws when the first connection fails. */
export async function listen(url: string, log: Logger): Promise<Events> {
  const listeners = new Map<string, Set<Listener>>()
  const closing = new AbortController()
  const { signal } = closing
  const hear = (payload: string) => {
    const event: Event = JSON.parse(payload)
    for (const listener of listeners.get(event.topic) ?? []) listener(event)
  }
  const resync = () => {
    for (const topic of listeners.values()) for (const listener of topic) listener({ topic: 'resync' })
  }

  let line = await connect(url, log, hear)
  const keepListening = async () => {
    while (!signal.aborted) {
      await line.ended
      if (signal.aborted) return
      try {
        line = await connect(url, log, hear)
        resync()
      } catch (error) {
        log.debug({ err: error }, 'live events wait for the database')
        await pause(RETRY, undefined, { signal }).catch(() => undefined)
      }
    }
  }
  const kept = keepListening()
  return {
    on(topic, listener) {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(listener))
      return () => set.delete(listener)
    },
    async close() {
      closing.abort()
      await line.end()
      await kept
      await line.end()
    },
  }
}

/** One connection that listens. */
interface Line {
  /** Resolves when it is lost or was ended. */
  ended: Promise<void>
  end(): Promise<void>
}

async function connect(url: string, log: Logger, hear: (payload: string) => void): Promise<Line> {
  const client = new Client({
    connectionString: url,
    application_name: 'canaliza events',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: PATIENCE,
  })
  // A connection that never came about ends too: who listens for that must not take it for one that was lost.
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  client.on('error', (error) => log.warn({ err: error }, 'the connection for live events was lost'))
  client.on('notification', ({ payload }) => payload && hear(payload))
  try {
    await client.connect()
    await client.query(`listen ${CHANNEL}`)
  } catch (error) {
    await client.end()
    throw error
  }
  return { ended, end: () => client.end() }
}
