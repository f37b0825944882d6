import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storableJson } from '../../../src/runtime/json.ts'
import { INSTAGRAM_ID, PAGE_ID, PHONE_ID } from './context.ts'
import { readFixture } from './read.ts'

const NAMES = [
  'sender',
  'recipient',
  'id',
  'timestamp',
  'message',
  'mid',
  'text',
  'attachments',
  'payload',
  'url',
  'quick_reply',
  'postback',
  'is_echo',
  'reaction',
  'read',
  'watermark',
  'referral',
  'type',
  'from',
  'from_user_id',
  'image',
  'interactive',
  'contacts',
  'phones',
  'errors',
  'status',
]

/** Anything, with the names that Meta uses where it does not expect them. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
  ),
})).value

const known = { sender: { id: '7' }, recipient: { id: PAGE_ID }, timestamp: 1795370400123 }

describe('whatever Meta sends', () => {
  it('comes to messages that can be stored, each with an id and somebody to answer', () => {
    fc.assert(
      fc.property(anything, anything, (event, part) => {
        const messaging = [
          event,
          { ...known, message: part },
          { ...known, postback: part },
          { ...known, reaction: part },
        ]
        const metadata = { phone_number_id: PHONE_ID }
        const changes = [
          { field: 'messages', value: { metadata, messages: [event, part], statuses: [event], contacts: [part] } },
          { field: 'messages', value: { metadata, messages: [{ id: 'x', from: '7', type: 'image', image: part }] } },
        ]
        const bodies = [
          { object: 'page', entry: [{ id: PAGE_ID, messaging, standby: messaging }] },
          { object: 'instagram', entry: [{ id: INSTAGRAM_ID, messaging }] },
          { object: 'whatsapp_business_account', entry: [{ changes }] },
        ]
        for (const body of bodies) {
          const { messages } = readFixture(body)
          for (const { externalId, from, sentAt } of messages) {
            expect([externalId, from.address]).not.toContain('')
            expect(sentAt.getTime()).not.toBeNaN()
          }
          expect(() => JSON.parse(storableJson(messages))).not.toThrow()
        }
      }),
      { numRuns: 300 },
    )
  })
})
