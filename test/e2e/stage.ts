import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGraphServer } from '../fakes/graph-server.ts'
import type { Line } from './citizen.ts'
import { type ChannelName, PLATFORMS } from './platforms.ts'
import { freePort, type Program, start } from './program.ts'
import { ADMIN } from './staff.ts'

/** The program on a folder and a port of its own, with a citizen on each of its channels. */
export interface Stage extends AsyncDisposable {
  readonly url: string
  /** The citizen's of that channel. @throws {Error} for a channel that is not on this stage. */
  line(channel: ChannelName): Line
  /** Stops the program and starts it again on the same folder and port. */
  restart(): Promise<void>
}

/** Starts `node src/main.ts` with these channels; without DATABASE_URL it brings its own PostgreSQL. */
export async function setStage(channels: readonly ChannelName[], more: Record<string, string> = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-e2e-'))
  const graph = await createGraphServer()
  const platforms = await Promise.all(
    channels.map(async (channel) => ({ channel, ...(await PLATFORMS[channel]({ folder, graph })) })),
  )
  const port = String(await freePort())
  const env = Object.assign(
    { PORT: port, SEND_RATE: '0', ...ADMIN },
    ...platforms.map((platform) => platform.env),
    more,
  )
  let program: Program = await start({ cwd: folder, env })
  const url = `http://localhost:${port}`
  const lines = new Map<ChannelName, Line>()
  for (const { channel, open } of platforms) lines.set(channel, await open(url))
  return {
    url,
    line(channel) {
      const line = lines.get(channel)
      if (!line) throw new Error(`nobody writes by ${channel} here`)
      return line
    },
    async restart() {
      await program.stop()
      program = await start({ cwd: folder, env })
    },
    async [Symbol.asyncDispose]() {
      for (const line of lines.values()) await line.close()
      await program.stop()
      for (const { close } of platforms) await close()
      await graph.close()
      await rm(folder, { recursive: true })
    },
  }
}
