import type { Page } from 'playwright-core'
import { press, takeBoth } from './picture.ts'
import { PHOTO } from './pictures.ts'

/** The pictures that are taken on the way of one report. */
export const DE_CHAT = [
  { nombre: 'chat', titulo: 'El chat: dónde es' },
  { nombre: 'chat-folio', titulo: 'El chat: el folio', mesa: true },
  { nombre: 'folio', titulo: 'Cómo va una petición' },
]

/** Reports a pothole in the chat until there is a folio, and looks that up. */
export async function talkAndLookUp(page: Page, suffix: string): Promise<void> {
  await askForPlace(page)
  await takeBoth(page, `chat${suffix}`)
  const { folio, clave } = await finish(page, suffix === '' ? 'Monte Alto' : 'Laguna Florida')
  if (suffix === '') await takeBoth(page, 'chat-folio')
  await page.goto('/folio')
  await page.getByLabel(/folio/i).first().fill(folio)
  await page.getByLabel(/clave/i).first().fill(clave)
  await page.keyboard.press('Enter')
  await page.getByText(folio).first().waitFor()
  await takeBoth(page, `folio${suffix}`)
}

const say = async (page: Page, text: string) => {
  await page.getByRole('textbox').fill(text)
  await page.keyboard.press('Enter')
}
const hear = (page: Page, text: string) => page.getByText(text).last().waitFor()

async function askForPlace(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('log').waitFor()
  await hear(page, '¿Lo acepta?')
  await say(page, 'hay un bache enfrente de mi casa')
  await hear(page, 'Ya guardé lo que me mandó')
  await press(page, /^1\. Acepto/)
  await hear(page, '¿Dónde es?')
}

/** Gives the folio and its clave. In another colonia nobody reported it before. */
async function finish(page: Page, colonia: string): Promise<{ folio: string; clave: string }> {
  await say(page, colonia)
  await hear(page, '¿En qué calle')
  await say(page, 'Hidalgo 123, entre Juárez y Morelos')
  await hear(page, 'Una foto ayuda')
  const file = { name: 'bache.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await PHOTO) }
  await page.locator('input[type=file]').first().setInputFiles(file)
  await press(page, 'Enviar')
  await hear(page, 'Recibida (1 de 5)')
  await press(page, /Listo/)
  await press(page, /Grande/)
  await hear(page, '¿Ha causado')
  await press(page, /^2\. No/)
  await hear(page, 'escriba su nombre y teléfono')
  await say(page, 'Persona de Prueba')
  await press(page, /Sí, registrar/)
  await hear(page, 'quedó registrado')
  await hear(page, 'ya la enviamos a quien la va a atender: Obras Públicas')
  const text = (await page.getByRole('log').textContent()) ?? ''
  const [, folio = '', clave = ''] = /(UAC-\d\d-\d{6}-\d)[\s\S]*?Clave:\s*(\w{8})/.exec(text) ?? []
  return { folio, clave }
}
