import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { messages, said, testDatabase } from '../way-fixture.ts'

describe('saveInbound', () => {
  it('stores a batch, makes address and conversation once, and wakes each conversation', async () => {
    const database = await testDatabase()
    const woken: number[] = []
    const save = createSaveInbound(database, (id) => woken.push(id))
    const result = await save([said('ana', 'uno'), said('ana', 'dos'), said('beto', 'tres')])
    expect(result).toEqual({ saved: 3, repeated: 0 })
    expect(woken).toHaveLength(2)
    expect((await messages(database)).map((row) => row.status)).toEqual(['received', 'received', 'received'])
  })

  it('takes a redelivery, and one inside the same batch, for what they are', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    const message = said('ana', 'hola')
    expect(await save([message, message])).toEqual({ saved: 1, repeated: 1 })
    expect(await save([message])).toEqual({ saved: 0, repeated: 1 })
    expect(await messages(database)).toHaveLength(1)
  })

  it('keeps two people apart whose platform ids are the same on different accounts', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    const message = said('ana', 'hola')
    expect(await save([message, { ...message, account: 'segunda' }])).toEqual({ saved: 2, repeated: 0 })
  })

  it('loses nothing when twenty deliveries of the first messages of an address race', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    const batch = Array.from({ length: 5 }, (_, index) => said('ana', `mensaje ${index}`))
    const results = await Promise.all(Array.from({ length: 20 }, () => save(batch)))
    expect(results.reduce((sum, result) => sum + result.saved, 0)).toBe(5)
    expect(await messages(database)).toHaveLength(5)
    expect(await sql(database.fork(), 'select id from conversation')).toHaveLength(1)
  })

  it('is not held up by a turn that holds the lock of the conversation', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    await save([said('ana', 'uno')])
    await database.fork().transactional(async (em) => {
      await sql(em, 'select id from conversation for no key update')
      await sql(em, "update conversation set step = 'x'")
      expect(await save([said('ana', 'dos')])).toEqual({ saved: 1, repeated: 0 })
    })
  })

  it('stores whatever text, name or id a client makes up', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    const anything = fc.string({ unit: 'binary', maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, fc.jsonValue(), async (text, name, id, channelData) => {
        const message = said('ana', text, { externalId: `${id}x`, from: { address: 'ana', name }, channelData })
        const { saved, repeated } = await save([message])
        expect(saved + repeated).toBe(1)
      }),
      { numRuns: 150 },
    )
  })

  it('takes ids longer than an index can hold', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    const message = said('ana', 'hola', { externalId: 'x'.repeat(20_000) })
    expect(await save([message])).toEqual({ saved: 1, repeated: 0 })
    expect(await save([message])).toEqual({ saved: 0, repeated: 1 })
  })

  it('knows a redelivery by whatever its sender called it', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, () => undefined)
    for (const externalId of ['con\0nulo', 'medio \ud800 par', 'x'.repeat(4000)]) {
      const message = said('ana', 'hola', { externalId })
      expect(await save([message])).toEqual({ saved: 1, repeated: 0 })
      expect(await save([message])).toEqual({ saved: 0, repeated: 1 })
    }
  })
})
