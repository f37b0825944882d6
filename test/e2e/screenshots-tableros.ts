import type { Page } from 'playwright-core'
import { PASSWORD } from '../../src/commands/demo/staff.ts'

/** The pages of docs/tableros.md, as the UAC sees them; `take` makes the picture. */
export async function takeTableros(
  page: Page,
  suffix: string,
  take: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  await page.goto('/admin/login')
  await page.getByLabel('Correo electrónico').fill('validador@demo.local')
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar' }).click()
  await page.getByRole('button', { name: 'Salir' }).waitFor()
  const show = async (path: string, name: string) => {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    await take(page, `${name}${suffix}`)
  }
  await show('/admin?situacion=vencidas', 'bandeja-filtro')
  await show('/admin?situacion=pendientes&vista=mapa', 'bandeja-mapa')
  const today = new Date()
  const before = new Date(today.getTime() - 89 * 86_400_000)
  const [del, al] = [before, today].map((at) => at.toISOString().slice(0, 10))
  await show(`/admin/tablero?del=${del}&al=${al}`, 'tablero')
}
