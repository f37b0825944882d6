import type { InboundMessage } from '../channels/message.ts'
import { type Answer, isEmpty, toAnswer } from './answer.ts'
import { choose, optionNamed, press } from './choose.ts'
import type { Move } from './flow.ts'
import { hand } from './hand.ts'
import { settle } from './moves.ts'
import { contextOf, type Definition, flowOf, newRun, type Run, say, stepOf, toTurn, type World } from './run.ts'
import type { ConversationState, Turn } from './state.ts'

/** Kinds that nobody awaits an answer to. */
const SILENT = new Set<InboundMessage['kind']>(['blocked', 'unblocked', 'delete', 'reaction'])

/** One turn of a conversation: what was said, where it stands now, and what to answer. */
export async function advance<W extends World>(
  definition: Definition<W>,
  state: ConversationState,
  message: InboundMessage,
  world: W,
): Promise<Turn> {
  const run = newRun(definition, world, state)
  if (!SILENT.has(message.kind)) await hear(run, message)
  return toTurn(run)
}

/** A person of the staff gives the conversation back: it goes on at the question where it stood. */
export async function returnToBot<W extends World>(
  definition: Definition<W>,
  state: ConversationState,
  world: W,
): Promise<Turn> {
  const run = newRun(definition, world, { ...state, mode: 'bot', misses: 0 })
  say(run, [world.mensajes.text('persona.devuelta')])
  if (flowOf(run)) await settle(run, { to: 'again' })
  return toTurn(run)
}

async function hear<W extends World>(run: Run<W>, message: InboundMessage): Promise<void> {
  const answer = toAnswer(message)
  const warning = message.choice ? undefined : run.definition.warn(answer.text, contextOf(run))
  if (warning !== undefined) say(run, [warning])
  if (run.state.mode === 'human') return
  const step = stepOf(run)
  const heard: Move =
    warning !== undefined && step && !step.story ? { to: 'again' } : await understand(run, message, answer)
  await settle(run, heard)
}

async function understand<W extends World>(run: Run<W>, message: InboundMessage, answer: Answer): Promise<Move> {
  if (message.kind === 'start') return run.definition.start(answer.text, answer, contextOf(run))
  if (message.kind === 'edit') return ignoreEdit(run)
  if (message.kind === 'unsupported' && isEmpty(answer)) return ignoreUnread(run)
  const step = stepOf(run)
  if (message.choice) return press(run, message.choice.id, answer, step)
  const option = await optionNamed(run, answer, step)
  if (option !== undefined) return choose(run, option, answer, step)
  const command = answer.files.length === 0 ? await run.definition.command(answer, contextOf(run), step) : undefined
  if (command) return command
  if (!flowOf(run)) return run.definition.begin(answer, contextOf(run))
  return step ? hand(run, answer, step) : { to: 'next' }
}

function ignoreEdit<W extends World>(run: Run<W>): Move {
  const inside = flowOf(run)?.title?.(contextOf(run)) !== undefined
  return { say: inside ? [run.world.mensajes.text('general.mensaje_editado')] : [], to: 'stay' }
}

function ignoreUnread<W extends World>(run: Run<W>): Move {
  return { say: [run.world.mensajes.text('general.no_legible')], to: flowOf(run) ? 'again' : 'stay' }
}
