import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { joinMessages } from '../../../src/workflow/mensajes/join-messages.ts'
import { echo, messages, onlyConversation, said, testDatabase, turnDeps } from '../way-fixture.ts'

const edit = (text: string) => said('ana', text, { kind: 'edit', replyTo: 'm1', providerId: 'm1' })

it('what changes a message that was emptied is emptied too; of any other it is kept beside it', async () => {
  const database = await testDatabase()
  const save = createSaveInbound(database, () => undefined)
  const { deps } = turnDeps(database, echo)
  await save([said('ana', 'uno', { providerId: 'm1' }), edit('dos')])
  const id = await onlyConversation(database)
  await handleInbound(deps, id)
  expect((await messages(database)).filter((row) => row.direction === 'in').map(({ text }) => text)).toEqual([
    'uno',
    'dos',
  ])
  await sql(database.fork(), `update message set body = '{}' where direction = 'in'`)
  await save([edit('tres')])
  await handleInbound(deps, id)
  expect((await messages(database)).filter((row) => row.direction === 'in').map(({ text }) => text)).toEqual([
    null,
    null,
    null,
  ])
})

it('a burst that is one answer is no one message, so that changing its first part is not taken for the whole answer', () => {
  const burst = joinMessages([
    said('ana', 'Hidalgo', { providerId: 'm1' }),
    said('ana', 'número 5', { providerId: 'm2' }),
  ])
  expect(burst).toMatchObject({ text: 'Hidalgo\nnúmero 5' })
  expect(burst.providerId).toBeUndefined()
})
