import { execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { until } from '../src/runtime/until.ts'
import type { Line } from './table.ts'

const execute = promisify(execFile)
const PROJECT = fileURLToPath(new URL('..', import.meta.url))

/** How long it is left alone before its memory is read, in milliseconds. */
const REST = 20_000

/** `npm start` on an empty folder, twice: until the page answers, until the bot does; and what it keeps in memory at rest. */
export async function benchColdStart(port: number): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-bench-'))
  try {
    const first = await start(folder, port)
    await pause(REST)
    const memory = await memoryOf(first.group)
    await first.stop()
    const second = await start(folder, port)
    await second.stop()
    const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`
    return [
      ['npm start on an empty folder: first page', '≤ 5 s', seconds(first.page)],
      ['  first answer of the bot in the web chat', '', seconds(first.bot)],
      ['  the next start on that folder: first page', '', seconds(second.page)],
      ['memory of one all-in-one process at rest', '≤ 300 MB', `${memory} MB`],
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function start(folder: string, port: number) {
  const began = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: PROJECT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: join(folder, 'var'),
      PORT: String(port),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const log = createWriteStream(join(folder, 'log'))
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const group = child.pid ?? 0
  const url = `http://127.0.0.1:${port}`
  const answers = () =>
    fetch(url).then(
      (response) => response.arrayBuffer().then(() => response.ok),
      () => false,
    )
  await until(answers, { every: 10, timeout: 60_000 })
  const page = performance.now() - began
  await botAnswers(`${url}/v3/directline`)
  const bot = performance.now() - began
  return {
    page,
    bot,
    group,
    async stop() {
      for (const pid of await nodesOf(group)) process.kill(pid, 'SIGTERM')
      await ended
    },
  }
}

const granted = z.object({ conversationId: z.string(), token: z.string() })
const activitySet = z.object({ activities: z.array(z.object({ from: z.object({ role: z.string() }) })) })

async function botAnswers(api: string): Promise<void> {
  const grant = await fetch(`${api}/tokens/generate`, { method: 'POST' })
  const { conversationId, token } = granted.parse(await grant.json())
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const activities = `${api}/conversations/${conversationId}/activities`
  const body = JSON.stringify({
    type: 'message',
    from: { id: 'x' },
    text: 'hola',
    channelData: { clientActivityID: '1' },
  })
  await fetch(activities, { method: 'POST', headers, body })
  await until(
    async () => {
      const page = activitySet.parse(await (await fetch(activities, { headers })).json())
      return page.activities.some(({ from }) => from.role === 'bot')
    },
    { every: 10, timeout: 30_000 },
  )
}

/** The processes of ours in a group that npm made: npm and a shell come first. */
async function nodesOf(group: number): Promise<number[]> {
  const { stdout } = await execute('ps', ['-o', 'pid=,args=', '-A', '-g', String(group)])
  const { stdout: own } = await execute('pgrep', ['-g', String(group), '-f', 'node .*src/main.ts'])
  const known = new Set(own.trim().split('\n').map(Number))
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => known.has(Number.parseInt(line, 10)) && /^\d+ \S*node .*src\/main\.ts/.test(line))
    .map((line) => Number.parseInt(line, 10))
}

async function memoryOf(group: number): Promise<number> {
  const [pid] = await nodesOf(group)
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
