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

export interface Events {
  /** Returns the function that stops listening. */
  on(topic: string, listener: Listener): () => void
  close(): Promise<void>
}

/** Tells all processes when the transaction of `em` commits, and nobody when it does not. */
export async function publish(em: EntityManager, event: Event): Promise<void> {
  await sql(em, 'select pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)])
}

/** Listens on a connection of its own, and connects again when it is lost. */
export async function listen(url: string, log: Logger): Promise<Events> {
  const listeners = new Map<string, Set<Listener>>()
  const closing = new AbortController()
  let client: Client | undefined

  const dispatch = (payload: string) => {
    const event: Event = JSON.parse(payload)
    for (const listener of listeners.get(event.topic) ?? []) listener(event)
  }
  const connect = async () => {
    const next = new Client({ connectionString: url, application_name: 'canaliza events', keepAlive: true })
    next.on('error', (error) => log.warn({ err: error }, 'the connection for live events was lost'))
    next.on('notification', ({ payload }) => payload && dispatch(payload))
    next.on('end', () => {
      if (!closing.signal.aborted) void reconnect()
    })
    await next.connect()
    await next.query(`listen ${CHANNEL}`)
    client = next
  }
  const reconnect = async () => {
    while (!closing.signal.aborted) {
      try {
        await connect()
        for (const topic of listeners.values()) for (const listener of topic) listener({ topic: 'resync' })
        return
      } catch (error) {
        log.debug({ err: error }, 'live events wait for the database')
        await pause(500, undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
  }

  await connect()
  return {
    on(topic, listener) {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(listener))
      return () => set.delete(listener)
    },
    async close() {
      closing.abort()
      await client?.end()
    },
  }
}
