import type { Page } from 'playwright-core'

/** What is done on a page before its picture is taken. */
export type Paso = (page: Page) => Promise<void>

const PETICION = 'a[href^="/admin/peticiones/"]'

/** Follows the first link that the selector finds. */
export const abrir =
  (selector: string): Paso =>
  async (page) => {
    await page.locator(`main ${selector}`).first().click()
    await page.waitForLoadState('load')
  }

/** Opens the first petition of the list. */
export const abrirPeticion = abrir(PETICION)

/** Opens what is folded under these words, if it is not open already. */
export const desplegar =
  (texto: string): Paso =>
  async (page) => {
    const summary = page.locator('main summary').filter({ hasText: texto }).first()
    const open = await summary.locator('..').getAttribute('open')
    if (open === null) await summary.click()
    await summary.scrollIntoViewIfNeeded()
  }

/** Opens the first petition, where its next step is. */
export async function alPaso(page: Page): Promise<void> {
  await abrirPeticion(page)
  await page.locator('section:has(> #t-siguiente)').evaluate((step) => step.scrollIntoView({ block: 'start' }))
}

/** Presses keys that open a dialogue. */
export const conAtajo =
  (keys: string): Paso =>
  async (page) => {
    await page.keyboard.press(keys)
    await page.locator('dialog[open]').waitFor()
  }

/** The screen of the waiting room: its link is shown once, to who makes it. */
export async function aSala(page: Page): Promise<void> {
  await page.locator('form[action="/admin/turnos/pantallas"] button').click()
  const link = page.locator('main a[href*="/admin/sala/"], main input[value*="/admin/sala/"]').first()
  const url = (await link.getAttribute('href')) ?? (await link.inputValue())
  await page.goto(new URL(url).pathname)
}

export const alMapa: Paso = (page) => page.locator('.mapa').scrollIntoViewIfNeeded()

/** Chooses the first three of the list. */
export async function marcar(page: Page): Promise<void> {
  const boxes = await page.locator('main .lista input[type=checkbox]').all()
  for (const box of boxes.slice(0, 3)) await box.check()
}

/** The form of what may be done with the first three. */
export async function aVarias(page: Page): Promise<void> {
  await marcar(page)
  await page.getByRole('button', { name: 'Hacer algo con las elegidas' }).click()
  await desplegar('Agregar una nota interna')(page)
}

/** A note in the first three, done and not yet for good. */
export async function anotarVarias(page: Page): Promise<void> {
  await aVarias(page)
  await page.getByLabel('Nota interna').fill('La cuadrilla sale el jueves a esta colonia.')
  await page.locator('button[value=anotar]').click()
  await page.getByRole('button', { name: 'Deshacer' }).waitFor()
}

/** The same, taken back. */
export async function deshacerVarias(page: Page): Promise<void> {
  await anotarVarias(page)
  await page.getByRole('button', { name: 'Deshacer' }).click()
  await page.getByText('No se avisó a nadie').waitFor()
}

/** A file that was prepared and sent whole. */
export async function descargar(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Preparar el archivo' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Descargar' }).click()
  await (await download).path()
  await page.getByText('El archivo se envió completo').waitFor()
}

/** What is handed to somebody at the counter. */
export async function registrar(page: Page): Promise<void> {
  await page.getByLabel('Qué pide la persona, con sus palabras').fill('La lámpara del poste no prende desde el martes.')
  await page.getByLabel('¿Qué le pasa a la luminaria?').selectOption({ index: 1 })
  await page.getByLabel('¿Cuántas luminarias fallan?').selectOption({ index: 1 })
  await page.getByLabel('Nombre completo').fill('Persona de Prueba')
  await page.getByLabel('Colonia').fill('Monte Alto')
  await page.getByLabel('Calle').fill('Hidalgo')
  await page.getByLabel('Módulo donde espera').selectOption({ label: 'Retama' })
  await page.getByRole('button', { name: 'Registrar y dar folio' }).click()
  await page.getByRole('heading', { name: 'Quedó registrada' }).waitFor()
}

/** Whoever made the first petition of the list that says who made it. */
export async function aPersona(page: Page): Promise<void> {
  await conPersona(page).first().locator(PETICION).first().click()
  await page.getByRole('link', { name: 'Sus otras peticiones y cuentas' }).click()
}

/** Two persons beside each other, to say whether they are one. */
export async function aUnir(page: Page): Promise<void> {
  const folio = await conPersona(page).nth(1).locator('.folio').first().innerText()
  await aPersona(page)
  await page.getByLabel('Folio de una petición de la otra persona').fill(folio)
  await page.getByRole('button', { name: 'Comparar' }).click()
  await page.getByRole('heading', { name: '¿Son la misma persona?' }).waitFor()
}

const conPersona = (page: Page) => page.locator('main .fila').filter({ hasText: /Vecin[oa] de|Familia de/ })

/** The code that a telephone scans. */
export async function verQr(page: Page): Promise<void> {
  const ask = page.getByRole('button', { name: 'Mostrar código QR' })
  if (await ask.isVisible()) await ask.click()
  await page.getByRole('img', { name: 'Código QR para vincular' }).scrollIntoViewIfNeeded()
}
