import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { REDIS_SERVER } from './parts.ts'

/** A Redis of a test's own, as an operator would set it up: append-only file, no eviction. */
export interface TestRedis {
  readonly url: string
  /** Ends it with SIGKILL and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a real Redis on a free port; `settings` go over ours. */
export async function startRedis(settings: Record<string, string> = {}): Promise<TestRedis> {
  if (!REDIS_SERVER) throw new Error('redis-server is not installed')
  const program = REDIS_SERVER
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-redis-'))
  const port = await freePort()
  const all = {
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
    save: '',
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
  const launch = async () => {
    const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break
    return server
  }
  let server = await launch()
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit')
      server.kill(signal)
      await ended
    }
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async restart() {
      await end('SIGKILL')
      server = await launch()
    },
    async stop() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
