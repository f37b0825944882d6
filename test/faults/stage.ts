import { join } from 'node:path'
import { until } from '../../src/runtime/until.ts'
import { makeRunFolder, startTownDatabase, startTownRedis, type TownDatabase, type TownRedis } from './backends.ts'
import { poisonDatabase } from './database-rows.ts'
import { type Fleet, startFleet } from './fleet.ts'
import type { Backend } from './options.ts'
import { type Platform, startPlatform } from './platform.ts'
import { createProxy } from './proxy.ts'
import type { Random } from './random.ts'
import { makeTown } from './town.ts'

/** Everything that a run stands on: servers, processes of ours, the platform, the load balancer. */
export interface Stage {
  folder: string
  database: TownDatabase
  redis: TownRedis | undefined
  platform: Platform
  fleet: Fleet
  /** The load balancer's address. */
  front: string
  /** Ends all processes and servers; the folder is removed unless `keep`. */
  close(keep: boolean): Promise<void>
}

/** Two of each, sharing a database; one more process would only wait for the same two cores. */
const ROLES = [
  { name: 'web-1', roles: 'web' },
  { name: 'web-2', roles: 'web' },
  { name: 'worker-1', roles: 'worker' },
  { name: 'worker-2', roles: 'worker' },
]

const READY = 60_000

/** Shorter than the town's own, for answers are many here. */
const QUIET = 400

/** Builds it up and waits until it takes messages; what was built until a failure is taken down again. */
export async function setStage(backend: Backend, random: Random, log: (line: string) => void): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = []
  const tearDown = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  const opened = <T>(part: T, close: () => Promise<unknown>): T => {
    closing.push(close)
    return part
  }
  const folder = await makeRunFolder()
  try {
    const town = await makeTown(folder.path, QUIET)
    const database = await startTownDatabase(folder.path, log)
    opened(database, database.stop)
    const redis = backend === 'redis' ? await startTownRedis(folder.path) : undefined
    if (redis) opened(redis, redis.stop)
    const platform = await startPlatform(random.fork('platform'))
    opened(platform, platform.close)
    const env = { ...environmentOf(folder.path, database, redis, platform), NODE_COMPILE_CACHE: town.cache }
    const fleet = await startFleet(ROLES, {
      town: town.path,
      env,
      logs: join(folder.path, 'logs'),
      watchdog: folder.watchdog,
    })
    opened(fleet, fleet.close)
    const front = await createProxy({ choose: roundRobin(fleet.webUrls), onFailure: 'bad gateway' })
    opened(front, front.close)
    if (!(await fleet.ready(READY))) throw new Error(`the processes do not start: see ${folder.path}/logs`)
    await poisonDatabase(database.url)
    const isSet = await until(() => platform.webhook.fake.webhook() !== undefined, { timeout: READY })
    if (!isSet) throw new Error(`no webhook was set: see ${folder.path}/logs`)
    const close = async (keep: boolean) => {
      await tearDown()
      await folder.leave(keep)
    }
    return { folder: folder.path, database, redis, platform, fleet, front: front.url, close }
  } catch (error) {
    await tearDown()
    await folder.leave(true)
    throw error
  }
}

function environmentOf(folder: string, database: TownDatabase, redis: TownRedis | undefined, platform: Platform) {
  return {
    ...platform.env,
    DATABASE_URL: database.url,
    ...(redis && { REDIS_URL: redis.url }),
    DATA_DIR: join(folder, 'var'),
    SECRET_KEY: 'a-key-of-forty-characters-for-fault-runs',
    ADMIN_EMAIL: 'admin@canaliza.example',
    ADMIN_PASSWORD: 'una frase larga para el panel',
    // As behind a load balancer that speaks TLS: then each citizen has an address of their own.
    PUBLIC_URL: 'https://canaliza.example',
    SEND_RATE: '0',
    LOG_LEVEL: 'info',
  }
}

function roundRobin(urls: readonly string[]): () => string | undefined {
  let next = 0
  return () => urls[next++ % urls.length]
}
