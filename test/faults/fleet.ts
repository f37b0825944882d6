import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { until } from '../../src/runtime/until.ts'
import { createMember, type Exit, type Member, type Place } from './member.ts'

/** The processes of one installation. */
export interface Fleet {
  readonly members: readonly Member[]
  readonly exits: Exit[]
  /** The addresses of those that serve the web, living or not: a load balancer does not know either. */
  readonly webUrls: readonly string[]
  /** Resolves when all listen; false when that takes too long (milliseconds). */
  ready(timeout: number): Promise<boolean>
  close(): Promise<void>
}

/** Starts one process for each entry; `roles` as in ROLES. */
export async function startFleet(roles: readonly { name: string; roles: string }[], place: Place): Promise<Fleet> {
  await mkdir(place.logs, { recursive: true })
  const exits: Exit[] = []
  const members: Member[] = []
  for (const one of roles) {
    members.push(createMember({ ...one, port: await freePort() }, place, (exit) => exits.push(exit)))
  }
  return {
    members,
    exits,
    webUrls: members.filter(({ spec }) => spec.roles.includes('web')).map(({ url }) => url),
    ready: async (timeout) =>
      (await until(() => members.every((member) => member.state === 'running'), { timeout, every: 50 })) === true,
    close: async () => {
      await Promise.all(members.map((member) => member.close()))
    },
  }
}

/** Below the ports that outgoing connections get, so that none of these takes it while its process is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer()
    try {
      await once(probe.listen(port, '127.0.0.1'), 'listening')
      return port
    } catch {
      // Taken: the next one.
    } finally {
      probe.close()
    }
  }
}
