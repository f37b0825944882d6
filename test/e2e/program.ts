import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { until } from '../../src/runtime/until.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href

/** Milliseconds that a start may take on a busy machine. */
const START = 120_000

/** How a program is run: its environment holds no more than this, a PATH and where Node keeps what it compiled. */
export interface Run {
  env?: Record<string, string>
  /** Where it runs, so that no `.env` of this folder is read. */
  cwd: string
  args?: string[]
}

/** How a program ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Milliseconds since the signal that was to end it, or since its beginning. */
  took: number
}

/** A program that runs and answers. */
export interface Program {
  readonly url: string
  readonly pid: number | undefined
  output(): string
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

interface Life {
  child: ChildProcess
  ended: Promise<Ended>
  output(): string
  /** From now on the time is taken. */
  stamp(): void
}

function launch(script: string, { env = {}, cwd, args = [] }: Run): Life {
  const { PATH = '', HOME, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, `${ROOT}/${script}`, ...args], {
    cwd,
    env: { PATH, HOME: HOME ?? cwd, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...env },
    // The fourth tells the program that we are gone, however we went.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const said = { stdout: '', stderr: '' }
  let since = performance.now()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  }
  const ended = once(child, 'close').then(
    ([code, signal]): Ended => ({ code, signal, ...said, took: performance.now() - since }),
  )
  return {
    child,
    ended,
    output: () => said.stdout + said.stderr,
    stamp: () => {
      since = performance.now()
    },
  }
}

/** Runs `src/…` to its end. */
export const run = (script: string, options: Run): Promise<Ended> => launch(script, options).ended

/** Starts `src/main.ts`, or another program that serves, and waits until it says where, at most `timeout` milliseconds. */
export async function start(options: Run, script = 'src/main.ts', timeout = START): Promise<Program> {
  const life = launch(script, options)
  const { child } = life
  const over = () => child.exitCode !== null || child.signalCode !== null
  const url = await until(() => (over() ? 'ended' : /web chat {2}(http\S+)\/\n/.exec(life.output())?.[1]), {
    timeout,
  })
  if (url === undefined || url === 'ended') {
    child.kill('SIGKILL')
    throw new Error(`${script} did not start:\n${life.output()}`)
  }
  return {
    url,
    pid: child.pid,
    output: life.output,
    stop(signal = 'SIGTERM') {
      life.stamp()
      child.kill(signal)
      return life.ended
    },
  }
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
