import type { Tempo } from './citizens.ts'
import type { Line, Saying } from './line.ts'
import type { Heard } from './platform.ts'
import type { Random } from './random.ts'

/** What came of a citizen who wanted to register petitions. */
export interface Outcome {
  /** Summaries that were confirmed, each as it was read: as many petitions must exist. */
  confirmed: Set<string>
  folios: Set<string>
  /** Given up, because no question came for long. */
  gaveUp: boolean
}

/** What a petitioner needs beside the line. */
export interface Wish extends Pick<Tempo, 'over'> {
  petitions: number
  random: Random
  /** Told at each confirmation who acknowledged it. */
  confirming(servedBy: string | undefined): void
}

/** Milliseconds that somebody waits for an answer before asking for help: longer than any recovery. */
const PATIENCE = 30_000

/** How a summary is confirmed: by its button, or in its words where the keyboard has none. */
const CONFIRM = { id: 'resumen/registrar', words: 'Sí, registrar' }

const SUBJECTS = ['Hay una fuga de agua', 'No sirve la luminaria de la calle', 'Hay un bache enfrente de mi casa']

/** By what the question says: what to answer in words. */
const WORDS: [question: RegExp, answer: string][] = [
  [/escriba OMITIR/, 'omitir'],
  [/tel[eé]fono/i, '833 000 0001'],
  [/colonia|d[oó]nde/i, 'Colonia Centro'],
  [/calle y n[uú]mero/i, 'Hidalgo 123 entre Juárez y Morelos'],
  [/n[uú]mero/i, '123'],
  [/nombre/i, 'Vecina de Prueba'],
  [/referencia/i, 'Frente a la tienda'],
  [/\?/, 'Desde ayer por la tarde'],
]

/** By the end of an option's id, the first that is there is pressed. */
const PRESSES = [
  '/acepto',
  '/reportar',
  '/es_otro_problema',
  '/registrar',
  '/sin_fotos',
  '/sin_datos',
  '/con_datos',
  '/omitir',
  '/borrar',
]

/** Registers petitions as people do: reads each question and answers it; what is to be confirmed is confirmed twice. */
export async function petition(line: Line, wish: Wish): Promise<Outcome> {
  const outcome: Outcome = { confirmed: new Set(), folios: new Set(), gaveUp: false }
  await line.say({ text: '/start' })
  const done = () =>
    outcome.folios.size >= wish.petitions || (wish.over() && outcome.folios.size === outcome.confirmed.size)
  for (let unanswered = 0; !done(); ) {
    const heard = await line.hear(PATIENCE)
    if (!heard) {
      unanswered += 1
      if (unanswered > 3) return { ...outcome, gaveUp: true }
      await line.say({ text: 'ayuda' })
      continue
    }
    unanswered = 0
    // With its clave comes a folio of one's own; others' are shown too.
    for (const [, folio = ''] of heard.text.matchAll(/\b(UAC-\d\d-\d+-\d)\s+Clave:/g)) outcome.folios.add(folio)
    if (!done()) await answer(line, heard, wish, outcome)
  }
  return outcome
}

async function answer(line: Line, heard: Heard, wish: Wish, outcome: Outcome): Promise<void> {
  const confirm = confirmation(heard)
  if (confirm) {
    const servedBy = await line.say(confirm, 'confirm')
    outcome.confirmed.add(heard.text)
    wish.confirming(servedBy)
    // The impatient press again; the platform delivers the first press twice as well.
    await line.say(confirm)
    return
  }
  const saying = answerTo(heard, outcome.confirmed.size, wish.random)
  if (saying) await line.say(saying)
}

/** Undefined when it is no summary. */
function confirmation({ options, words }: Heard): Saying | undefined {
  const press = options.find(({ id }) => id === CONFIRM.id)
  if (press) return { press }
  return words.includes(CONFIRM.words) ? { text: CONFIRM.words } : undefined
}

/** Undefined when nothing was asked. */
function answerTo({ text, options, words: keys }: Heard, done: number, random: Random): Saying | undefined {
  if (options.some(({ id }) => id.startsWith('asunto/'))) {
    return { text: `${random.pick(SUBJECTS)}, es mi reporte ${done + 1} de hoy` }
  }
  for (const ending of PRESSES) {
    const option = options.find(({ id }) => id.endsWith(ending))
    if (option) return { press: option }
  }
  const [first] = options
  if (first) return { press: first }
  const [key] = keys
  if (key) return { text: key }
  const words = WORDS.find(([question]) => question.test(text))
  return words && /\?|OMITIR/.test(text) ? { text: words[1] } : undefined
}
