import { ask, askAfterMiss } from './ask.ts'
import { saveDraft, takeDraft } from './drafts.ts'
import { type Move, type Next, nextStep, type Step, stepsOf, type ToFlow } from './flow.ts'
import { withFields } from './memory.ts'
import { contextOf, flowOf, memoryOf, type Run, say, stepOf, type World } from './run.ts'
import type { Locale } from './state.ts'

/** More moves than this without a question would be a loop. */
const HOPS = 12

/**
 * Follows moves until a question stands or nothing is left to say.
 * @throws when the flows send each other in circles.
 */
export async function settle<W extends World>(run: Run<W>, first: Move): Promise<void> {
  let move: Move | undefined = first
  for (let hops = 0; move; hops++) {
    if (hops === HOPS) throw new Error(`the conversation does not come to rest in ${run.state.flow}`)
    note(run, move)
    move = await follow(run, move)
  }
}

/** Records what a move says beside where it goes. */
export function note<W extends World>(run: Run<W>, move: Move): void {
  const { state } = run
  run.state = {
    ...state,
    answers: move.set ? withFields(state.answers, move.set) : state.answers,
    drafts: state.drafts.filter(({ id }) => id !== move.dropDraft),
    avisoVersion: move.avisoVersion ?? state.avisoVersion,
    locale: move.locale ?? state.locale,
  }
  if (move.locale) changeLanguage(run, move.locale)
  if (move.severSince) run.severSince = move.severSince
  if (move.redact) run.redact = true
  say(run, move.say ?? [])
}

function changeLanguage<W extends World>(run: Run<W>, locale: Locale): void {
  delete run.offering
  run.world = run.definition.speaking?.(run.world, locale) ?? run.world
}

/** Goes there; gives the move that follows from it, if any. */
async function follow<W extends World>(run: Run<W>, next: Next): Promise<Move | undefined> {
  switch (next.to) {
    case 'stay':
      return undefined
    case 'person':
      run.state = { ...run.state, mode: 'human', misses: 0 }
      return undefined
    case 'rest':
      leave(run, null)
      return undefined
    case 'flow':
      return enter(run, next)
    case 'draft':
      return { to: takeDraft(run, next) ? 'again' : 'next' }
    case 'next':
      run.state = { ...run.state, misses: 0 }
      return goOn(run, await upcoming(run))
    default:
      return askOne(run, next)
  }
}

function enter<W extends World>(run: Run<W>, wanted: ToFlow): Move {
  const first = run.definition.gate(wanted, contextOf(run))
  if (first) return first.to === 'flow' && first.flow === run.state.flow ? { to: 'again' } : first
  const { flow, answers, drop } = wanted
  if (!drop) saveDraft(run)
  leave(run, flow, answers)
  return { to: 'next' }
}

function leave<W extends World>(run: Run<W>, name: string | null, answers = {}): void {
  const flow = name === null ? undefined : run.definition.flows[name]
  if (name !== null && !flow) throw new Error(`there is no flow ${name}`)
  run.state = { ...run.state, flow: name, flowVersion: flow?.version ?? 0, step: null, answers, misses: 0 }
}

async function askOne<W extends World>(
  run: Run<W>,
  next: Extract<Next, { to: 'again' | 'miss' | 'step' | 'back' }>,
): Promise<Move | undefined> {
  const current = stepOf(run) ?? nextStepOf(run)
  if (next.to === 'miss' && current) {
    await askAfterMiss(run, current, next.because)
    return undefined
  }
  run.state = { ...run.state, misses: 0 }
  if (next.to === 'again' || next.to === 'miss') return goOn(run, current)
  const target = next.to === 'step' ? next.step : before(run)
  if (target === undefined) say(run, [run.world.mensajes.text('general.sin_anterior')])
  return goOn(run, find(run, target) ?? current)
}

/** Asks this step, or ends the flow when there is none. */
async function goOn<W extends World>(run: Run<W>, step: Step<W> | undefined): Promise<Move | undefined> {
  if (step) {
    await ask(run, step)
    return undefined
  }
  const flow = flowOf(run)
  return flow ? flow.finish(contextOf(run)) : { to: 'rest' }
}

/** The first question that stands once it was looked up what each one needs to know. */
async function upcoming<W extends World>(run: Run<W>): Promise<Step<W> | undefined> {
  for (let hops = 0; hops < HOPS; hops++) {
    const step = nextStepOf(run)
    if (!step?.prepare && !step?.sure) return step
    if (step.prepare)
      run.state = { ...run.state, answers: withFields(run.state.answers, await step.prepare(contextOf(run))) }
    if (nextStepOf(run)?.id === step.id) await chooseSure(run, step)
    if (nextStepOf(run)?.id === step.id) return step
  }
  throw new Error(`the conversation does not come to rest in ${run.state.flow}`)
}

/** Chooses what is surely meant, as if it had been asked and pressed. */
async function chooseSure<W extends World>(run: Run<W>, step: Step<W>): Promise<void> {
  const option = step.sure?.(contextOf(run))
  if (option === undefined) return
  note(run, await step.read({ text: '', option, files: [], lost: false, sentAt: run.world.now() }, contextOf(run)))
}

function nextStepOf<W extends World>(run: Run<W>): Step<W> | undefined {
  const flow = flowOf(run)
  return flow && nextStep(flow, contextOf(run))
}

function find<W extends World>(run: Run<W>, id: string | undefined): Step<W> | undefined {
  const flow = flowOf(run)
  return flow && stepsOf(flow, contextOf(run)).find((step) => step.id === id)
}

/** The step answered before the current one, of those that still concern this citizen. */
function before<W extends World>(run: Run<W>): string | undefined {
  const { trail } = memoryOf(run)
  const at = trail.indexOf(run.state.step ?? '')
  const context = contextOf(run)
  return trail
    .slice(0, at === -1 ? undefined : at)
    .filter((id) => find(run, id)?.when?.(context) ?? find(run, id) !== undefined)
    .at(-1)
}
