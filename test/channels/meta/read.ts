import { canalesSchema } from '../../../src/channels/canales.ts'
import { createInstagram, createMessenger } from '../../../src/channels/meta/messaging.ts'
import type { Reading } from '../../../src/channels/meta/reading.ts'
import { readWebhook, webhookBody } from '../../../src/channels/meta/receive.ts'
import { createWhatsAppCloud } from '../../../src/channels/meta/whatsapp-cloud.ts'
import { createTestContext, INSTAGRAM_ID, NOW, PAGE_ID, PHONE_ID, TOKEN } from './context.ts'

const { meta } = canalesSchema.parse({})
const place = { root: 'https://graph.facebook.com', version: 'v26.0' }

/** What a body says to accounts named `default`. */
export function readFixture(body: unknown): Reading {
  const { context } = createTestContext()
  const accounts = [
    createMessenger({ account: 'default', id: PAGE_ID, token: TOKEN }, place, context, meta),
    createInstagram({ account: 'default', id: INSTAGRAM_ID, token: TOKEN }, place, context, meta),
    createWhatsAppCloud({ account: 'default', id: PHONE_ID, token: TOKEN }, place, context, meta),
  ]
  return readWebhook(webhookBody.parse(body), accounts, NOW)
}
