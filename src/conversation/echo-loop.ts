import type { InboundMessage } from '../channels/message.ts'
import { readMemory } from './memory.ts'
import { type Run, remember, type World } from './run.ts'
import type { ConversationState } from './state.ts'
import { normalise } from './words.ts'

/** So many texts, of so few kinds, within so many milliseconds at one question: no person writes so, but another program may. */
const LOOP = { texts: 12, kinds: 3, within: 60_000 } as const

/** The same few texts at the same question, as the engine notes them. */
interface Repeated {
  step: string | null
  /** Milliseconds since the epoch, by the platform's clock: a backlog delivered at once is no loop. */
  since: number
  texts: number
  /** Of each text a number that does not tell it. */
  kinds: number[]
}

/**
 * Looks, once a text was answered, whether another program answers us: then nothing more is said and a person of the staff has it.
 * `before` is the conversation as the text found it.
 */
export function stopLoop<W extends World>(run: Run<W>, before: ConversationState, message: InboundMessage): void {
  if (message.kind !== 'text' || run.state.mode !== 'bot') return
  const known = readMemory(before.answers).repeated
  const repeated =
    before.step === run.state.step && before.flow === run.state.flow ? counted(known, run, message) : undefined
  if (repeated && repeated.texts >= LOOP.texts) {
    run.state = { ...run.state, mode: 'human', misses: 0 }
    run.replies = []
    run.said = []
  }
  const over = run.state.mode === 'human'
  if (known || repeated) remember(run, { repeated: over ? undefined : repeated })
}

function counted<W extends World>(known: Repeated | undefined, run: Run<W>, message: InboundMessage): Repeated {
  const { step } = run.state
  const at = message.sentAt.getTime()
  const kind = kindOf(message.text ?? '')
  const kinds = [...new Set([...(known?.kinds ?? []), kind])]
  const goesOn = known?.step === step && at - known.since < LOOP.within && kinds.length <= LOOP.kinds
  return goesOn ? { ...known, texts: known.texts + 1, kinds } : { step, since: at, texts: 1, kinds: [kind] }
}

/** Numbers and the time that an automatic answer names do not make it another one. */
function kindOf(text: string): number {
  const bare = normalise(text).replaceAll(/\d/g, '')
  let sum = 7
  for (const letter of bare) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) | 0
  return sum
}
