import { describe, expect, it } from 'vitest'
import { activitySchema } from '../../../src/channels/bot-framework/activity.ts'
import { fromActivity } from '../../../src/channels/bot-framework/from-activity.ts'
import { fixture, NOW } from './context.ts'

const read = (name: string) => fromActivity(activitySchema.parse(fixture(name)), { account: 'default', now: NOW })

// What people send, and what happens to conversations, comes to is in ../conformance.

describe('nobody’s message to us', () => {
  it.each([
    ['teams-group', 'in a group'],
    ['teams-channel', 'in a group'],
    ['teams-members-bot', 'a change of a conversation'],
    ['teams-invoke', 'invoke'],
    ['teams-read-receipt', 'an event'],
    ['webchat-members-bot', 'a change of a conversation'],
    ['webchat-typing', 'typing'],
    ['webchat-end', 'endOfConversation'],
    ['emulator-from-bot', 'from a bot'],
  ])('%s is ignored, and the log says why', (name, reason) => {
    expect(read(name)).toEqual({ ignored: reason })
  })
})

describe('what has no id', () => {
  it('is known by all that it says, so that a redelivery is one', () => {
    const first = read('webchat-without-id')
    expect(first).toMatchObject({
      message: { text: 'sin identificador', externalId: expect.stringMatching(/us#[\w-]{43}$/) },
    })
    expect(read('webchat-without-id')).toEqual(first)
    const other = fromActivity(activitySchema.parse({ ...fixture('webchat-without-id'), text: 'otro' }), {
      account: 'default',
      now: NOW,
    })
    expect(other).not.toMatchObject({ message: { externalId: 'message' in first && first.message.externalId } })
  })
})
