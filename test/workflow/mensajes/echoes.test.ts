import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/runtime/database.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { echo, messages, onlyConversation, said, testDatabase, turnDeps } from '../way-fixture.ts'

const AT = new Date('2026-11-22T12:00:00Z')

/** A conversation in which the bot has answered once. */
async function answered() {
  const database = await testDatabase()
  const save = createSaveInbound(database, () => undefined)
  const { deps, results } = turnDeps(database, async (state, message, services) =>
    state.mode === 'human' ? { conversation: state, replies: [] } : echo(state, message, services),
  )
  await save([said('ana', 'hola')])
  const id = await onlyConversation(database)
  await handleInbound(deps, id)
  const sent = (set: string) => sql(database.fork(), `update message set ${set} where direction = 'out'`)
  const mode = async () => (await sql<{ mode: string }>(database.fork(), 'select mode from conversation'))[0]?.mode
  const hear = async (...heard: Parameters<typeof save>[0]) => {
    await save(heard)
    return handleInbound(deps, id)
  }
  return { database, hear, sent, mode, results }
}

const echoOf = (providerId: string | undefined, text = '') =>
  said('ana', text, { kind: 'echo', sentAt: AT, ...(providerId && { providerId }) })

const rows = async (database: Database) =>
  (await messages(database)).map(({ seq, direction, text, status }) => [seq, direction, text, status])

const BEFORE = [
  [1, 'in', 'hola', 'handled'],
  [2, 'out', 'eco: hola', 'sent'],
]

describe('what somebody says in the platform’s own app', () => {
  it('is kept as said by us, and silences the bot before it answers what waits', async () => {
    const { database, hear, sent, mode } = await answered()
    await sent("status = 'sent', provider_id = 'm1', sent_at = now()")
    await hear(said('ana', '¿hay alguien?'), echoOf('m2', 'Le atiende Laura'))
    expect(await mode()).toBe('human')
    expect(await rows(database)).toEqual([
      ...BEFORE,
      [3, 'out', 'Le atiende Laura', 'sent'],
      [4, 'in', '¿hay alguien?', 'handled'],
    ])
  })

  it('is kept once, however often it is told', async () => {
    const { database, hear, sent } = await answered()
    await sent("status = 'sent', provider_id = 'm1', sent_at = now()")
    for (let time = 0; time < 3; time++) await hear(echoOf('m2', 'Le atiende Laura'))
    expect(await rows(database)).toEqual([...BEFORE, [3, 'out', 'Le atiende Laura', 'sent']])
  })

  it('does not count as the citizen’s writing', async () => {
    const { database, hear, sent } = await answered()
    await sent("status = 'sent', provider_id = 'm1', sent_at = now()")
    const heardAt = () => sql(database.fork(), 'select last_inbound_at from conversation')
    const before = await heardAt()
    await hear(echoOf('m2', 'Le atiende Laura'))
    expect(await heardAt()).toEqual(before)
  })

  it('may be without words: somebody took over, which is noted once', async () => {
    const { database, hear, sent, mode } = await answered()
    await sent("status = 'sent', provider_id = 'm1', sent_at = now()")
    const taken = echoOf(undefined)
    await hear(taken)
    await hear(taken)
    expect(await mode()).toBe('human')
    expect(await rows(database)).toEqual([...BEFORE, [3, 'in', '', 'handled']])
  })
})

describe('the echo of what we sent', () => {
  it.each([
    ['has the id of our message', "status = 'sent', provider_id = 'm1', sent_at = now()"],
    ['comes again after it was read', "status = 'read', provider_id = 'm1', sent_at = now()"],
    [
      'is of an anonymous report, whose answer was emptied with its id',
      `status = 'sent', body = '{}', sent_at = '${AT.toISOString()}'`,
    ],
    ['is of a send that nobody knew the outcome of', "status = 'ambiguous', doubts = 2"],
  ])('is dropped when it %s', async (_label, state) => {
    const { database, hear, sent, mode } = await answered()
    await sent(state)
    await hear(echoOf('m1', 'eco: hola'))
    expect(await mode()).toBe('bot')
    expect(await messages(database)).toHaveLength(2)
  })

  it('waits while a send is under way, without holding up what the citizen says', async () => {
    const { database, hear, sent, mode } = await answered()
    await sent("status = 'sending', claimed_until = now() + interval '8 seconds'")
    expect(await hear(echoOf('m1', 'eco: hola'))).toBe(250)
    await hear(said('ana', 'gracias'))
    expect((await rows(database)).filter(([, , , status]) => status === 'received')).toHaveLength(1)
    await sent("status = 'sent', provider_id = 'm1', sent_at = now()")
    await hear()
    expect(await mode()).toBe('bot')
    expect((await messages(database)).map(({ text }) => text)).toEqual(['hola', 'eco: hola', 'gracias', 'eco: gracias'])
  })
})
