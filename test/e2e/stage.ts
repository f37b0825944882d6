import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTelegramServer, type FakeTelegram } from '../fakes/telegram-server.ts'
import type { Line } from './citizen.ts'
import { freePort, type Program, start } from './program.ts'
import { ADMIN } from './staff.ts'
import { openTelegramLine } from './telegram-line.ts'
import { openWebChatLine } from './web-chat-line.ts'

/** The program on a folder and a port of its own, with a citizen who writes to it. */
export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly line: Line
  /** Stops the program and starts it again on the same folder and port. */
  restart(): Promise<void>
}

export type ChannelName = 'telegram' | 'web-chat'

/** Starts `node src/main.ts`; without DATABASE_URL it brings its own PostgreSQL. */
export async function setStage(channel: ChannelName, more: Record<string, string> = {}): Promise<Stage> {
  const cwd = await mkdtemp(join(tmpdir(), 'canaliza-e2e-'))
  const telegram = channel === 'telegram' ? await createTelegramServer() : undefined
  const env = { PORT: String(await freePort()), SEND_RATE: '0', ...ADMIN, ...botOf(telegram), ...more }
  let program: Program = await start({ cwd, env })
  const url = `http://localhost:${env.PORT}`
  const line = telegram ? openTelegramLine(telegram, 5550100) : await openWebChatLine(url)
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
      await telegram?.close()
      await rm(cwd, { recursive: true })
    },
  }
}

const botOf = (telegram: FakeTelegram | undefined): Record<string, string> =>
  telegram ? { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url } : {}
