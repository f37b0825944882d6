import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import type { ToFlow } from '../../conversation/flow.ts'
import type { Services } from '../../conversation/flows/services.ts'
import type { ConversationState, Turn } from '../../conversation/state.ts'
import { sqlOne } from '../../runtime/sql.ts'
import type { Verbo } from '../peticion/transiciones.ts'
import { type LockedConversation, lockConversation } from './turn-rows.ts'
import { writeState } from './write-state.ts'

/**
 * What is asked of a citizen after a change, put into their conversation in the transaction of `em`: the messages to be sent, or none
 * when they are in the middle of something.
 */
export type Proponer = (em: EntityManager, conversationId: number, movimientoId: number) => Promise<OutboundMessage[]>

/** What asking needs. */
export interface ProponerDeps {
  propose(state: ConversationState, wanted: ToFlow, services: Services): Promise<Turn | undefined>
  servicesFor(em: EntityManager, conversation: LockedConversation): Services
}

/** The citizen is asked what the staff asks, and once, after a petition was closed, how it ended. */
export function createProponer(deps: ProponerDeps): Proponer {
  return async (em, conversationId, movimientoId) => {
    const cambio = await sqlOne<Cambio>(em, CAMBIO, [movimientoId])
    const conversation = cambio && (await lockConversation(em, conversationId))
    if (!conversation || conversation.blocked) return []
    const services = deps.servicesFor(em, conversation)
    const wanted = await pregunta(cambio, services)
    const turn = wanted && (await deps.propose(conversation.state, wanted, services))
    if (!turn) return []
    await writeState(em, conversationId, turn.conversation)
    return turn.replies
  }
}

interface Cambio {
  verbo: Verbo
  folio: string
}

async function pregunta({ verbo, folio }: Cambio, services: Services): Promise<ToFlow | undefined> {
  if (verbo === 'preguntar' || verbo === 'recordar')
    return { to: 'flow', flow: 'contestar', answers: { folio }, drop: true }
  if (verbo !== 'validar' || !(await services.posibilidades(folio))?.opinar) return undefined
  return { to: 'flow', flow: 'encuesta', answers: { folio }, drop: true }
}

const CAMBIO = `
select m.verbo, p.folio from movimiento m join peticion p on p.id = m.peticion_id where m.id = $1`
