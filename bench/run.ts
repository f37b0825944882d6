import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { until } from '../src/runtime/until.ts'
import { makeRunFolder, startTownDatabase } from '../test/faults/backends.ts'
import { type Figure, milliseconds, percentile, table } from './figures.ts'
import { type Outcome, sendSteadily, type Target } from './load.ts'
import { type FastPlatform, startFastPlatform } from './platform.ts'
import { type Program, startProgram } from './program.ts'
import { compareTurns } from './turns.ts'

const SECRET = 'the-secret-of-the-bench'
const PORT = 3990
const say = (line: string) => process.stderr.write(`${line}\n`)

const folder = await makeRunFolder()
const platform = await startFastPlatform()
const database = await startTownDatabase(folder.path, say)
try {
  const figures = [...(await firstStart()), ...(await underLoad()), ...(await turns())]
  process.stdout.write(`\n${table(figures)}\n`)
} finally {
  await platform.close()
  await database.stop()
  await rm(folder.path, { recursive: true, force: true })
}

/** On an empty folder, with the embedded PostgreSQL. */
async function firstStart(): Promise<Figure[]> {
  say('first start on an empty folder')
  const program = await startProgram(PORT, { DATA_DIR: join(folder.path, 'empty') })
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  const memory = await program.memory()
  await program.stop()
  return [
    {
      what: 'first answer after the start on an empty folder',
      measured: milliseconds(program.firstAnswer),
      goal: '≤ 5000 ms',
    },
    { what: 'memory of one all-in-one process at rest', measured: `${memory.toFixed(0)} MB`, goal: '≤ 300 MB' },
  ]
}

/** One all-in-one process, the load and the platform in this one; rates lifted. */
async function underLoad(): Promise<Figure[]> {
  const program = await startProgram(PORT, variables())
  const target: Target = { url: `${program.url}/webhooks/telegram`, secret: SECRET }
  try {
    say('warming up')
    await sendSteadily(target, { rate: 50, seconds: 6, people: 300, first: 1_000_000 }, platform)
    say('100 messages a second')
    const steady = await sendSteadily(target, { rate: 100, seconds: 20, people: 2_000, first: 2_000_000 }, platform)
    say('500 messages a second')
    const flood = await sendSteadily(target, { rate: 500, seconds: 30, people: 5_000, first: 3_000_000 })
    const drained = await untilDrained()
    return [...steadyFigures(steady), ...floodFigures(flood, drained), await sentFigure(program, platform)]
  } finally {
    await program.stop()
  }
}

function variables() {
  return {
    DATABASE_URL: database.url,
    DATA_DIR: join(folder.path, 'var'),
    SECRET_KEY: 'a-key-of-forty-characters-for-the-bench-',
    PUBLIC_URL: 'https://canaliza.example',
    SEND_RATE: '0',
    TELEGRAM_BOT_TOKEN: '4242:bench',
    TELEGRAM_API_ROOT: platform.url,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: SECRET,
  }
}

function steadyFigures({ answers, replies, refused }: Outcome): Figure[] {
  const both = (values: number[]) =>
    `p50 ${milliseconds(percentile(values, 0.5))}, p99 ${milliseconds(percentile(values, 0.99))}`
  return [
    {
      what: `webhook answer at 100 messages/s (${answers.length}, ${refused} refused)`,
      measured: both(answers),
      goal: 'p50 ≤ 10 ms, p99 ≤ 100 ms',
    },
    {
      what: 'message in → reply handed to the platform, same load',
      measured: both(replies),
      goal: 'p50 ≤ 30 ms, p99 ≤ 200 ms',
    },
  ]
}

function floodFigures({ answers, refused, took }: Outcome, drained: number): Figure[] {
  const rate = (answers.length / took).toFixed(0)
  const p99 = milliseconds(percentile(answers, 0.99))
  return [
    {
      what: '500 messages/s for 30 s',
      measured: `${answers.length} answered (${rate}/s, p99 ${p99}), ${refused} refused`,
      goal: 'all answered',
    },
    { what: 'all of them handled and answered, after the last', measured: `${drained.toFixed(1)} s`, goal: '≤ 60 s' },
  ]
}

async function sentFigure(program: Program, { sent }: FastPlatform): Promise<Figure> {
  return {
    what: 'replies handed to the platform in all',
    measured: `${sent} (then ${(await program.memory()).toFixed(0)} MB)`,
    goal: '',
  }
}

/** Seconds until nothing waits any more. */
async function untilDrained(): Promise<number> {
  const began = performance.now()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const empty = async () => {
    const { rows } = await client.query(
      "select count(*)::int as n from message where status in ('received', 'pending', 'sending')",
    )
    return rows[0]?.n === 0
  }
  await until(empty, { every: 250, timeout: 180_000 })
  await client.end()
  return (performance.now() - began) / 1000
}

async function turns(): Promise<Figure[]> {
  say('turns beside a bare loop of the same statements')
  const { ours, bare } = await compareTurns(database.url, 3_000)
  return [
    {
      what: 'sustained turns, beside a bare pg loop of the same statements',
      measured: `${ours.toFixed(0)}/s of ${bare.toFixed(0)}/s: ${((100 * ours) / bare).toFixed(0)} %`,
      goal: '≥ 60 %',
    },
  ]
}
