import type { EntityManager } from '@mikro-orm/postgresql'
import type { Services } from '../../conversation/flows/services.ts'
import type { ConversationState } from '../../conversation/state.ts'
import type { Database } from '../../runtime/database.ts'
import { sql } from '../../runtime/sql.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { type LockedConversation, lockConversation } from '../mensajes/turn-rows.ts'
import { writeState } from '../mensajes/write-state.ts'

/** What giving forgotten conversations back needs. */
export interface VolverDeps {
  database: Database
  municipio: Municipio
  /** The state in which the assistant has it again; nothing is said. */
  release(state: ConversationState, services: Services): Promise<ConversationState>
  servicesFor(em: EntityManager, conversation: LockedConversation): Services
}

/**
 * Conversations that a person answered, and in which nobody wrote for so many hours, are the assistant's again, without a word: it speaks
 * when the citizen does. Who was never answered goes on waiting. @returns how many.
 */
export async function volverAlAsistente(deps: VolverDeps, ahora: Date): Promise<number> {
  const antes = new Date(ahora.getTime() - deps.municipio.conversacion.persona_regresa_horas * 3_600_000)
  const rows = await sql<{ id: number }>(deps.database.fork(), `${CALLADAS} order by c.id`, [antes])
  let returned = 0
  for (const { id } of rows) {
    if (await deps.database.fork().transactional((em) => devolver(em, id, antes, deps))) returned += 1
  }
  return returned
}

async function devolver(em: EntityManager, id: number, antes: Date, deps: VolverDeps): Promise<boolean> {
  const conversation = await lockConversation(em, id)
  const [still] = await sql(em, `${CALLADAS} and c.id = $2`, [antes, id])
  if (!conversation || !still) return false
  await writeState(em, id, await deps.release(conversation.state, deps.servicesFor(em, conversation)))
  return true
}

const CALLADAS = `
select c.id from conversation c
 where c.mode = 'human' and coalesce(c.last_inbound_at, c.human_since) < $1 and c.human_since < $1
   and (select max(m.created_at) from message m
         where m.conversation_id = c.id and m.created_at >= c.human_since
           and ((m.direction = 'out' and m.usuario_id is not null) or m.kind = 'echo')) < $1`
