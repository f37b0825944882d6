import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, runWebChat } from './running-chat.ts'
import { post, read, said, start, until } from './talk.ts'

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database, { bot: ({ text }) => [{ text: `Oí: ${text}` }] })
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

test('what a citizen posts comes back with its id and channelData, before the answer', async () => {
  const grant = await start(chat.domain)
  const { body } = await post(chat.domain, grant, said('hay un bache', 'one'))
  const set = await until(async () => {
    const page = await read(chat.domain, grant)
    return page.activities.length === 2 && page
  })
  expect(set.activities).toMatchObject([
    {
      id: body.id,
      text: 'hay un bache',
      from: { id: 'citizen', role: 'user' },
      channelData: { clientActivityID: 'one' },
    },
    { text: 'Oí: hay un bache', from: { role: 'bot' } },
  ])
})
