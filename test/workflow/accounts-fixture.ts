import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { canalesSchema } from '../../src/channels/canales.ts'
import type { AnyChannel, ChannelContext } from '../../src/channels/channel.ts'
import { channelDirectory, createChannels } from '../../src/channels/registry.ts'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { readEnvironment } from '../../src/runtime/env.ts'
import { openFiles } from '../../src/runtime/files.ts'
import { createHttpServer } from '../../src/runtime/http.ts'
import { createLease } from '../../src/runtime/lease.ts'
import { createMetrics } from '../../src/runtime/metrics.ts'
import { openQueues } from '../../src/runtime/queue.ts'
import { sql } from '../../src/runtime/sql.ts'
import { parseYaml } from '../../src/runtime/yaml-config.ts'
import { createCursors, createSaveReceipt, createSentMessage } from '../../src/workflow/mensajes/channel-rows.ts'
import { createPipeline, type Pipeline } from '../../src/workflow/mensajes/pipeline.ts'
import { createTestDatabase } from '../database.ts'
import { echo, silent, turnDeps } from './way-fixture.ts'

/** One process of a town, from its settings to its webhooks and the way of a message; its engine answers `eco: …`. */
export interface TestProcess {
  app: FastifyInstance
  channels: AnyChannel[]
  database: Database
  pipeline: Pipeline
  channelOf(name: string, account: string): AnyChannel | undefined
  /** The receivers run until the end of the test. */
  run(): void
}

/** What a process is made from: the variables of the environment, and config/canales.yaml as it is written. */
export interface TestSettings {
  variables: Record<string, string>
  yaml: string
  /** Accounts that no settings make; `folder` is the process's own. */
  more?(context: ChannelContext, database: Database, folder: string): AnyChannel[]
}

/** A database of the test's own; closed and dropped when the test ends. */
export async function emptyTown(): Promise<string> {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  return url
}

/** Starts a process on the database; several share it. */
export async function startProcess(url: string, { variables, yaml, more }: TestSettings): Promise<TestProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-accounts-'))
  const database = await openDatabase(url, [], silent)
  const queues = await openQueues(url, undefined, silent)
  const files = await openFiles(folder, undefined)
  const env = readEnvironment({ DATA_DIR: folder, ...variables }, '/nonexistent/.env')
  const canales = parseYaml(yaml, 'config/canales.yaml', canalesSchema, { env: env.source })
  const context: ChannelContext = {
    log: silent,
    saveInbound: (messages) => pipeline.saveInbound(messages),
    saveReceipt: createSaveReceipt(database),
    cursor: createCursors(database),
    withLease: createLease(database, silent),
    files,
    now: () => new Date(),
  }
  const settings = {
    env,
    canales,
    database,
    secretKey: 'k'.repeat(40),
    sentMessage: createSentMessage(database),
    savePublic: async () => ({ saved: 0, repeated: 0 }),
  }
  const channels = [...(await createChannels(settings, context)), ...(more?.(context, database, folder) ?? [])]
  const directory = channelDirectory(channels, {})
  const pipeline: Pipeline = createPipeline({
    turn: () => turnDeps(database, echo).deps,
    ...directory,
    limitsOf: (name, account) => ({ ...directory.limitsOf(name, account), quiet: 0 }),
    database,
    log: silent,
    queues,
    metrics: createMetrics(),
    files,
    rateOf: (channel) => channel.limits.rate,
  })
  const app = await createHttpServer({ log: silent, trustProxy: false })
  for (const channel of channels) await channel.routes?.(app)
  const stopping = new AbortController()
  const running: Promise<void>[] = []
  onTestFinished(async () => {
    stopping.abort()
    await Promise.all(running)
    await app.close()
    await pipeline.drain()
    await queues.close()
    await database.close()
    await rm(folder, { recursive: true })
  })
  return {
    app,
    channels,
    database,
    pipeline,
    channelOf: directory.channelOf,
    run: () => void running.push(...channels.flatMap((channel) => channel.run?.(stopping.signal) ?? [])),
  }
}

/** What was said in each conversation, by `channel/account address`, in order. */
export async function conversations(database: Database): Promise<Record<string, string[]>> {
  const rows = await sql<{ place: string; text: string }>(
    database.fork(),
    `select m.channel || '/' || m.account || ' ' || a.external_id as place, m.direction || ' ' || coalesce(m.body->>'text', '') as text
       from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
      order by m.conversation_id, m.seq`,
  )
  const said: Record<string, string[]> = {}
  for (const { place, text } of rows) said[place] = [...(said[place] ?? []), text]
  return said
}
