import { randomUUID } from 'node:crypto'
import type { InboundMessage, OutboundMessage } from '../../channels/message.ts'
import {
  type ConversationSettings,
  type Conversations,
  createConversations,
} from '../../conversation/flows/conversations.ts'
import type { Services } from '../../conversation/flows/services.ts'
import { initialState } from '../../conversation/memory.ts'
import type { ConversationState } from '../../conversation/state.ts'
import type { Catalogo } from '../catalogo/catalogo.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { type VistasDeCatalogo, vistasDeCatalogo } from '../catalogo/vistas-de-catalogo.ts'
import { type Memory, memoryServices } from '../memory/memory-services.ts'
import { joinMessages, turnLength } from '../mensajes/join-messages.ts'
import type { StoredConversation, StoredMessage, StoredTurn } from './stored-conversation.ts'
import { type Marks, marksOf, worldOf } from './world.ts'

/** The parts of config/ that a conversation is held with. */
export interface ReplaySettings extends ConversationSettings {
  catalogo: Catalogo
  municipio: Municipio
}

/** The program's conversation with these settings, ready to be held many times. */
export interface Stage {
  settings: ReplaySettings
  conversations: Conversations
  vistas: VistasDeCatalogo
  publicUrl: string
}

/** What is answered now to what was said then. */
export interface PlayedTurn {
  /** The question to which it was said; null where none stood. */
  step: string | null
  replies: OutboundMessage[]
  /** Petitions and requests over personal data that got their folio. */
  folios: number
  /** It was looked up what the rows say of petitions made elsewhere or moved on since: the memory may say otherwise. */
  looked: boolean
  /** Why the program could not answer. */
  failure?: string
}

/** Everything a conversation is held with again. */
export function stageOf(settings: ReplaySettings, publicUrl: string): Stage {
  return {
    settings,
    publicUrl,
    conversations: createConversations(settings, publicUrl),
    vistas: vistasDeCatalogo(settings.catalogo),
  }
}

interface Talk {
  stage: Stage
  services: Services
  memory: Memory
  state: ConversationState
  channel: string
  looked: boolean
}

/**
 * Holds a conversation again over services in memory; after a failure nothing more is said. `marks` find in its answers what
 * was near by or published then.
 */
export async function play(
  stage: Stage,
  stored: StoredConversation,
  marks: Marks = marksOf(stage.settings.mensajes),
): Promise<PlayedTurn[]> {
  let clock = new Date(stored.turns[0]?.at ?? 0)
  const { mensajes, municipio } = stage.settings
  const { services: inMemory, memory } = memoryServices({
    ...stage.vistas,
    mensajes,
    horario: municipio,
    prefijo: municipio.folio.prefijo,
    publicUrl: stage.publicUrl,
    now: () => clock,
  })
  const world = worldOf(marks, { zone: municipio.zona_horaria, place: placeIn(stage.vistas) })
  const services = { ...inMemory, ...world.services }
  const state = await beginning(stage, stored, services)
  const talk: Talk = { stage, services, memory, state, channel: stored.channel, looked: false }
  talk.services = noticing(services, () => {
    talk.looked = true
  })
  const played: PlayedTurn[] = []
  for (const turn of stored.turns) {
    clock = new Date(turn.at)
    world.recall(turn)
    const one = await playTurn(talk, turn)
    played.push(one)
    if (one.failure !== undefined) break
  }
  return played
}

function placeIn({ colonias }: VistasDeCatalogo) {
  const known = colonias.find(({ latitud, longitud }) => latitud !== undefined && longitud !== undefined)
  return known && { latitud: known.latitud ?? 0, longitud: known.longitud ?? 0 }
}

async function beginning(
  { conversations, settings }: Stage,
  { begins }: StoredConversation,
  services: Services,
): Promise<ConversationState> {
  if (begins === 'first_word') return initialState()
  const known = { ...initialState(), avisoVersion: settings.municipio.aviso_privacidad.version }
  const menu = await conversations.propose(known, { to: 'flow', flow: 'menu' }, services)
  return menu?.conversation ?? known
}

async function playTurn(talk: Talk, turn: StoredTurn): Promise<PlayedTurn> {
  const before = given(talk.memory)
  const { step } = talk.state
  talk.looked = false
  const replies: OutboundMessage[] = []
  try {
    for (let waiting = turn.messages; waiting.length > 0; ) {
      const messages = waiting.map((message) => asInbound(message, talk.channel))
      const { conversations } = talk.stage
      const joinTexts = talk.state.mode === 'bot' && conversations.isFreeText(talk.state)
      const [first, ...rest] = messages.slice(0, turnLength(messages, joinTexts))
      if (!first) break
      const said = await conversations.advance(talk.state, joinMessages([first, ...rest]), talk.services)
      // Through JSON, as the database would.
      talk.state = JSON.parse(JSON.stringify(said.conversation))
      replies.push(...said.replies)
      waiting = waiting.slice(1 + rest.length)
    }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    return { step, replies, folios: given(talk.memory) - before, looked: talk.looked, failure }
  }
  return { step, replies, folios: given(talk.memory) - before, looked: talk.looked }
}

/** The same services; `looked` is told when one is asked of which only the rows know. */
function noticing(services: Services, looked: () => void): Services {
  const noting =
    <A extends unknown[], R>(ask: (...asked: A) => R) =>
    (...asked: A): R => {
      looked()
      return ask(...asked)
    }
  return {
    ...services,
    misPeticiones: noting(services.misPeticiones),
    consultar: noting(services.consultar),
    posibilidades: noting(services.posibilidades),
    usarCodigo: noting(services.usarCodigo),
    traer: noting(services.traer),
  }
}

const given = ({ registradas, arco }: Memory): number => registradas.length + arco.length

function asInbound(message: StoredMessage, channel: string): InboundMessage {
  return {
    ...message,
    channel,
    account: 'replay',
    from: { address: 'replay' },
    sentAt: new Date(message.sentAt),
    ...(message.media && { media: message.media.map((file) => ({ ...file, attachmentId: randomUUID() })) }),
  }
}
