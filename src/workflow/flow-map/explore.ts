import type { InboundMessage, OutboundMessage } from '../../channels/message.ts'
import { MENU } from '../../conversation/ask.ts'
import type { CategoriaVista } from '../../conversation/flows/vocabulary.ts'
import { fieldsOf, readMemory } from '../../conversation/memory.ts'
import type { ConversationState, Turn } from '../../conversation/state.ts'
import type { VistasDeCatalogo } from '../catalogo/vistas-de-catalogo.ts'
import { type Memory, memoryServices } from '../memory/memory-services.ts'
import { type ReplaySettings, type Stage, stageOf } from '../replay/play.ts'
import { type Input, inputsAt } from './inputs.ts'
import { type Ground, SITUATIONS, type Situation } from './situations.ts'

/** A question, as `flow/step`; `persona` where a person attends, `descanso` where nothing is asked. */
export type Place = string

export const PERSON: Place = 'persona'
export const REST: Place = 'descanso'

/** A way from one question to another that was found, and what was done to take it. */
export interface Way {
  from: Place
  to: Place
  by: string
}

/** What an exploration found. */
export interface Explored {
  /** Each question that was asked, with the words it was asked in. */
  asked: Map<Place, string>
  ways: Way[]
  /** What must not be, a sentence each. */
  faults: string[]
  /** Messages that were answered. */
  turns: number
}

/** How an exploration is held. */
export interface ExploreOptions {
  /** How many different questions are looked at. */
  most?: number | undefined
  /** Told after each question how many messages were answered. */
  progress?: (turns: number) => void
}

/** Conversations that stand alike are looked at once; more than so many would be a sign that they are told apart too finely. */
const MOST = 4_000

interface Node {
  state: ConversationState
  memory: Memory
  labels: ReadonlyMap<string, string>
}

/**
 * Holds the conversation in every way that `inputsAt` knows, from every situation, and looks at each answer. What it shows holds for
 * what it tried: questions are told apart by step, subject and what may be pressed, not by every answer given before.
 */
export async function explore(
  settings: ReplaySettings,
  publicUrl: string,
  { most = MOST, progress }: ExploreOptions = {},
): Promise<Explored> {
  const found: Explored = { asked: new Map(), ways: [], faults: [], turns: 0 }
  const ground = groundOf(settings, publicUrl)
  const empty = structuredClone(ground.memory)
  const waiting: Node[] = []
  for (const situation of SITUATIONS) {
    restore(ground.memory, empty)
    const start = noted(ground, await situation.begin(ground), found)
    waiting.push(...(await walk(ground, start, situation, found)))
  }
  const seen = new Set<string>()
  for (let node = waiting.shift(); node && seen.size < most; node = waiting.shift()) {
    const key = keyOf(node, ground.stage)
    if (seen.has(key)) continue
    seen.add(key)
    waiting.push(...(await lookAround(ground, node, found)))
    progress?.(found.turns)
  }
  if (waiting.length > 0) found.faults.push(`more than ${most} different questions: the exploration has no end`)
  found.faults.push(...(await shutIn(found)))
  return found
}

/** Every place on the way of what is said first. */
async function walk(ground: Ground, start: Node, { says = [] }: Situation, found: Explored): Promise<Node[]> {
  const nodes = [start]
  for (const input of says) {
    const node = nodes.at(-1)
    const next = node && (await step(ground, node, input, found))
    if (next) nodes.push(next)
  }
  return nodes
}

/** One thing said; notes the way taken. Undefined where a person attends from then on, or the program failed. */
async function step(ground: Ground, node: Node, input: Input, found: Explored): Promise<Node | undefined> {
  const turn = await tried(ground, node, input, found)
  if (!turn) return undefined
  const to = placeOf(turn.conversation)
  found.ways.push({ from: placeOf(node.state), to, by: input.by })
  const next = noted(ground, turn, found)
  return to === PERSON ? undefined : next
}

/** Where a turn led, with all that is needed to go on from there. */
function noted(ground: Ground, { conversation, replies }: Turn, found: Explored): Node {
  const place = placeOf(conversation)
  if (replies.length > 0) found.asked.set(place, found.asked.get(place) ?? questionOf(replies))
  const labels = new Map(replies.flatMap(({ options = [] }) => options.map(({ id, label }) => [id, label])))
  return { state: conversation, memory: structuredClone(ground.memory), labels }
}

/** Tries everything at a question; gives where that led. */
async function lookAround(ground: Ground, node: Node, found: Explored): Promise<Node[]> {
  const next: Node[] = []
  for (const input of inputsAt(node.state, node.labels)) {
    const one = await step(ground, node, input, found)
    if (one) next.push(one)
  }
  await wayOut(ground, node, found)
  return next
}

/** The words that must work at every question. */
async function wayOut(ground: Ground, node: Node, found: Explored): Promise<void> {
  if (node.state.flow === null) return
  const at = placeOf(node.state)
  const ends: readonly [string, (place: Place) => boolean][] = [
    ['asesor', (place) => place === PERSON],
    ['menú', (place) => place === 'menu/opcion' || place === 'bienvenida/aviso'],
    ['cancelar', (place) => /^(?:cancelar|menu|bienvenida|seguimiento\/retirar)/.test(place)],
  ]
  for (const [word, isOut] of ends) {
    const turn = await tried(ground, node, { by: word, message: { kind: 'text', text: word } }, found)
    const to = turn && placeOf(turn.conversation)
    if (to !== undefined && !isOut(to)) found.faults.push(`${at}: ${word.toUpperCase()} leads to ${to}`)
  }
}

/** One message to the conversation as it stands in `node`; undefined when the program failed. */
async function tried(ground: Ground, node: Node, input: Input, found: Explored): Promise<Turn | undefined> {
  const at = placeOf(node.state)
  const did = `${at}: after «${input.message.text || input.by}»`
  restore(ground.memory, node.memory)
  found.turns += 1
  try {
    const turn = await ground.conversations.advance(node.state, asMessage(input, ground.now), ground.services)
    const faults = faultsIn(turn)
    found.faults.push(...faults.map((fault) => `${did} ${fault}`))
    return { ...turn, conversation: JSON.parse(JSON.stringify(turn.conversation)) }
  } catch (error) {
    found.faults.push(`${did} the program fails: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

function faultsIn({ replies, conversation }: Turn): string[] {
  const faults: string[] = []
  if (replies.length === 0 && conversation.mode === 'bot') faults.push('nothing is answered')
  for (const { text = '', options = [] } of replies) {
    if (options.length > MENU) faults.push(`the menu has ${options.length} options`)
    if (/\{\w*\}|\bundefined\b|\[object/.test(text)) faults.push(`something is not filled in: ${text}`)
  }
  return faults
}

/** Questions that nothing leads out of but the words that work everywhere. */
function shutIn({ asked, ways }: Explored): string[] {
  const left = new Set(ways.filter(({ from, to }) => from !== to).map(({ from }) => from))
  return [...asked.keys()]
    .filter((place) => place !== PERSON && place !== REST && !left.has(place))
    .map((place) => `${place}: no answer leads on from here`)
}

function groundOf(settings: ReplaySettings, publicUrl: string): Ground & { stage: Stage } {
  const stage = stageOf(settings, publicUrl)
  const { conversations, vistas } = stage
  // A Monday at noon in the town.
  const now = new Date('2026-11-23T18:00:00Z')
  let random = 7
  const { services, memory } = memoryServices({
    ...vistas,
    mensajes: settings.mensajes,
    horario: settings.municipio,
    prefijo: settings.municipio.folio.prefijo,
    publicUrl,
    now: () => now,
    random: (max) => {
      random = (random * 16807) % 2147483647
      return random % max
    },
  })
  return { stage, settings, conversations, services, memory, now }
}

/** Conversations of one key go on alike. */
function keyOf({ state }: Node, { vistas }: Stage): string {
  const shown = readMemory(state.answers).shown.map((id) => id.replaceAll(/\d/g, '0'))
  const { categoria, anonima } = fieldsOf(state.answers)
  const subject = vistas.categorias.find(({ id }) => id === categoria)
  const told = state.flow === 'registrar' ? [anonima, subject && kindOf(subject)] : []
  return JSON.stringify([state.flow, state.step, shown.map((id) => anySubject(id, vistas)), told])
}

/** Subjects of one kind are asked the same questions; that each of them leads to a folio is tried one by one elsewhere. */
const kindOf = ({ anonima, reservada, orientacion, ubicacion, requisitos, preguntas }: CategoriaVista) =>
  [anonima, reservada, orientacion !== undefined, ubicacion, requisitos.length > 0, preguntas.length > 0].join()

const anySubject = (id: string, { categorias }: VistasDeCatalogo): string =>
  categorias.some((one) => id.endsWith(`/${one.id}`)) ? '…' : id

/** Where a conversation stands; questions of one kind (`pregunta:cuantas`) are one place. */
export function placeOf({ mode, flow, step }: ConversationState): Place {
  if (mode === 'human') return PERSON
  if (flow === null) return REST
  return `${flow}/${(step ?? '').replace(/:.*/, '')}`
}

const questionOf = (replies: readonly OutboundMessage[]): string => replies.at(-1)?.text ?? ''

function asMessage({ message }: Input, now: Date): InboundMessage {
  const base = { channel: 'exploration', account: 'default', externalId: 'm', from: { address: 'exploration' } }
  return { ...base, ...message, sentAt: now }
}

/** What is kept by reference is filled anew rather than replaced. */
function restore(memory: Memory, as: Memory): void {
  const { codigos, ...rest } = structuredClone(as)
  for (const name of Object.keys(memory)) if (!(name in as)) Reflect.deleteProperty(memory, name)
  Object.assign(memory, rest)
  memory.codigos.clear()
  for (const [code, one] of codigos) memory.codigos.set(code, one)
}
