import { type Answer, optionSaid, optionWithin, positionIn } from './answer.ts'
import { ENGINE, KEEP, languageOf, PERSON, STAY } from './ask.ts'
import { type Choosable, type Move, optionId, type Step } from './flow.ts'
import { contextOf, flowOf, memoryOf, type Run, remember, type World } from './run.ts'
import { saysOnly } from './words.ts'

/** Id of the option that the words name: its place in the menu as it was shown, its id, its label or a synonym. */
export async function optionNamed<W extends World>(
  run: Run<W>,
  { text, files }: Answer,
  step: Step<W> | undefined,
): Promise<string | undefined> {
  const { shown, offered } = memoryOf(run)
  if (files.length > 0 || text === '' || !step) return undefined
  if (shown.includes(text)) return text
  const position = step.digits && !offered ? undefined : positionIn(text, run.world.mensajes.words('numeros'))
  if (position !== undefined) return shown[position]
  const ordinal = step.freeText || step.digits ? undefined : placeIn(text, shown.length, run)
  if (ordinal !== undefined && shown[ordinal] !== undefined) return shown[ordinal]
  const offers = engineOptions(run, step)
  const engine = optionSaid(text, offers)
  if (engine !== undefined) return optionId(ENGINE, engine)
  const own = optionSaid(text, await optionsOf(run, step))
  if (own !== undefined) return optionId(step.id, own)
  const taken = offered ? optionWithin(text, offers, run.world.mensajes.words('relleno')) : undefined
  return taken === undefined ? undefined : optionId(ENGINE, taken)
}

/** `El segundo`, `la última`: its place among so many options, from 0. */
function placeIn<W extends World>(text: string, options: number, { world: { mensajes } }: Run<W>): number | undefined {
  const articles = ['el', 'la', 'lo', 'the', 'one']
  if (saysOnly(text, mensajes.words('ultimo'), articles)) return options - 1
  const at = mensajes.words('ordinales').findIndex((one) => saysOnly(text, [one], articles))
  return at === -1 ? undefined : at
}

/** A button was pressed: of the question that stands, of an older one, or twice. */
export async function press<W extends World>(
  run: Run<W>,
  id: string,
  answer: Answer,
  step: Step<W> | undefined,
): Promise<Move> {
  const [owner, option] = parts(id)
  const { shown, trail } = memoryOf(run)
  if (step && owner === step.id) {
    const options = await optionsOf(run, step)
    if (options.some((one) => one.id === option)) return choose(run, id, answer, step)
  }
  // A language may be chosen long after it was offered.
  if (owner === ENGINE && (shown.includes(id) || languageOf(option))) return choose(run, id, answer, step)
  const moved = await run.definition.pressed(owner, option, answer, contextOf(run))
  if (moved) return moved
  if (!flowOf(run)) return run.definition.begin(answer, contextOf(run))
  // A finger that trembles presses twice: the second press says nothing new.
  if (trail.at(-1) === owner) return { to: 'stay' }
  return { say: [run.world.mensajes.text('general.boton_viejo')], to: 'again' }
}

/** The option is the answer. */
export async function choose<W extends World>(
  run: Run<W>,
  id: string,
  answer: Answer,
  step: Step<W> | undefined,
): Promise<Move> {
  const [owner, option] = parts(id)
  if (owner === ENGINE && option === PERSON) return run.definition.person(contextOf(run))
  if (owner === ENGINE && option === KEEP) return { to: 'next' }
  const language = owner === ENGINE ? languageOf(option) : undefined
  if (language) return run.definition.speak?.(language, contextOf(run)) ?? { to: 'again' }
  if (owner === ENGINE || !step) return { to: 'again' }
  return read(run, { ...answer, text: '', option }, step)
}

/** Lets the step read the answer; an answer taken is one to which ATRÁS can go back. */
export async function read<W extends World>(run: Run<W>, answer: Answer, step: Step<W>): Promise<Move> {
  const move = await step.read(answer, contextOf(run))
  const { trail } = memoryOf(run)
  if (move.to === 'next' && !step.aside) remember(run, { trail: [...trail.filter((id) => id !== step.id), step.id] })
  return move
}

/** The options of the question as it stands now. */
export async function optionsOf<W extends World>(run: Run<W>, step: Step<W>): Promise<readonly Choosable[]> {
  return (await step.ask(contextOf(run))).options ?? []
}

/** What the engine itself may have offered: to keep an answer, a person, to go on here. */
function engineOptions<W extends World>(run: Run<W>, step: Step<W>): Choosable[] {
  const { mensajes } = run.world
  const { shown, offered, trail } = memoryOf(run)
  if (offered) {
    return [
      { id: PERSON, label: mensajes.text('opciones.persona'), words: mensajes.words('si') },
      { id: STAY, label: mensajes.text('opciones.seguir_aqui'), words: mensajes.words('no') },
    ]
  }
  const keeps = shown.includes(optionId(ENGINE, KEEP)) || (step.digits && trail.includes(step.id))
  return keeps ? [{ id: KEEP, label: mensajes.text('opciones.igual'), words: mensajes.words('igual') }] : []
}

function parts(id: string): [owner: string, option: string] {
  const at = id.indexOf('/')
  return at === -1 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)]
}
