import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunFolder, TownDatabase } from '../test/faults/backends.ts'
import { drained, withClient } from '../test/faults/database-rows.ts'
import { startFleet } from '../test/faults/fleet.ts'
import { POLLED, type Town } from '../test/faults/town.ts'
import type { Load, LoadResult } from './load.ts'
import type { Line } from './table.ts'

/** Where the load runs. */
export interface Ground {
  folder: RunFolder
  town: Town
  database: TownDatabase
  log(line: string): void
}

const SECRET = 'the-secret-of-the-benchmark'

/** One process with all roles, as `npm start` has it, on a PostgreSQL that syncs, under the loads of the targets. */
export async function benchWebhook(ground: Ground, seconds: number): Promise<Line[]> {
  const { folder, town, database, log } = ground
  const generator = startGenerator()
  try {
    const platform = await generator.platform
    const env = {
      DATABASE_URL: database.url,
      DATA_DIR: join(folder.path, 'var'),
      SECRET_KEY: 'a-key-of-forty-characters-for-benchmarks',
      ADMIN_EMAIL: 'admin@canaliza.example',
      ADMIN_PASSWORD: 'una frase larga para el panel',
      PUBLIC_URL: 'https://canaliza.example',
      SEND_RATE: '0',
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: town.cache,
      TELEGRAM_API_ROOT: platform,
      TELEGRAM_BOT_TOKEN: '4242:bench',
      TELEGRAM_MODE: 'webhook',
      TELEGRAM_WEBHOOK_SECRET: SECRET,
      [POLLED.variable]: '4343:idle',
      ...(process.env.BENCH_PROFILE ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.BENCH_PROFILE}` } : {}),
    }
    const fleet = await startFleet([{ name: 'all', roles: 'web,worker' }], {
      town: town.path,
      env,
      logs: join(folder.path, 'logs'),
      watchdog: folder.watchdog,
    })
    try {
      const [member] = fleet.members
      if (!member || !(await fleet.ready(60_000))) throw new Error(`Canaliza does not start: see ${folder.path}/logs`)
      const target = { webhook: `${member.url}/webhooks/telegram`, secret: SECRET }
      const load = async (rate: number, duration: number, firstChat: number) => {
        log(`${rate} messages/s for ${duration} s`)
        return generator.run({ ...target, rate, seconds: duration, firstChat })
      }
      await load(50, 10, 1_000_000)
      const steady = await load(100, seconds, 2_000_000)
      const began = performance.now()
      const flood = await load(500, Math.min(30, seconds), 3_000_000)
      const waiting = await drained(database.url, 240_000)
      const rest = (performance.now() - began) / 1000
      await member.terminate(true)
      return [...steadyLines(steady), ...floodLines(flood, rest, waiting), await petitionLine(database.url)]
    } finally {
      await fleet.close()
    }
  } finally {
    generator.stop()
  }
}

function startGenerator() {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)))
  const hear = async <T>(read: (message: { platform?: string; result?: LoadResult }) => T | undefined): Promise<T> => {
    for (;;) {
      const [message] = await once(child, 'message')
      const found = read(message)
      if (found !== undefined) return found
    }
  }
  return {
    platform: hear((message) => message.platform),
    run: (load: Load) => {
      const result = hear((message) => message.result)
      child.send(load)
      return result
    },
    stop: () => void child.kill(),
  }
}

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
const ends = ({ p50, p99 }: { p50: number; p99: number }) => `${ms(p50)} / ${ms(p99)}`

const steadyLines = ({ said, acknowledged, answers, replies, late }: LoadResult): Line[] => [
  ['webhook answer p50 / p99 at 100 messages/s', '≤ 10 ms / ≤ 100 ms', ends(answers)],
  ['message in → reply at the platform p50 / p99, same load', '≤ 30 ms / ≤ 200 ms', ends(replies)],
  ['  said / acknowledged / answered', '', `${said} / ${acknowledged} / ${replies.count}`],
  ['  the generator itself was late by at most', '', ms(late)],
]

const floodLines = ({ said, acknowledged, answers, took, late }: LoadResult, rest: number, waiting: object): Line[] => [
  ['500 messages/s for 30 s: all acknowledged after', '', `${(took / 1000).toFixed(1)} s`],
  [
    '  all answered after (the 30 s included)',
    '≤ 60 s',
    Object.keys(waiting).length === 0 ? `${rest.toFixed(1)} s` : 'not in 240 s',
  ],
  ['  said / acknowledged', '', `${said} / ${acknowledged}`],
  ['  webhook answer p50 / p99', '', ends(answers)],
  ['  the generator itself was late by at most', '', ms(late)],
]

/** That the work was real. */
async function petitionLine(url: string): Promise<Line> {
  const count = await withClient(url, (client) =>
    client.query<{ n: number }>('select count(*)::int as n from peticion'),
  )
  return ['petitions registered meanwhile', '', String(count.rows[0]?.n)]
}
