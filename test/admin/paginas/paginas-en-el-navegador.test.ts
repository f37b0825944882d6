import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeStatus } from '../../../src/channels/whatsapp/status.ts'
import { createPortal } from '../../../src/portal/portal.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'
import { noteHealth } from '../../../src/workflow/mensajes/keep-account-states.ts'
import { describeWithBrowser } from '../../parts.ts'
import {
  contrastFaultsOf,
  faultsOf,
  type PanelWithBrowser,
  PHONE,
  startPanelWithBrowser,
  type WatchedPage,
} from '../navegador.ts'
import { PASSWORD, SECRET_KEY } from '../panel.ts'
import { PAGINAS, SIN_PAGINA } from './direcciones.ts'
import { weighing } from './peso.ts'
import { type Cosas, fundar } from './pueblo.ts'
import { keyboardFaultsOf } from './teclado.ts'

/** What a page may weigh the first time, without maps and photographs, in bytes over the wire. */
const WEIGHT = 150_000
/** The address that is none. */
const NOWHERE = '/admin/no-hay-tal'
/** Pages that nobody logged in sees. */
const OUTSIDE = /^\/(admin\/(login|olvido|acceso|sala)|folio|privacidad)/

describeWithBrowser('every page of the panel and of the portal, on a phone', () => {
  const correo = { send: async () => undefined, close: () => undefined }
  let panel: PanelWithBrowser
  let cosas: Cosas
  let email: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser({ junto: createPortal, correo })
    const town = await fundar(panel)
    cosas = town.cosas
    email = town.quien.email
    const box = createSecretBox(SECRET_KEY, 'whatsapp')
    await writeStatus(
      { database: panel.database, box, account: 'default' },
      { state: 'pairing', pairing: { code: 'ABCD1234' } },
    )
    const sick = { ok: false, code: 'webhook-failing', detail: 'Telegram answered 401: Unauthorized', at: new Date() }
    await noteHealth(panel.database.fork(), { name: 'telegram', account: 'default' }, sick)
  }, 600_000)
  afterAll(() => panel.close())

  it('is in the table of what is looked at, or said to be no page', () => {
    const routes = panel.routes.filter((one) => one.startsWith('GET ')).map((one) => one.slice(4))
    const unknown = routes.filter((one) => !(one in PAGINAS) && !SIN_PAGINA.includes(one))
    const gone = Object.keys(PAGINAS).filter((one) => !routes.includes(one))
    expect({ unknown, gone }).toEqual({ unknown: [], gone: [] })
  })

  const logIn = async (page: WatchedPage) => {
    await page.goto('/admin/login')
    await page.getByLabel('Correo electrónico').fill(email)
    await page.getByLabel('Contraseña').fill(PASSWORD)
    await page.getByRole('button', { name: 'Entrar' }).click()
    await page.getByRole('button', { name: 'Salir' }).waitFor()
  }
  /** Changes with every page: what colours are wrong in is looked for in the one that the page before had, and in the other. */
  let colorScheme: 'light' | 'dark' = 'light'
  /** What is wrong with the page, with all that is folded open. */
  const faultsIn = async (page: WatchedPage, path: string) => {
    const answer = await page.goto(path)
    const status = path === NOWHERE ? 404 : 200
    const faults = answer?.status() === status ? [] : [`answers ${answer?.status()}`]
    await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })')
    faults.push(...(await faultsOf(page)), ...(await keyboardFaultsOf(page)))
    colorScheme = colorScheme === 'light' ? 'dark' : 'light'
    await page.emulateMedia({ colorScheme })
    faults.push(...(await contrastFaultsOf(page)))
    return [...faults, ...page.complaints.splice(0).filter((one) => path !== NOWHERE || !/status of 404/.test(one))]
  }

  it.each(['inside', 'outside'] as const)(
    'is for everyone in light and dark, no wider than the screen, walked by keyboard, light to load (%s)',
    { timeout: 600_000 },
    async (where) => {
      const page = await panel.visit('/privacidad', PHONE)
      const weightOf = await weighing(page)
      if (where === 'inside') await logIn(page)
      const found: string[] = []
      for (const path of Object.values(PAGINAS).flatMap((of) => of(cosas))) {
        if (OUTSIDE.test(path) !== (where === 'outside')) continue
        const faults = await faultsIn(page, path)
        if (process.env.FIGURES) process.stdout.write(`${path}\t${weightOf()}\n`)
        if (weightOf() > WEIGHT) faults.push(`weighs ${weightOf()} bytes`)
        found.push(...faults.map((fault) => `${path}: ${fault}`))
      }
      expect(found.join('\n')).toBe('')
    },
  )
})
