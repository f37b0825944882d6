import { createInstagram, createMessenger } from '../../../src/channels/meta/messaging.ts'
import type { Reading } from '../../../src/channels/meta/reading.ts'
import { readWebhook, webhookBody } from '../../../src/channels/meta/receive.ts'
import { createTestContext, INSTAGRAM_ID, NOW, PAGE_ID, TOKEN } from './context.ts'

const place = { root: 'https://graph.facebook.com', version: 'v26.0' }

/** What a body says to accounts named `default`. */
export function readFixture(body: unknown): Reading {
  const { context } = createTestContext()
  const accounts = [
    createMessenger({ account: 'default', id: PAGE_ID, token: TOKEN }, place, context),
    createInstagram({ account: 'default', id: INSTAGRAM_ID, token: TOKEN }, place, context),
  ]
  return readWebhook(webhookBody.parse(body), accounts, NOW)
}
