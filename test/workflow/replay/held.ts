import type { ChannelLimits } from '../../../src/channels/channel.ts'
import { createConversations } from '../../../src/conversation/flows/conversations.ts'
import { sqlOne } from '../../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import type { Ayuntamiento } from '../ayuntamiento.ts'
import { said, turnDeps } from '../way-fixture.ts'

export const settings = await readSettings(CONFIG_FOLDER, {})
export const PUBLIC_URL = 'https://uac.example'
const conversations = createConversations(settings, PUBLIC_URL)

/** What a citizen says: words, or the press of a button. */
export type Said = string | { choice: string }

/** A citizen who says one thing after another on the way that messages take, over real rows; gives the conversation's id. */
export async function converse(
  town: Ayuntamiento,
  address: string,
  lines: readonly Said[],
  limits: Partial<ChannelLimits> = {},
): Promise<number> {
  const { deps } = turnDeps(town.database, conversations.advance, limits)
  const services = { ...town.services, ...settings, publicUrl: PUBLIC_URL, ahora: () => new Date() }
  const save = createSaveInbound(town.database, () => undefined)
  let id = 0
  for (const line of lines) {
    const one =
      typeof line === 'string'
        ? said(address, line)
        : said(address, '', { kind: 'choice', choice: { id: line.choice } })
    await save([{ ...one, sentAt: new Date() }])
    id = (await sqlOne<{ id: number }>(town.database.fork(), CONVERSATION, [address]))?.id ?? 0
    await handleInbound({ ...deps, ...conversations, servicesFor: (em, turn) => servicesFor(em, turn, services) }, id)
  }
  return id
}

const CONVERSATION = `
select c.id from conversation c join address a on a.id = c.address_id where a.external_id = $1`
