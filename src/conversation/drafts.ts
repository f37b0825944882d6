import type { Context, Flow } from './flow.ts'
import { withFields } from './memory.ts'
import { contextOf, flowOf, type Run, type World } from './run.ts'
import type { Answers, Draft } from './state.ts'

/** Lays aside what was said in the current flow, when it is worth keeping. */
export function saveDraft<W extends World>(run: Run<W>): void {
  const { state, world } = run
  const flow = flowOf(run)
  if (!flow || state.flow === null || flow.title?.(contextOf(run)) === undefined) return
  const ids = state.drafts.map(({ id }) => Number(id)).filter(Number.isSafeInteger)
  const draft: Draft = {
    id: String(Math.max(0, ...ids) + 1),
    flow: state.flow,
    flowVersion: state.flowVersion,
    step: state.step,
    answers: state.answers,
    savedAt: world.now().toISOString(),
  }
  run.state = { ...state, drafts: [...state.drafts, draft] }
}

/** Makes a draft the current flow again; what was current is laid aside. False when there is no such draft. */
export function takeDraft<W extends World>(
  run: Run<W>,
  { id, with: fields = {}, drop }: { id: string; with?: Answers; drop?: true },
): boolean {
  const draft = run.state.drafts.find((one) => one.id === id)
  const flow = draft && run.definition.flows[draft.flow]
  if (!draft || !flow) return false
  if (!drop) saveDraft(run)
  run.state = {
    ...run.state,
    flow: draft.flow,
    flowVersion: flow.version,
    step: draft.step,
    answers: withFields(draft.answers, fields),
    drafts: run.state.drafts.filter((one) => one !== draft),
    misses: 0,
  }
  return true
}

/** How a draft is called within a sentence; undefined when its flow no longer exists or holds nothing. */
export function draftTitle<W>(
  draft: Draft,
  flows: Readonly<Record<string, Pick<Flow<W>, 'title'>>>,
  context: Context<W>,
): string | undefined {
  return flows[draft.flow]?.title?.({ ...context, answers: draft.answers })
}
