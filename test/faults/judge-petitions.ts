import type { Census } from './citizens.ts'
import { withClient } from './database-rows.ts'
import { conversationKey } from './notebook.ts'
import { byKey } from './rows.ts'

/** I4, and what follows from a registration. */
export interface PetitionVerdict {
  confirmed: number
  petitions: number
  folios: number
  wrong: string[]
  gaveUp: number
}

interface PetitionRow {
  folio: string
  channel: string
  account: string
  address: string
  registered: number
  routed: number
  owed: number
}

/** Compares confirmations with petitions: one each, with a folio of its own, routed once, and nothing owed. */
export async function judgePetitions(url: string, { outcomes }: Census): Promise<PetitionVerdict> {
  const { rows } = await withClient(url, (client) => client.query<PetitionRow>(PETITIONS))
  const byConversation = byKey(rows, conversationKey)
  const expected = new Map(outcomes.map(({ key, outcome }) => [key, outcome]))
  const wrong: string[] = []
  for (const [key, { confirmed, folios }] of expected) {
    const own = byConversation.get(key)?.map(({ folio }) => folio) ?? []
    if (own.length !== confirmed.size) wrong.push(`${key}: ${confirmed.size} confirmed, ${own.length} registered`)
    const strange = [...folios].filter((folio) => !own.includes(folio))
    if (strange.length > 0) wrong.push(`${key}: was told ${strange.join(', ')}, which does not exist`)
  }
  for (const [key, own] of byConversation)
    if (!expected.has(key)) wrong.push(`${key}: ${own.length} petitions nobody confirmed`)
  for (const { folio, registered, routed, owed } of rows) {
    if (registered !== 1 || routed !== 1 || owed !== 0)
      wrong.push(`${folio}: registered ${registered} times, routed ${routed} times, ${owed} jobs owed`)
  }
  return {
    confirmed: outcomes.reduce((sum, { outcome }) => sum + outcome.confirmed.size, 0),
    petitions: rows.length,
    folios: new Set(rows.map(({ folio }) => folio)).size,
    wrong,
    gaveUp: outcomes.filter(({ outcome }) => outcome.gaveUp).length,
  }
}

const PETITIONS = `
select p.folio, a.channel, a.account, a.external_id as address,
       (select count(*)::int from movimiento m where m.peticion_id = p.id and m.verbo = 'registrar') as registered,
       (select count(*)::int from movimiento m where m.peticion_id = p.id and m.verbo = 'canalizar') as routed,
       (select count(*)::int from outbox o where o.peticion_id = p.id and o.status not in ('done', 'skipped')) as owed
  from peticion p join address a on a.id = p.address_id`
