import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activitySchema } from '../../../src/channels/bot-framework/activity.ts'
import { fromActivity } from '../../../src/channels/bot-framework/from-activity.ts'
import { referenceOf } from '../../../src/channels/bot-framework/references.ts'
import { storableJson } from '../../../src/runtime/json.ts'
import { fixture, NOW } from './context.ts'

const NAMES = [
  ...['type', 'id', 'text', 'value', 'from', 'recipient', 'conversation', 'attachments', 'contentType', 'contentUrl'],
  ...['content', 'downloadUrl', 'entities', 'geo', 'latitude', 'longitude', 'name', 'membersAdded', 'reactionsAdded'],
  ...['channelData', 'postBack', 'action', 'timestamp', 'locale', 'role', 'choice', '__proto__', 'constructor'],
]

/** Anything, with the names that the protocol uses where it does not expect them. */
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

const TYPES = ['message', 'messageUpdate', 'messageReaction', 'conversationUpdate', 'event', 'constructor', 'toString']

describe('whatever a channel sends', () => {
  it('is refused as a whole, ignored, or comes to a message that can be stored and answered', () => {
    const parts = fc.dictionary(fc.constantFrom(...NAMES), anything, { maxKeys: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), parts, (type, given) => {
        const { success, data } = activitySchema.safeParse({ ...fixture('teams-text'), ...given, type })
        if (!success) return
        const received = fromActivity(data, { account: 'default', now: NOW })
        if ('ignored' in received) return
        const { externalId, from, sentAt, media = [] } = received.message
        expect([externalId, from.address]).not.toContain('')
        expect(sentAt.getTime()).not.toBeNaN()
        for (const { ref } of media) expect(ref).toMatch(/^(service|public|data):/)
        expect(() => JSON.parse(storableJson([received.message, referenceOf(data)]))).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  it('comes once under every conversation: two of different channels are two', () => {
    const teams = activitySchema.parse(fixture('teams-text'))
    const ids = ['msteams', 'webchat'].map((channelId) =>
      fromActivity({ ...teams, channelId }, { account: 'a', now: NOW }),
    )
    expect(new Set(ids.map((one) => 'message' in one && one.message.externalId)).size).toBe(2)
  })
})
