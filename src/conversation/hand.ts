import { type Answer, isEmpty, optionMeant, optionWithin } from './answer.ts'
import { choose, optionNamed, optionsOf, read } from './choose.ts'
import type { Move, Step } from './flow.ts'
import { note } from './moves.ts'
import { optionBegun } from './option-begun.ts'
import { contextOf, flowOf, type Run, say, type World } from './run.ts'

/** Gives the step what it takes of an answer, and the rest to its flow. */
export async function hand<W extends World>(run: Run<W>, answer: Answer, step: Step<W>): Promise<Move> {
  if (answer.lost) say(run, [run.world.mensajes.text('general.archivo_no_guardado')])
  const { own, rest } = share(answer, step)
  const absorbed = isEmpty(rest) ? undefined : absorb(run, rest)
  if (isEmpty(own)) return absorbed ?? { to: 'again' }
  if (absorbed) note(run, absorbed)
  return (await takeBoth(run, own, step)) ?? take(run, own, step)
}

/** `No tengo foto, oye mejor no es bache`: an answer, and after it something that belongs elsewhere. Undefined when it is not both. */
async function takeBoth<W extends World>(run: Run<W>, own: Answer, step: Step<W>): Promise<Move | undefined> {
  const said = own.text === '' ? undefined : flowOf(run)?.apart?.(own, contextOf(run), step)
  if (!said) return undefined
  const first = { ...own, text: said.answer }
  const named = await optionNamed(run, first, step)
  const move = named === undefined ? await take(run, first, step) : await choose(run, named, first, step)
  // `Está mal, no es Hidalgo`: what is wrong was said with it.
  if (move.to === 'miss' || move.to === 'step') return undefined
  if (move.to !== 'next') return move
  note(run, move)
  const more: Answer = { text: said.more, files: [], lost: false, sentAt: own.sentAt }
  const { correct, reconsider } = flowOf(run) ?? {}
  const besides = correct?.(more, contextOf(run), step) ?? reconsider?.(more, contextOf(run)) ?? { to: 'next' }
  // The question was answered and is not asked again.
  if (besides.to === 'miss') return { to: 'next', say: besides.because === undefined ? [] : [besides.because] }
  return besides.to === 'again' ? { ...besides, to: 'next' } : besides
}

async function take<W extends World>(run: Run<W>, own: Answer, step: Step<W>): Promise<Move> {
  const flow = flowOf(run)
  const options = await optionsOf(run, step)
  const { mensajes } = run.world
  const filler = mensajes.words('relleno')
  const begun = step.freeText || step.story ? undefined : optionBegun(own.text, options, mensajes.words('no'), filler)
  if (begun !== undefined) return read(run, { ...own, option: begun }, step)
  const corrected = own.text === '' ? undefined : flow?.correct?.(own, contextOf(run), step)
  if (corrected) return corrected
  const named = step.freeText ? optionWithin : optionMeant
  const option = named(own.text, options, filler)
  const move = await read(run, option === undefined ? own : { ...own, option }, step)
  return move.to === 'miss' && own.text !== '' ? (flow?.reconsider?.(own, contextOf(run)) ?? move) : move
}

function share<W>(answer: Answer, step: Step<W>): { own: Answer; rest: Answer } {
  const { text, sentAt, files, location, contact } = answer
  const takes = new Set(step.takes)
  const bare: Answer = { text: '', files: [], lost: false, sentAt }
  const media = takes.has('media')
  return {
    own: {
      ...bare,
      text,
      ...(media && { files }),
      ...(takes.has('location') && location && { location }),
      ...(takes.has('contact') && contact && { contact }),
    },
    rest: {
      ...bare,
      ...(!media && { files }),
      ...(!takes.has('location') && location && { location }),
      ...(!takes.has('contact') && contact && { contact }),
    },
  }
}

function absorb<W extends World>(run: Run<W>, rest: Answer): Move {
  const { mensajes } = run.world
  const taken = flowOf(run)?.absorb?.(rest, contextOf(run))
  if (taken) return taken
  const useless = rest.location
    ? 'general.lugar_suelto'
    : rest.contact
      ? 'general.contacto_suelto'
      : 'general.archivo_suelto'
  return { say: [mensajes.text(useless)], to: 'again' }
}
