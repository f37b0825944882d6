import type { SendError, SendErrorCode } from '../send-error.ts'

/** How the account is doing: a word for programs, a sentence for the operator that says what to do. */
export interface MetaHealth {
  ok: boolean
  code: keyof typeof SENTENCES
  detail: string
  /** Of the last call; absent before the first. */
  at?: Date | undefined
}

const SENTENCES = {
  ready: 'Meta delivers to the webhook; nothing failed in the last call.',
  'token-refused':
    'Meta refuses the token or a permission; make a new one in the app’s settings, as docs/canales.md says, and restart.',
  throttled: 'Meta asks us to slow down; sending goes on after the pause.',
  'webhook-unset': 'Meta was not asked to deliver the messages of this account; run npm run meta:setup.',
  unreachable: 'Meta cannot be reached or fails; see the network and META_GRAPH_URL. It is tried again.',
} as const

const CODES: Partial<Record<SendErrorCode, MetaHealth['code']>> = {
  unauthorized: 'token-refused',
  throttled: 'throttled',
  unavailable: 'unreachable',
  timeout: 'unreachable',
}

/** The state of one account, by the outcome of its calls; a refusal of one message says nothing of the account. */
export function createHealth(now: () => Date) {
  let code: MetaHealth['code'] = 'ready'
  let more: string | undefined
  let at: Date | undefined
  let isSubscribed = true
  return {
    note(error: SendError | undefined): void {
      const known = error ? CODES[error.code] : 'ready'
      if (!known) return
      code = known
      more = error?.message
      at = now()
    },
    /** Whether Meta was asked to deliver messages. */
    subscribed(is: boolean): void {
      isSubscribed = is
      at = now()
    },
    current(): MetaHealth {
      if (code === 'ready' && !isSubscribed)
        return { ok: false, code: 'webhook-unset', detail: SENTENCES['webhook-unset'], at }
      const ok = code === 'ready' || code === 'throttled'
      return { ok, code, detail: more ? `${SENTENCES[code]} (${more})` : SENTENCES[code], at }
    },
  }
}
