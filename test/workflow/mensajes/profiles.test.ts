import { expect, it, vi } from 'vitest'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { createProfiles } from '../../../src/workflow/mensajes/profiles.ts'
import { notingChannel, said, silent, testDatabase } from '../way-fixture.ts'

async function asking(answer: (address: string) => Promise<string | undefined>) {
  const database = await testDatabase()
  const asked: string[] = []
  const profileName = async (address: string) => {
    asked.push(address)
    return answer(address)
  }
  const channel = { ...notingChannel().channel, profileName }
  const profiles = () => createProfiles({ database, log: silent, channelOf: () => channel })
  await createSaveInbound(database, () => undefined)([said('ana', 'hola'), said('ana', 'sigo aquí')])
  /** Some processes hear the same person. */
  const hear = async (processes = 1) => {
    const all = Array.from({ length: processes }, profiles)
    for (const one of all) one.wake(said('ana', 'hola'))
    await Promise.all(all.map((one) => vi.waitFor(() => one.drain())))
  }
  const name = async () => (await sql<{ name: string | null }>(database.fork(), 'select name from address'))[0]?.name
  return { database, asked, hear, name }
}

it('a name that no message tells is asked for once, however many processes hear the person', async () => {
  const { asked, hear, name } = await asking(async () => 'Persona de Prueba')
  await hear(4)
  await hear()
  expect(asked).toEqual(['ana'])
  expect(await name()).toBe('Persona de Prueba')
})

it('who has none, or cannot be asked for, is asked for again a day later', async () => {
  let fails = true
  const { database, asked, hear, name } = await asking(async () => {
    if (fails) throw new SendError('unauthorized', 'Meta answered 200', { retryable: false })
    return undefined
  })
  await hear()
  await hear()
  expect(asked).toHaveLength(1)
  fails = false
  await sql(database.fork(), `update address set profile_at = profile_at - interval '25 hours'`)
  await hear()
  expect(asked).toHaveLength(2)
  expect(await name()).toBeNull()
})

it('a message that tells its name asks nobody', async () => {
  const { database, asked } = await asking(async () => 'Otra')
  const channel = notingChannel().channel
  const profiles = createProfiles({ database, log: silent, channelOf: () => channel })
  profiles.wake(said('ana', 'hola', { from: { address: 'ana', name: 'Ana' } }))
  profiles.wake(said('ana', 'hola'))
  await profiles.drain()
  expect(asked).toEqual([])
})
