import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { PASSWORD } from '../../src/commands/demo/staff.ts'
import { createGraphServer } from '../fakes/graph-server.ts'
import { DESK, HERE, openBrowser, PHONE, press, take } from './picture.ts'
import { freePort, start } from './program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `node test/e2e/screenshots-redes.ts`: the tray Redes of the demo, with a page and an account connected, into docs/img. */
async function takeRedes(): Promise<void> {
  const graph = await createGraphServer()
  const subscribed = [{ id: '1', subscribed_fields: ['messages', 'feed', 'comments'] }]
  for (const path of ['me', 'me/subscribed_apps', '1001', '2002']) graph.serve(path, { id: '1001', data: subscribed })
  const env = { PORT: String(await freePort()), ...accounts(graph.url) }
  const program = await start({ cwd: ROOT, env }, 'src/commands/demo.ts')
  const browser = await openBrowser()
  try {
    const visit = (options: object) => browser.newPage({ ...HERE, baseURL: program.url, ...options })
    await work(await visit(DESK), '')
    await work(await visit(PHONE), '-360')
  } finally {
    await browser.close()
    await program.stop()
    await graph.close()
  }
}

const accounts = (url: string) => ({
  META_APP_SECRET: 'secreto-de-ejemplo',
  META_VERIFY_TOKEN: 'palabra-de-ejemplo',
  META_GRAPH_URL: url,
  MESSENGER_PAGE_ID: '1001',
  MESSENGER_PAGE_TOKEN: 'token-de-ejemplo',
  INSTAGRAM_ACCOUNT_ID: '2002',
})

async function work(page: Page, suffix: string): Promise<void> {
  await page.goto('/admin/login')
  await page.getByLabel('Correo electrónico').fill('comunicacion@demo.local')
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await press(page, 'Entrar')
  await page.getByRole('link', { name: 'Redes' }).click()
  await page.getByRole('link', { name: 'Vecina de Miramar' }).waitFor()
  await take(page, `redes${suffix}`)
  await page.getByRole('link', { name: 'Vecina de Miramar' }).click()
  await page.getByRole('link', { name: 'Gracias, lo revisamos' }).click()
  await page.getByRole('heading', { name: 'Contestar en público' }).waitFor()
  await page.evaluate('scrollTo(0, 0)')
  await take(page, `redes-comentario${suffix}`)
}

await takeRedes()
