import { SendError } from '../send-error.ts'

/** How the account is doing: a word for programs, a sentence for the operator that says what to do. */
export interface TelegramHealth {
  ok: boolean
  code: keyof typeof SENTENCES
  detail: string
  /** When this was seen; absent where this process does not read. */
  at?: Date | undefined
}

const SENTENCES = {
  idle: 'This process does not read messages by itself.',
  standby: 'Another process reads the messages; this one waits to take over.',
  polling: 'Messages are being read.',
  webhook: 'Telegram delivers messages to the webhook.',
  'webhook-failing': 'Telegram could not deliver to the webhook; see that PUBLIC_URL is reachable from outside.',
  'webhook-refused':
    'Telegram does not accept the webhook; PUBLIC_URL must be an https address that is reachable from outside.',
  'webhook-set':
    'A webhook is set for this bot, so its messages cannot be read; it is being removed. If it comes back, another program sets it.',
  'another-poller':
    'Another program reads this bot’s messages with the same token; stop that program, or give it a bot of its own.',
  'token-refused': 'Telegram refuses the token; ask @BotFather for the current one and put it into TELEGRAM_BOT_TOKEN.',
  throttled: 'Telegram asks us to slow down; reading goes on after the pause it demands.',
  unreachable: 'Telegram cannot be reached; see the network and TELEGRAM_API_ROOT. It is tried again.',
  'database-away': 'The database does not answer; nothing was confirmed to Telegram, which keeps the messages.',
} as const

const FINE = new Set<TelegramHealth['code']>(['idle', 'standby', 'polling', 'webhook', 'throttled'])

/** The state of one account, set by what happens to it. */
export interface HealthKeeper {
  set(code: TelegramHealth['code'], more?: string): void
  current(): TelegramHealth
}

/** Codes of a process that leaves the reading to another one. */
const ELSEWHERE = new Set<TelegramHealth['code']>(['idle', 'standby'])

/** Begins as a process that reads nothing yet. */
export function createHealth(now: () => Date): HealthKeeper {
  let health: TelegramHealth = describe('idle')
  return {
    set: (code, more) => {
      health = { ...describe(code, more), ...(!ELSEWHERE.has(code) && { at: now() }) }
    },
    current: () => health,
  }
}

function describe(code: TelegramHealth['code'], more?: string): TelegramHealth {
  return { ok: FINE.has(code), code, detail: more ? `${SENTENCES[code]} (${more})` : SENTENCES[code] }
}

/** What a failure of reading says about the account. Errors that are not the platform's are the database's. */
export function diagnose(error: unknown): TelegramHealth['code'] {
  if (!(error instanceof SendError)) return 'database-away'
  if (error.code === 'unauthorized') return 'token-refused'
  if (error.code === 'throttled') return 'throttled'
  if (error.code === 'not_connected') return error.message.includes('webhook') ? 'webhook-set' : 'another-poller'
  return error.code === 'invalid' ? 'webhook-refused' : 'unreachable'
}
