import type { InboundMessage } from '../channels/message.ts'
import type { Answer } from './answer.ts'
import { type Move, type Step, stepsOf } from './flow.ts'
import { hand } from './hand.ts'
import { contextOf, flowOf, memoryOf, type Run, remember, say, type World } from './run.ts'

/** Notes which message answered a question that awaits words: it may be corrected on the platform. */
export function noteAnswered<W extends World>(run: Run<W>, step: Step<W> | undefined, message: InboundMessage): void {
  const { providerId, kind } = message
  const { trail, said } = memoryOf(run)
  const answered = step?.freeText && kind === 'text' && trail.at(-1) === step.id
  if (!answered || providerId === undefined) return
  const others = Object.entries(said).filter(([, id]) => id !== step.id)
  remember(run, { said: { ...Object.fromEntries(others), [providerId]: step.id } })
}

/**
 * A message was changed. One that answered a question of what is being told is that answer anew; of any other, what was noted
 * stays, which is said only in the middle of something.
 */
export async function correct<W extends World>(run: Run<W>, message: InboundMessage, answer: Answer): Promise<Move> {
  const step = answeredBy(run, message.replyTo)
  const { mensajes } = run.world
  if (step && answer.text !== '') {
    say(run, [mensajes.text('general.mensaje_corregido')])
    run.state = { ...run.state, step: step.id, misses: 0 }
    return hand(run, answer, step)
  }
  const inside = flowOf(run)?.title?.(contextOf(run)) !== undefined
  return { say: inside ? [mensajes.text('general.mensaje_editado')] : [], to: 'stay' }
}

/** The question that a message answered, if it still concerns this citizen. */
function answeredBy<W extends World>(run: Run<W>, providerId: string | undefined): Step<W> | undefined {
  const flow = flowOf(run)
  const id = providerId === undefined ? undefined : memoryOf(run).said[providerId]
  if (!flow || id === undefined) return undefined
  const context = contextOf(run)
  const step = stepsOf(flow, context).find((one) => one.id === id)
  return step && (step.when?.(context) ?? true) ? step : undefined
}
