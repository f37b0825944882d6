import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { until } from '../../src/runtime/until.ts'
import { createGraphServer, graphError } from '../fakes/graph-server.ts'
import { createTelegramServer, type FakeTelegram } from '../fakes/telegram-server.ts'
import { createWhatsappServer } from '../fakes/whatsapp-server.ts'
import { DESK, HERE, openBrowser, PHONE, press, take } from './picture.ts'
import { freePort, start } from './program.ts'
import { ADMIN } from './staff.ts'

/** `node test/e2e/screenshots-canales.ts`: the page Canales with channels that work and channels that do not, into docs/img. */
async function takeCanales(): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'canaliza-canales-'))
  const telegram = await createTelegramServer()
  const graph = await createGraphServer()
  const whatsapp = await createWhatsappServer()
  graph.serve('1001', graphError(190), 400)
  await writeFile(join(cwd, 'authority.pem'), whatsapp.certificate)
  const env = {
    ...ADMIN,
    PORT: String(await freePort()),
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    META_GRAPH_URL: graph.url,
    META_APP_SECRET: 'secret',
    META_VERIFY_TOKEN: 'verify',
    MESSENGER_PAGE_ID: '1001',
    MESSENGER_PAGE_TOKEN: 'expired',
    WHATSAPP_ENABLED: 'true',
    WHATSAPP_WS_URL: whatsapp.url,
    NODE_EXTRA_CA_CERTS: join(cwd, 'authority.pem'),
  }
  const program = await start({ cwd, env })
  const browser = await openBrowser()
  try {
    await greet(telegram)
    const desk = await browser.newPage({ ...HERE, ...DESK, baseURL: program.url })
    await logIn(desk)
    await desk.goto('/admin/canales')
    await desk.locator('main').getByText('ya no acepta su clave').waitFor()
    await take(desk, 'canales')
    const phone = await browser.newPage({ ...HERE, ...PHONE, baseURL: program.url })
    await logIn(phone)
    await phone.goto('/admin/canales/whatsapp/default?hecho=vincular')
    await phone.getByRole('img', { name: 'Código QR para vincular' }).scrollIntoViewIfNeeded()
    await take(phone, 'canal-qr-360')
  } finally {
    await browser.close()
    await program.stop()
    await Promise.all([telegram.close(), graph.close(), whatsapp.close()])
    await rm(cwd, { recursive: true })
  }
}

/** Somebody writes, and is answered. */
async function greet(telegram: FakeTelegram): Promise<void> {
  const person = { id: 5_550_100, first_name: 'Persona de Prueba' }
  telegram.push({
    message: {
      message_id: 1,
      from: { ...person, is_bot: false },
      chat: { ...person, type: 'private' },
      date: Math.floor(Date.now() / 1000),
      text: 'hola',
    },
  })
  await until(() => telegram.sent().length > 1)
}

async function logIn(page: Page): Promise<void> {
  await page.goto('/admin/login')
  await page.getByLabel('Correo electrónico').fill(ADMIN.ADMIN_EMAIL)
  await page.getByLabel('Contraseña').fill(ADMIN.ADMIN_PASSWORD)
  await press(page, 'Entrar')
  await page.getByRole('button', { name: 'Salir' }).waitFor()
}

await takeCanales()
