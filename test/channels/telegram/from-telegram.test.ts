import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromTelegram, updateIdOf } from '../../../src/channels/telegram/from-telegram.ts'
import { storableJson } from '../../../src/runtime/json.ts'
import { NOW } from './context.ts'

// What each kind of update comes to is in ../conformance.

const folder = new URL('fixtures/', import.meta.url)
const updates = readdirSync(folder).map((file): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
const read = (update: unknown) => fromTelegram(update, { account: 'default', now: NOW })

it('what is no update (not-an-update) is ignored', () => {
  for (const value of [null, 7, [], {}, { update_id: 'x' }]) expect(read(value)).toEqual({ ignored: 'not an update' })
})

it('every update is stored under its own number', () => {
  for (const update of updates) {
    const received = read(update)
    if ('message' in received) expect(received.message.externalId).toBe(String(updateIdOf(update)))
  }
})

it('whatever comes is read without an error into something that can be stored', () => {
  const broken = fc.tuple(fc.constantFrom(...updates), fc.nat(), fc.jsonValue()).map(([update, where, value]) => {
    let place = 0
    return JSON.parse(JSON.stringify(update), (_key, part: unknown) => (place++ === where % 40 ? value : part))
  })
  fc.assert(
    fc.property(fc.oneof(broken, fc.jsonValue()), (update) => {
      const received = read(update)
      if (!('message' in received)) return
      expect(received.message.from.address).toMatch(/^-?\d+$/)
      expect(received.message.sentAt.toISOString()).toMatch(/Z$/)
      expect(storableJson(received.message)).toBeTypeOf('string')
    }),
    { numRuns: 500 },
  )
})
