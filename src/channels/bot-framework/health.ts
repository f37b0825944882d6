import type { Health } from '../channel.ts'
import type { SendError, SendErrorCode } from '../send-error.ts'

const SENTENCES = {
  ready: 'Azure delivers to /api/messages; nothing failed in the last call.',
  emulator: 'Only the Bot Framework Emulator on this machine is heard, without credentials.',
  'token-refused':
    'Azure refuses the bot’s credentials; make a new secret in the app registration, as docs/canales.md says, and restart.',
  'keys-away':
    'The keys that activities are signed with cannot be read, so none is believed; see the network and BOTFRAMEWORK_OPENID_URL.',
  throttled: 'A channel asks us to slow down; sending goes on after the pause.',
  unreachable: 'A channel’s service or the login service cannot be reached or fails. It is tried again.',
} as const

const CODES: Partial<Record<SendErrorCode, keyof typeof SENTENCES>> = {
  unauthorized: 'token-refused',
  throttled: 'throttled',
  unavailable: 'unreachable',
  timeout: 'unreachable',
}

const FINE = new Set<keyof typeof SENTENCES>(['ready', 'emulator', 'throttled'])

/** The state of one account, by the outcome of its calls; a refusal of one message says nothing of the account. */
export function createHealth(usual: 'ready' | 'emulator', now: () => Date) {
  let code: keyof typeof SENTENCES = usual
  let more: string | undefined
  let at: Date | undefined
  const set = (next: typeof code, why?: string) => {
    code = next
    more = why
    at = now()
  }
  return {
    /** The outcome of a call of ours. */
    note(error: SendError | undefined): void {
      const known = error ? CODES[error.code] : usual
      // That we can send does not say that we can hear.
      if (known && !(code === 'keys-away' && error === undefined)) set(known, error?.message)
    },
    /** Whether activities can be believed. */
    noteKeys(there: boolean): void {
      if (!there) set('keys-away')
      else if (code === 'keys-away') set(usual)
    },
    current: (): Health => ({
      ok: FINE.has(code),
      code,
      detail: more ? `${SENTENCES[code]} (${more})` : SENTENCES[code],
      at,
    }),
  }
}

/** Where a bot's parts say how they fare. */
export type BotHealth = ReturnType<typeof createHealth>
