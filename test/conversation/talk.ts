import type { InboundMessage } from '../../src/channels/message.ts'
import { show } from '../../src/commands/chat/show.ts'
import { typedMessage } from '../../src/commands/chat/typed-message.ts'
import { type Conversations, createConversations } from '../../src/conversation/flows/conversations.ts'
import type { Conversacion } from '../../src/conversation/flows/mundo.ts'
import type { Services } from '../../src/conversation/flows/services.ts'
import { initialState } from '../../src/conversation/memory.ts'
import type { ConversationState, Turn } from '../../src/conversation/state.ts'
import { CONFIG_FOLDER, readSettings, type Settings } from '../../src/settings.ts'
import { vistasDeCatalogo } from '../../src/workflow/catalogo/vistas-de-catalogo.ts'
import { type Memory, memoryServices } from '../../src/workflow/memory/memory-services.ts'

/** The settings that ship with the program. */
export const settings: Settings = await readSettings(CONFIG_FOLDER, {})

const vistas = vistasDeCatalogo(settings.catalogo)
const PUBLIC_URL = 'https://canaliza.example'

/** A talk between a citizen and the bot, with everything around it in memory. */
export interface Talk {
  state: ConversationState
  readonly conversations: Conversations
  readonly services: Services
  readonly memory: Memory
  /** Milliseconds since the epoch. */
  clock: number
  turns: number
}

/** A talk that has not begun; `accepted` when the citizen accepted the notice some other day. */
export function newTalk(accepted = false, flows?: Readonly<Record<string, Conversacion>>): Talk {
  const talk = { clock: Date.parse('2026-11-22T16:00:00Z'), turns: 0 }
  let random = 7
  const { services, memory } = memoryServices({
    ...vistas,
    mensajes: settings.mensajes,
    prefijo: settings.municipio.folio.prefijo,
    publicUrl: PUBLIC_URL,
    now: () => new Date(talk.clock),
    random: (max) => {
      random = (random * 16807) % 2147483647
      return random % max
    },
  })
  const state = initialState()
  const avisoVersion = accepted ? settings.municipio.aviso_privacidad.version : null
  return Object.assign(talk, {
    state: { ...state, avisoVersion },
    conversations: createConversations(settings, PUBLIC_URL, flows),
    services,
    memory,
  })
}

/** One message, as typed in the terminal, or made by the test; the state goes through JSON as it would in the database. */
export async function speak(talk: Talk, said: string | Partial<InboundMessage>): Promise<Turn> {
  talk.turns += 1
  talk.clock += 20_000
  const sentAt = new Date(talk.clock - 1_000)
  const typed = typedMessage(typeof said === 'string' ? said : '', talk.turns, sentAt)
  const message = typeof said === 'string' ? typed : { ...typed, ...said }
  const turn = await talk.conversations.advance(talk.state, message, talk.services)
  talk.state = JSON.parse(JSON.stringify(turn.conversation))
  return turn
}

/** Says one thing after another; gives what was answered to the last. */
export async function speakAll(talk: Talk, said: readonly (string | Partial<InboundMessage>)[]): Promise<Turn> {
  let turn: Turn = { conversation: talk.state, replies: [] }
  for (const one of said) turn = await speak(talk, one)
  return turn
}

/** Everything answered in a turn, as a terminal shows it. */
export const heard = (turn: Turn): string => turn.replies.map(show).join('\n\n')
