import type { EntityManager } from '@mikro-orm/postgresql'
import type { Services } from '../../conversation/flows/services.ts'
import type { ConversationState, Turn } from '../../conversation/state.ts'
import type { Database } from '../../runtime/database.ts'
import type { StoreOutbound } from '../mensajes/store-outbound.ts'
import { type LockedConversation, lockConversation } from '../mensajes/turn-rows.ts'
import { writeState } from '../mensajes/write-state.ts'

/** What giving a conversation back needs. */
export interface ReturnToBotDeps {
  database: Database
  /** The engine's turn: what the assistant says first, and where it stands then. */
  returnToBot(state: ConversationState, services: Services): Promise<Turn>
  servicesFor(em: EntityManager, conversation: LockedConversation): Services
  storeOutbound: StoreOutbound
  /** After the commit: something waits to be sent. */
  wakeSend(conversationId: number): void
}

/** A person of the staff gives a conversation back: the assistant says so and goes on where it stood. Nothing when it has it already. */
export function createReturnToBot(deps: ReturnToBotDeps): (conversationId: number) => Promise<void> {
  return async (conversationId) => {
    const said = await deps.database.fork().transactional(async (em) => {
      const conversation = await lockConversation(em, conversationId)
      if (conversation?.state.mode !== 'human') return 0
      const turn = await deps.returnToBot(conversation.state, deps.servicesFor(em, conversation))
      await writeState(em, conversationId, turn.conversation)
      return (await deps.storeOutbound(em, conversationId, turn.replies)).length
    })
    if (said > 0) deps.wakeSend(conversationId)
  }
}
