import { FIRST_MESSAGES, turnsToFolio } from '../test/conversation/turns-to-folio.ts'
import type { Line } from './table.ts'

/** How many messages people of the transcripts write until they have a folio, by what their first message says. */
export async function benchConversation(): Promise<Line[]> {
  const turns = await turnsToFolio()
  return FIRST_MESSAGES.map(({ kind, means, aim }): Line => {
    const { median, all } = turns[kind]
    return [
      `messages to a folio when the first ${means}, median`,
      `≤ ${aim}`,
      `${median} of ${all.length} conversations`,
    ]
  })
}
