import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../src/runtime/until.ts'
import type { Watchdog } from './watchdog.ts'

/** What one process of the installation is to be. */
export interface MemberSpec {
  name: string
  roles: string
  port: number
}

/** Where and with what the processes run. */
export interface Place {
  /** The folder of the program, with `src/main.ts`. */
  town: string
  /** Where each process's output goes, as `<name>.log`. */
  logs: string
  env: Record<string, string>
  watchdog: Pick<Watchdog, 'started' | 'ended'>
}

/** How a process ended. */
export interface Exit {
  name: string
  at: number
  code: number | null
  signal: NodeJS.Signals | null
  /** Whether it had come so far as to listen. */
  running: boolean
  /** What we had sent it, if anything. */
  asked: 'SIGKILL' | 'SIGTERM' | undefined
  /** Milliseconds from the asking to the end. */
  took: number
}

/** One process that is started again whenever it ended, until `close`. */
export interface Member {
  readonly spec: MemberSpec
  readonly url: string
  readonly pid: number | undefined
  readonly state: 'down' | 'starting' | 'running'
  /** Milliseconds from each start until it listened. */
  readonly starts: number[]
  kill(): void
  /** Asks it to end; resolves when it did, undefined when it was down. It stays down until `resume`, if `stay`. */
  terminate(stay: boolean): Promise<Exit | undefined>
  resume(): void
  /** Ends it for good. */
  close(): Promise<void>
}

/** Milliseconds after which a process that was asked to end is killed, so that the run goes on. */
const STOP_PATIENCE = 30_000

interface Life {
  child: ChildProcess
  since: number
  running: boolean
  asked?: { signal: 'SIGKILL' | 'SIGTERM'; at: number }
  ended: Promise<Exit>
}

/** Starts it; `noteExit` hears of every end. */
export function createMember(spec: MemberSpec, place: Place, noteExit: (exit: Exit) => void): Member {
  const starts: number[] = []
  const url = `http://127.0.0.1:${spec.port}`
  let life: Life | undefined
  let closing = false
  let held = false

  const live = async () => {
    const log = await open(join(place.logs, `${spec.name}.log`), 'a')
    while (!closing) {
      life = begin(spec, place, log)
      void watchStart(life, url, starts)
      const exit = await life.ended
      life = undefined
      noteExit(exit)
      // Ended by itself before it listened, it will do so again: what it waits for needs a moment.
      if (!exit.asked && !closing) await pause(300)
      await until(() => !held || closing)
    }
    await log.close()
  }
  const ask = (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!life) return undefined
    life.asked = { signal, at: Date.now() }
    life.child.kill(signal)
    return life.ended
  }

  const living = live()
  return {
    spec,
    url,
    starts,
    get pid() {
      return life?.child.pid
    },
    get state() {
      if (!life) return 'down'
      return life.running ? 'running' : 'starting'
    },
    kill: () => void ask('SIGKILL'),
    async terminate(stay) {
      held = stay
      const ending = ask('SIGTERM')
      if (!ending) return undefined
      const last = setTimeout(() => life?.child.kill('SIGKILL'), STOP_PATIENCE)
      return ending.finally(() => clearTimeout(last))
    },
    resume() {
      held = false
    },
    async close() {
      closing = true
      ask('SIGKILL')
      await living
    },
  }
}

function begin(spec: MemberSpec, { town, env, watchdog }: Place, log: FileHandle): Life {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: town,
    env: { PATH: process.env.PATH ?? '', ...env, ROLES: spec.roles, PORT: String(spec.port) },
    stdio: ['ignore', log.fd, log.fd],
  })
  const pid = child.pid ?? 0
  watchdog.started(pid)
  child.once('exit', () => watchdog.ended(pid))
  const life = { child, since: Date.now(), running: false }
  return Object.assign(life, { ended: ending(spec.name, life) })
}

async function ending(name: string, life: Omit<Life, 'ended'>): Promise<Exit> {
  const [code, signal] = await once(life.child, 'exit')
  const { running, asked, since } = life
  const at = Date.now()
  return { name, at, code, signal, running, asked: asked?.signal, took: at - (asked?.at ?? since) }
}

async function watchStart(life: Life, url: string, starts: number[]): Promise<void> {
  const over = () => life.child.exitCode !== null || life.child.signalCode !== null
  await until(async () => over() || (await answers(url)), { every: 50 })
  if (over()) return
  life.running = true
  starts.push(Date.now() - life.since)
}

/** Does the process behind this address answer? */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    // Nobody listens there yet.
    return false
  }
}
