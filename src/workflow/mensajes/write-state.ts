import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConversationState } from '../../conversation/state.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'

/** Writes where a conversation stands that nobody wrote in; the caller holds its lock. */
export async function writeState(em: EntityManager, id: number, state: ConversationState): Promise<void> {
  await sql(
    em,
    `update conversation
        set mode = $2, flow = $3, flow_version = $4, step = $5, answers = $6::jsonb, drafts = $7::jsonb, misses = $8,
            human_since = case when $2 = 'human' then human_since end, assigned_to = case when $2 = 'human' then assigned_to end
      where id = $1`,
    [
      id,
      state.mode,
      state.flow,
      state.flowVersion,
      state.step,
      storableJson(state.answers),
      storableJson(state.drafts),
      state.misses,
    ],
  )
}
