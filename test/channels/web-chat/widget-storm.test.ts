import type { Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type BrowserChat, startBrowserChat } from './browser.ts'

/** A row of numbers from 0 to 1 that looks like chance and is the same in every run. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

describeWithBrowser('the widget in a storm', () => {
  let town: BrowserChat
  beforeAll(async () => {
    town = await startBrowserChat()
  })
  afterAll(() => town.close())

  /**
   * Between `rage` and `calm` requests fail, answers are lost, sockets are cut or go deaf, all by chance: each by one
   * of its own, so that how often one is asked does not change another.
   */
  const storm = async (page: Page) => {
    const deafness = chance(20_261_122)
    const loss = chance(20_261_123)
    const cutting = chance(20_261_124)
    const sockets: WebSocketRoute[] = []
    const faults = { requests: 0, cuts: 0 }
    let raging = false
    await page.routeWebSocket(/stream/, (socket) => {
      const deaf = raging && deafness() < 0.3
      const server = socket.connectToServer()
      server.onMessage((frame) => {
        if (!deaf) socket.send(frame)
      })
      sockets.push(socket)
    })
    await page.route('**/v3/directline/**', async (route) => {
      const luck = raging ? loss() : 1
      if (luck > 0.6) return route.continue()
      faults.requests++
      if (luck < 0.2) return route.abort()
      if (luck < 0.35) return route.fulfill({ status: 503, body: '{}' })
      await route.fetch()
      await route.abort()
    })
    return {
      faults,
      async cut() {
        if (cutting() > 0.4) return
        faults.cuts++
        await sockets.at(-1)?.close({ code: 1006 })
      },
      rage() {
        raging = true
      },
      calm() {
        raging = false
      },
    }
  }

  test('everything that both sides say arrives once, and what we say in our order, whatever the line does', async () => {
    let weather: Awaited<ReturnType<typeof storm>> | undefined
    const page = await town.visit({
      before: async (page) => {
        await page.clock.install()
        weather = await storm(page)
      },
    })
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    weather?.rage()
    const field = page.getByRole('textbox')
    for (let n = 1; n <= 25; n++) {
      await field.fill(`digo ${n}.`)
      await field.press('Enter')
      await town.say({ text: `aviso ${n}.` })
      await weather?.cut()
      await page.clock.fastForward(1500)
    }
    weather?.calm()
    const said = async () => (await page.getByRole('log').locator('.text').allTextContents()).map((text) => text.trim())
    await vi.waitUntil(
      async () => {
        await page.clock.fastForward(5000)
        await page
          .getByRole('button', { name: 'Reintentar' })
          .evaluateAll((all: { click(): void }[]) => all[0]?.click())
        return (await said()).length === 76
      },
      { timeout: 18_000, interval: 100 },
    )
    const numbered = (word: string) => Array.from({ length: 25 }, (_, index) => `${word} ${index + 1}.`)
    const all = await said()
    expect([...all].sort()).toEqual(
      ['Hola, ¿en qué le ayudo?', ...numbered('digo'), ...numbered('Oí: digo'), ...numbered('aviso')].sort(),
    )
    expect(all.filter((text) => text.startsWith('aviso'))).toEqual(numbered('aviso'))
    expect(weather?.faults.requests).toBeGreaterThan(20)
    expect(weather?.faults.cuts).toBeGreaterThan(5)
    const rows = (await town.stored()).filter(({ kind, direction }) => direction === 'in' && kind === 'text')
    expect(rows.map(({ body }) => body.text).sort()).toEqual(numbered('digo').sort())
  })
})
