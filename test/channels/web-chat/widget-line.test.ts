import type { Page, Route, WebSocketRoute } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type BrowserChat, startBrowserChat } from './browser.ts'

describeWithBrowser('the widget on a bad line', () => {
  let town: BrowserChat
  let now = Date.now
  beforeAll(async () => {
    town = await startBrowserChat({ now: () => new Date(now()) })
  })
  afterAll(() => town.close())
  afterEach(async () => {
    now = Date.now
    await town.leave()
    await town.empty()
  })

  const arrived = async (page: Page, text: string) => {
    await page.getByText(`Oí: ${text}`, { exact: true }).waitFor()
    expect(await page.getByText(text, { exact: true }).count()).toBe(1)
    expect((await town.stored()).filter(({ body }) => body.text === text)).toHaveLength(1)
  }
  const write = async (page: Page, text: string) => {
    await page.getByRole('textbox').fill(text)
    await page.keyboard.press('Enter')
  }
  const greeted = (page: Page) => page.getByRole('group', { name: 'Opciones para responder' }).waitFor()

  /** What becomes of the posts of a page; others go through. */
  const posts = (page: Page, act: (route: Route) => Promise<void>) =>
    page.route('**/activities', (route) => (route.request().method() === 'POST' ? act(route) : route.continue()))

  test('a message whose answer was lost goes again under its id, is stored once and shown once', async () => {
    const page = await town.visit()
    await greeted(page)
    let lost = 0
    await posts(page, async (route) => {
      if (lost++ > 0) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await write(page, 'hay un bache')
    await arrived(page, 'hay un bache')
  })

  test('what is written while the phone has no line says so, and goes in its order once there is one', async () => {
    const page = await town.visit()
    await greeted(page)
    await page.context().setOffline(true)
    await page.getByText('Sin conexión').waitFor()
    await write(page, 'tengo una fuga')
    await write(page, 'acepto')
    await page.context().setOffline(false)
    await arrived(page, 'acepto')
    const said = (await town.stored()).map(({ body }) => body.text).filter((text) => text !== undefined)
    expect(said.indexOf('tengo una fuga')).toBeGreaterThan(-1)
    expect(said.indexOf('tengo una fuga')).toBeLessThan(said.indexOf('acepto'))
    expect(await page.getByText('No se envió').count()).toBe(0)
    await page.getByText('Sin conexión').waitFor({ state: 'hidden' })
  })

  test('what could not be sent says so, keeps its words, and goes when asked again', async () => {
    const page = await town.visit({ before: (page) => page.clock.install() })
    await greeted(page)
    await posts(page, (route) => route.abort())
    await write(page, 'sin señal')
    await page.getByText('Enviando…').waitFor()
    const again = page.getByRole('button', { name: 'Reintentar' })
    await vi.waitUntil(async () => {
      await page.clock.fastForward(5000)
      return again.isVisible()
    })
    expect(await page.getByText('No se envió').first().isVisible()).toBe(true)
    await page.unroute('**/activities')
    await again.click()
    await arrived(page, 'sin señal')
    await page.getByText('Enviado').waitFor()
  })

  test('a press that could not be sent can be put away, and its menu is open again', async () => {
    const page = await town.visit()
    await posts(page, (route) => route.fulfill({ status: 400, body: '{}' }))
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('El mensaje no se pudo recibir.').waitFor()
    expect(await page.getByRole('button', { name: 'Reintentar' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Descartar' }).click()
    await page.unroute('**/activities')
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('Guárdelo').waitFor()
  })

  test('we wait as long as the server asks', async () => {
    const page = await town.visit({ before: (page) => page.clock.install() })
    await greeted(page)
    const times: number[] = []
    await posts(page, async (route) => {
      times.push(await page.evaluate<number>('Date.now()'))
      if (times.length > 1) return route.continue()
      return route.fulfill({ status: 429, headers: { 'retry-after': '25' }, body: '{}' })
    })
    await write(page, 'con calma')
    await vi.waitUntil(async () => {
      await page.clock.fastForward(1000)
      return times.length > 1
    }, 10_000)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(25_000)
    await arrived(page, 'con calma')
  })

  test('what was on its way when the page was left goes after the reload, once', async () => {
    const page = await town.visit()
    await greeted(page)
    await posts(page, (route) => route.abort())
    await write(page, 'antes de recargar')
    await page.getByText('Enviando…').waitFor()
    await page.unroute('**/activities')
    await page.reload()
    await arrived(page, 'antes de recargar')
  })

  test('what was said while the line was down comes once it is back, nothing lost and nothing twice', async () => {
    const sockets: WebSocketRoute[] = []
    const page = await town.visit({
      before: (page) =>
        page.routeWebSocket(/stream/, (socket) => {
          socket.connectToServer()
          sockets.push(socket)
        }),
    })
    await greeted(page)
    await page.route('**/v3/directline/**', (route) => route.abort())
    await sockets[0]?.close({ code: 1006 })
    for (const text of ['uno', 'dos', 'tres']) await town.say({ text })
    await page.getByText('Sin conexión').waitFor()
    await page.unroute('**/v3/directline/**')
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await page.getByText('tres').waitFor()
    await write(page, 'ya regresé')
    await arrived(page, 'ya regresé')
    const said = page.getByRole('log').locator('.text')
    expect(await said.allTextContents()).toEqual([
      'Hola, ¿en qué le ayudo?',
      'uno',
      'dos',
      'tres',
      'ya regresé',
      'Oí: ya regresé',
    ])
    await page.getByText('Sin conexión').waitFor({ state: 'hidden' })
  })

  const deafAfterGreeting = async () => {
    let deaf = false
    let opened = 0
    const page = await town.visit({
      before: async (page) => {
        await page.clock.install()
        await page.routeWebSocket(/stream/, (socket) => {
          opened++
          const server = socket.connectToServer()
          server.onMessage((frame) => {
            if (!deaf) socket.send(frame)
          })
        })
      },
    })
    await greeted(page)
    deaf = true
    return {
      page,
      opened: () => opened,
      heal() {
        deaf = false
      },
    }
  }

  test('a socket that stays open and says nothing is noticed when an echo does not come', async () => {
    const { page, opened, heal } = await deafAfterGreeting()
    await write(page, 'me oyen')
    await vi.waitUntil(async () => (await town.stored()).length === 4)
    await page.clock.fastForward(12_000)
    await arrived(page, 'me oyen')
    heal()
    await vi.waitUntil(async () => {
      await page.clock.fastForward(2000)
      return opened() === 2
    })
    await write(page, 'ahora sí')
    await arrived(page, 'ahora sí')
  })

  test('a socket that stays open and says nothing is noticed by its silence', async () => {
    const { page } = await deafAfterGreeting()
    await town.say({ text: 'Su petición cambió' })
    await page.clock.fastForward(46_000)
    await page.getByText('Su petición cambió').waitFor()
  })

  test('where no WebSocket is possible we ask again and again', async () => {
    const page = await town.visit({
      before: (page) =>
        page.addInitScript(
          `window.WebSocket = class { constructor() { throw new DOMException('no', 'SecurityError') } }`,
        ),
    })
    await greeted(page)
    await write(page, 'sin socket')
    await arrived(page, 'sin socket')
    await town.say({ text: 'Aviso' })
    await page.getByText('Aviso', { exact: true }).waitFor()
    expect(await page.getByText('Sin conexión').isVisible()).toBe(false)
  })

  test('a citizen who comes back after days goes on where they were', async () => {
    const page = await town.visit()
    await greeted(page)
    await write(page, 'el lunes')
    await arrived(page, 'el lunes')
    now = () => Date.now() + 5 * 86_400_000
    await page.reload()
    await page.getByText('Oí: el lunes').waitFor()
    await write(page, 'el sábado')
    await arrived(page, 'el sábado')
    expect(await page.getByText('el lunes', { exact: true }).count()).toBe(1)
  })

  test('a token is renewed before it ends', async () => {
    const page = await town.visit({ before: (page) => page.clock.install() })
    await greeted(page)
    const renewal = page.waitForRequest('**/tokens/refresh')
    await page.clock.fastForward(16 * 60_000)
    await renewal
  })

  test('a conversation that is over offers to begin another, and what was not sent goes along', async () => {
    const page = await town.visit()
    await greeted(page)
    await town.chat.rows(`update conversation set ended_at = now()`)
    await write(page, 'esto no llegó')
    await page.getByText('Esta conversación terminó').first().waitFor()
    await page.getByRole('textbox').fill('ni esto')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('textbox').inputValue()).toBe('ni esto')
    await page.getByRole('button', { name: 'Empezar otra conversación' }).click()
    await greeted(page)
    expect(await page.getByRole('textbox').inputValue()).toBe('esto no llegó\nni esto')
    expect(await page.getByText('Hola, ¿en qué le ayudo?').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.getByText('Oí: esto no llegó').waitFor()
  })
})
