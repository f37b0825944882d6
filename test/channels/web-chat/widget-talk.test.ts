import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type BrowserChat, startBrowserChat } from './browser.ts'

describeWithBrowser('talking in the widget', () => {
  let town: BrowserChat
  beforeAll(async () => {
    town = await startBrowserChat()
  })
  afterAll(() => town.close())
  afterEach(async () => {
    await town.leave()
    await town.empty()
  })

  test('whoever opens the page is greeted, and answers by a button with its id and label', async () => {
    const page = await town.visit()
    await page.getByRole('button', { name: 'Reportar un problema' }).click()
    await page.getByText('¿Dónde está?').waitFor()
    const [, press] = (await town.stored()).filter(({ direction }) => direction === 'in')
    expect(press).toMatchObject({
      kind: 'choice',
      body: { text: 'Reportar un problema', choice: { id: 'reportar', label: 'Reportar un problema' } },
    })
  })

  test('an answered menu is disabled and shows what was chosen; the new one is open', async () => {
    const page = await town.visit()
    await page.getByRole('button', { name: 'Reportar un problema' }).click()
    const place = page.getByRole('button', { name: 'Compartir mi ubicación' })
    await place.waitFor()
    expect(await place.isEnabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Consultar un folio' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Elegida: 1. Reportar un problema' }).isDisabled()).toBe(true)
  })

  test('typed words answer a menu too, and close it', async () => {
    const page = await town.visit()
    const menu = page.getByRole('group', { name: 'Opciones para responder' })
    await menu.waitFor()
    await page.getByRole('textbox').fill('hay un bache')
    await page.keyboard.press('Enter')
    await page.getByText('Oí: hay un bache').waitFor()
    expect(await menu.getByRole('button', { disabled: false }).count()).toBe(0)
    expect(await page.getByRole('textbox').inputValue()).toBe('')
  })

  test('what people write is never markup', async () => {
    const page = await town.visit()
    await page.getByRole('textbox').fill('<img src=x onerror=alert(1)> <b>hola</b>')
    await page.keyboard.press('Enter')
    await page.getByText('Oí: <img src=x onerror=alert(1)> <b>hola</b>').waitFor()
    expect(await page.getByRole('log').locator('img, b').count()).toBe(0)
  })

  test('only safe addresses become links, which tell and reach nothing of ours', async () => {
    const page = await town.visit()
    await page.getByRole('group', { name: 'Opciones' }).waitFor()
    await town.say({
      text: `Vea https://altamira.gob.mx/folio. Nunca http://malo.example/x ni javascript:alert(1); sí ${town.chat.base}/folio`,
      link: { label: 'Seguimiento', url: 'https://altamira.gob.mx/s/1' },
    })
    await town.say({ text: 'Otro', link: { label: 'Peligro', url: 'javascript:alert(1)' } })
    await page.getByText('Otro', { exact: true }).waitFor()
    const links = page.getByRole('log').getByRole('link')
    expect(await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')))).toEqual([
      'https://altamira.gob.mx/folio',
      `${town.chat.base}/folio`,
      'https://altamira.gob.mx/s/1',
    ])
    for (const link of await links.all()) expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
  })

  test('a folio and its key are copied by buttons', async () => {
    const page = await town.visit({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByRole('button', { name: 'Copiar UAC-26-004217-8' }).click()
    await page.getByRole('status').getByText('Copiado').waitFor({ state: 'attached' })
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('UAC-26-004217-8')
    await page.getByRole('button', { name: 'Copiar 7KQ2MHXD' }).click()
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('7KQ2MHXD')
    expect(await page.getByRole('button', { name: /Copiar/ }).count()).toBe(2)
  })

  test('after a reload the history is there once, the answered menu still closed, and the unsent words in the field', async () => {
    const page = await town.visit()
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('Guárdelo').waitFor()
    await page.getByRole('textbox').fill('y también quiero decir')
    await page.reload()
    await page.getByText('Guárdelo').waitFor()
    expect(await page.getByText('Hola, ¿en qué le ayudo?').count()).toBe(1)
    expect(await page.getByText('Guárdelo').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Elegida: 2. Consultar un folio' }).isDisabled()).toBe(true)
    expect(await page.getByRole('textbox').inputValue()).toBe('y también quiero decir')
    expect((await town.stored()).filter(({ kind }) => kind === 'start')).toHaveLength(1)
  })

  test('a long answer is shown from its beginning, and a button leads to its end, where what is new comes into view', async () => {
    const page = await town.visit({ viewport: { width: 360, height: 640 } })
    await page.getByRole('button', { name: 'Hablar con una persona' }).click()
    await page.getByText('Final').waitFor()
    const isSeen = async (text: string) => {
      const [log, message] = [await page.getByRole('log').boundingBox(), await page.getByText(text).boundingBox()]
      return !!log && !!message && message.y >= log.y && message.y + message.height <= log.y + log.height
    }
    await expect.poll(() => isSeen('Principio')).toBe(true)
    expect(await isSeen('Final')).toBe(false)
    await page.getByRole('button', { name: 'Ir a lo más reciente' }).click()
    expect(await isSeen('Final')).toBe(true)
    await town.say({ text: 'Novedad' })
    await expect.poll(() => isSeen('Novedad')).toBe(true)
  })

  test('two windows of one citizen show the same conversation, each thing once', async () => {
    const page = await town.visit()
    await page.getByRole('group', { name: 'Opciones' }).waitFor()
    const other = await page.context().newPage()
    await other.goto(town.chat.base)
    await other.getByText('Hola, ¿en qué le ayudo?').waitFor()
    await page.getByRole('textbox').fill('desde una ventana')
    await page.keyboard.press('Enter')
    for (const window of [page, other]) {
      await window.getByText('Oí: desde una ventana').waitFor()
      expect(await window.getByText('desde una ventana', { exact: true }).count()).toBe(1)
    }
  })

  test('that we are writing is seen until the message comes', async () => {
    let type = () => {}
    const page = await town.visit({
      before: (page) =>
        page.routeWebSocket(/stream/, (socket) => {
          socket.connectToServer()
          type = () => socket.send(JSON.stringify({ activities: [{ type: 'typing', from: { role: 'bot' } }] }))
        }),
    })
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    type()
    await page.getByTitle('Escribiendo…').waitFor()
    await town.say({ text: 'Aquí está' })
    await page.getByText('Aquí está').waitFor()
    await page.getByTitle('Escribiendo…').waitFor({ state: 'hidden' })
  })

  test('a citizen on a borrowed computer leaves nothing behind', async () => {
    const page = await town.visit()
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('Guárdelo').waitFor()
    await page.getByRole('button', { name: 'Adjuntar y más opciones' }).click()
    await page.getByRole('button', { name: 'Borrar este chat del equipo' }).click()
    await page.getByRole('button', { name: 'Sí, borrar' }).click()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    expect(await page.getByText('Guárdelo').count()).toBe(0)
    await page.reload()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    expect(await page.getByText('Guárdelo').count()).toBe(0)
  })
})
