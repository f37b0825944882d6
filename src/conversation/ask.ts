import { type Choosable, type Context, isFilled, type Step, toOptions } from './flow.ts'
import { contextOf, flush, memoryOf, type Run, remember, say, type World } from './run.ts'
import type { Locale } from './state.ts'

/** The step name of options that belong to the engine and not to a question. */
export const ENGINE = '_'
/** The engine's own options: keep what was said, a person, go on here. */
export const KEEP = 'igual'
export const PERSON = 'asesor'
export const STAY = 'seguir'
/** The engine's options to go on in another language. */
const LANGUAGES: Readonly<Record<Locale, string>> = { es: 'idioma_es', en: 'idioma_en' }

/** The most options a menu may have. */
export const MENU = 7

/** Asks a question, as its step has it now; a question that was answered before may be left as it is. */
export async function ask<W extends World>(run: Run<W>, step: Step<W>): Promise<void> {
  const context = contextOf(run)
  const question = await step.ask(context)
  const own = toOptions(step.id, question.options ?? [])
  const again = isFilled(step, context) && !step.aside
  const kept = again && !step.digits && own.length < MENU ? [...own, ...toOptions(ENGINE, [keep(context)])] : own
  const hint = again && kept.length === own.length ? `\n${context.mensajes.text('general.igual')}` : ''
  const options = kept.length < MENU ? [...kept, ...toOptions(ENGINE, languageOffered(run))] : kept
  const { requestLocation, requestContact } = question
  run.state = { ...run.state, step: step.id }
  remember(run, { shown: options.map(({ id }) => id), freeText: step.freeText === true, offered: false })
  flush(run, {
    text: question.text + hint,
    ...(options.length > 0 && { options }),
    ...(requestLocation && { requestLocation }),
    ...(requestContact && { requestContact }),
  })
}

const keep = <W extends World>({ mensajes }: Context<W>): Choosable => ({
  id: KEEP,
  label: mensajes.text('opciones.igual'),
})

function languageOffered<W extends World>({ offering, world }: Run<W>): Choosable[] {
  if (offering === undefined) return []
  return [{ id: LANGUAGES[offering], label: world.mensajes.in(offering).text('opciones.seguir_en_este_idioma') }]
}

/** The language that an option of the engine stands for. */
export const languageOf = (option: string): Locale | undefined =>
  (['es', 'en'] as const).find((locale) => LANGUAGES[locale] === option)

/** Asks again what was not understood: at once, then in other words, then with the offer of a person. */
export async function askAfterMiss<W extends World>(run: Run<W>, step: Step<W>, because?: string): Promise<void> {
  const { mensajes } = run.world
  // After the offer it begins anew: a question must not disappear behind it.
  const misses = (run.state.misses % 3) + 1
  run.state = { ...run.state, misses }
  if (misses === 3) return offerPerson(run)
  const hint = misses === 2 ? (step.rephrase?.(contextOf(run)) ?? mensajes.text('general.no_entendi_otra')) : undefined
  say(run, [because ?? hint ?? mensajes.text('general.no_entendi')])
  await ask(run, step)
}

/** Why it was not understood was said twice, and is not said a third time. */
function offerPerson<W extends World>(run: Run<W>): void {
  const { mensajes } = run.world
  const options = toOptions(ENGINE, [
    { id: PERSON, label: mensajes.text('opciones.persona') },
    { id: STAY, label: mensajes.text('opciones.seguir_aqui') },
  ])
  remember(run, { shown: options.map(({ id }) => id), freeText: memoryOf(run).freeText, offered: true })
  flush(run, { text: mensajes.text('general.ofrecer_persona'), options })
}
