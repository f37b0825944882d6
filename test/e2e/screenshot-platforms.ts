import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGraphServer } from '../fakes/graph-server.ts'
import { createTelegramServer } from '../fakes/telegram-server.ts'
import { createWhatsappServer } from '../fakes/whatsapp-server.ts'
import { startMailServer } from '../smtp.ts'

/** Platforms for the pictures: a page, an account, a bot and e-mail that work, and a WhatsApp that is to be linked. */
export async function openPlatforms(folder: string) {
  const telegram = await createTelegramServer()
  const graph = await createGraphServer()
  const whatsapp = await createWhatsappServer()
  const mail = await startMailServer()
  const subscribed = [{ id: '1', subscribed_fields: ['messages', 'feed', 'comments'] }]
  for (const path of ['me', 'me/subscribed_apps', '1001', '2002']) graph.serve(path, { id: '1001', data: subscribed })
  const authority = join(folder, 'authority.pem')
  await writeFile(authority, whatsapp.certificate)
  return {
    env: {
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_BOT_TOKEN: telegram.token,
      META_APP_SECRET: 'secreto-de-ejemplo',
      META_VERIFY_TOKEN: 'palabra-de-ejemplo',
      META_GRAPH_URL: graph.url,
      MESSENGER_PAGE_ID: '1001',
      MESSENGER_PAGE_TOKEN: 'token-de-ejemplo',
      INSTAGRAM_ACCOUNT_ID: '2002',
      SMTP_URL: mail.url,
      SMTP_FROM: 'Atención Ciudadana <uac@demo.local>',
      WHATSAPP_ENABLED: 'true',
      WHATSAPP_WS_URL: whatsapp.url,
      NODE_EXTRA_CA_CERTS: authority,
    },
    close: async () => void (await Promise.all([telegram.close(), graph.close(), whatsapp.close(), mail.close()])),
  }
}
