import { expect, it } from 'vitest'
import { fixture } from './context.ts'
import { readFixture } from './read.ts'

// What each kind of event comes to is in ../conformance.

const read = (name: string) => readFixture(fixture(name))

it.each([
  ['messenger/echo-own', 'an echo of our own message'],
  ['messenger/echo-other-app', 'an echo of a program’s message'],
  ['messenger/echo-unreadable', 'from nobody we could answer'],
  ['messenger/policy-enforcement', 'from nobody we could answer'],
  ['messenger/optin', 'optin'],
  ['messenger/from-user-ref', 'from nobody we could answer'],
  ['whatsapp-cloud/number-changed', 'a change of number'],
  ['whatsapp-cloud/in-group', 'in a group'],
  ['whatsapp-cloud/other-number', 'for an account that is not configured'],
  ['whatsapp-cloud/template-status', 'for an account that is not configured'],
])('%s leaves no row, and the log says why: %s', (file, reason) => {
  expect(read(file)).toEqual({ messages: [], receipts: [], ignored: [reason] })
})

it('of a batch, what is of another page is left out', () => {
  expect(read('messenger/batch').ignored).toContain('for an account that is not configured')
  expect(new Set(read('messenger/batch').messages.map(({ from }) => from.address)).size).toBe(2)
})

it('a status that is only that it was sent says nothing new', () => {
  expect(read('whatsapp-cloud/statuses').ignored).toEqual(['the status sent'])
})

it.each(['messenger/event-of-the-future', 'messenger/timestamp-impossible', 'instagram/event-of-the-future'])(
  '%s, which nobody can read, has the same id each time it comes',
  (file) => {
    const [first] = read(file).messages
    expect(first?.externalId).toMatch(/^unknown:/)
    expect(read(file).messages[0]?.externalId).toBe(first?.externalId)
  },
)
