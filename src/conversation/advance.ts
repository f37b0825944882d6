import type { InboundMessage, OutboundMessage } from '../channels/message.ts'
import { type Answer, isEmpty, toAnswer } from './answer.ts'
import { choose, optionNamed, press } from './choose.ts'
import { correct, noteAnswered } from './correct.ts'
import { stopLoop } from './echo-loop.ts'
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
  // A person of ours gave it back in the platform's own app.
  if (message.kind === 'returned')
    return state.mode === 'human' ? returnToBot(definition, state, world) : silence(state)
  const run = newRun(definition, world, upToDate(definition, state))
  const before = run.state
  if (!SILENT.has(message.kind)) await hear(run, message)
  stopLoop(run, before, message)
  return toTurn(run)
}

const silence = (state: ConversationState): Turn => ({ conversation: state, replies: [] })

/**
 * A state written under an older version: fields keep their names and the flow's version is the one it goes on with;
 * who was in a flow that no longer exists is in none.
 */
function upToDate<W extends World>({ flows }: Definition<W>, state: ConversationState): ConversationState {
  if (state.flow === null) return state
  const flow = flows[state.flow]
  return flow
    ? { ...state, flowVersion: flow.version }
    : { ...state, flow: null, flowVersion: 0, step: null, answers: {} }
}

/** A person of the staff gives the conversation back: it goes on at the question where it stood. */
export async function returnToBot<W extends World>(
  definition: Definition<W>,
  state: ConversationState,
  world: W,
): Promise<Turn> {
  const run = newRun(definition, world, { ...state, mode: 'bot', misses: 0 })
  say(run, [world.mensajes.text('persona.devuelta')])
  const nothing: Answer = { text: '', files: [], lost: false, sentAt: world.now() }
  await settle(run, flowOf(run) ? { to: 'again' } : definition.start('', nothing, contextOf(run)))
  return toTurn(run)
}

/** A question of ours that nothing they said led to; whoever calls knows that they are in the middle of nothing. */
export async function propose<W extends World>(
  definition: Definition<W>,
  state: ConversationState,
  wanted: Move,
  world: W,
): Promise<Turn> {
  const run = newRun(definition, world, upToDate(definition, state))
  await settle(run, wanted)
  return toTurn(run)
}

async function hear<W extends World>(run: Run<W>, message: InboundMessage): Promise<void> {
  const answer = toAnswer(message)
  const warning = message.choice ? undefined : run.definition.warn(answer.text, contextOf(run))
  if (warning !== undefined) say(run, [warning])
  if (run.state.mode === 'human') return wait(run, answer)
  if (!message.choice) offerLanguage(run, answer.text)
  const { before, command } = await lastLine(run, message, answer)
  const asked = stepOf(run)
  const move = await heed(run, message, before, warning !== undefined)
  noteAnswered(run, asked, message)
  const told = run.replies.length
  await settle(run, move)
  if (!command) return
  const question = run.replies.slice(told).at(-1)
  await settle(run, await understand(run, message, command))
  askOnce(run, question)
}

/** The word at the end of a burst may lead back to the question that what came before it led to, or to a person, who comes first. */
function askOnce<W extends World>(run: Run<W>, question: OutboundMessage | undefined): void {
  if (run.state.mode === 'human') {
    run.replies = run.replies.filter((one) => one !== question)
    return
  }
  const last = run.replies.at(-1)
  run.replies = run.replies.filter(
    ({ text, options }) => options !== last?.options && !(options && text && last?.text?.endsWith(text)),
  )
  if (last) run.replies.push(last)
}

/** Who surely writes another language hears in it that it may be chosen. */
function offerLanguage<W extends World>(run: Run<W>, text: string): void {
  const locale = run.definition.foreign?.(text, contextOf(run))
  if (locale === undefined) return
  run.offering = locale
  say(run, [run.world.mensajes.in(locale).text('idioma.ofrecer')])
}

/** A person is awaited, or speaks: what goes on from here is the assistant's again. */
async function wait<W extends World>(run: Run<W>, answer: Answer): Promise<void> {
  const move = await run.definition.waiting(answer, contextOf(run))
  if (!move) return
  if (move.to !== 'stay') run.state = { ...run.state, mode: 'bot', misses: 0 }
  await settle(run, move)
}

/** A burst of messages may end with a word that works everywhere: what came before it is an answer first. */
async function lastLine<W extends World>(
  run: Run<W>,
  message: InboundMessage,
  answer: Answer,
): Promise<{ before: Answer; command?: Answer }> {
  const at = answer.text.lastIndexOf('\n')
  if (message.kind !== 'text' || at === -1) return { before: answer }
  const command = { ...answer, text: answer.text.slice(at + 1).trim() }
  const works = command.text !== '' && run.definition.isCommand(command.text, contextOf(run))
  return works ? { before: { ...answer, text: answer.text.slice(0, at).trim() }, command } : { before: answer }
}

/** What tells of danger is an answer only where a story is awaited, or when it names an option. */
async function heed<W extends World>(
  run: Run<W>,
  message: InboundMessage,
  answer: Answer,
  danger: boolean,
): Promise<Move> {
  const step = stepOf(run)
  const answers = !danger || !step || step.story || (await optionNamed(run, answer, step)) !== undefined
  return answers ? understand(run, message, answer) : (flowOf(run)?.warned?.(answer, contextOf(run)) ?? { to: 'again' })
}

async function understand<W extends World>(run: Run<W>, message: InboundMessage, answer: Answer): Promise<Move> {
  if (message.kind === 'start') return run.definition.start(answer.text, answer, contextOf(run))
  if (message.kind === 'edit') return correct(run, message, answer)
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

function ignoreUnread<W extends World>(run: Run<W>): Move {
  return { say: [run.world.mensajes.text('general.no_legible')], to: flowOf(run) ? 'again' : 'stay' }
}
