import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Line } from './citizen.ts'
import { type ChannelName, PLATFORMS, type Platform } from './platforms.ts'
import { freePort, type Program, start } from './program.ts'
import { ADMIN } from './staff.ts'

/** The program on a folder and a port of its own, with a citizen who writes to it. */
export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly line: Line
  /** Stops the program and starts it again on the same folder and port. */
  restart(): Promise<void>
}

/** Starts `node src/main.ts`; without DATABASE_URL it brings its own PostgreSQL. */
export async function setStage(channel: ChannelName, more: Record<string, string> = {}): Promise<Stage> {
  const cwd = await mkdtemp(join(tmpdir(), 'canaliza-e2e-'))
  const platform: Platform = await PLATFORMS[channel](cwd)
  const env = { PORT: String(await freePort()), SEND_RATE: '0', ...ADMIN, ...platform.env, ...more }
  let program: Program = await start({ cwd, env })
  const url = `http://localhost:${env.PORT}`
  const line = await platform.open(url)
  return {
    url,
    line,
    async restart() {
      await program.stop()
      program = await start({ cwd, env })
    },
    async [Symbol.asyncDispose]() {
      await line.close()
      await program.stop()
      await platform.close()
      await rm(cwd, { recursive: true })
    },
  }
}
