import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { faultsOf, type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { fila, llegada } from '../peticiones.ts'

describeWithBrowser('a form on a phone whose signal comes and goes', () => {
  let panel: PanelWithBrowser
  let enlace: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    enlace = (await panel.logIn(['enlace'], 'OP')).email
  })
  afterAll(() => panel.close())

  const seal = (page: Page, estado: string) => page.locator('header .sello', { hasText: estado })
  const open = async () => {
    const { folio, conversationId } = await llegada(panel)
    const page = await panel.enter(enlace, PHONE, `/admin/peticiones/${folio}`)
    await seal(page, 'RECIBIDO').waitFor()
    return { folio, conversationId, page }
  }
  const replies = (conversationId: number) =>
    sql(
      panel.database.fork(),
      "select 1 from message where conversation_id = $1 and direction = 'out' and body::text like '%Vamos el martes%'",
      [conversationId],
    )

  it('is kept while there is none, and sent once when it is back', { timeout: 60_000 }, async () => {
    const { folio, conversationId, page } = await open()
    await page.getByLabel('Contestar a la persona').fill('Vamos el martes')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Enviar respuesta' }).click()
    await page.getByText('Sin señal.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(await replies(conversationId)).toHaveLength(0)
    await page.context().setOffline(false)
    await page.getByText('Su respuesta va en camino').waitFor()
    expect(await replies(conversationId)).toHaveLength(1)
    await page.goto(`/admin/peticiones/${folio}`)
    expect(await page.getByLabel('Contestar a la persona').inputValue()).toBe('')
  })

  it('survives a page that was closed, and may be discarded', { timeout: 60_000 }, async () => {
    const { folio, page } = await open()
    await page.getByText('No le toca a mi dependencia').click()
    await page.getByLabel('Por qué no le toca a su dependencia').fill('Es de la carretera')
    await page.goto('/admin')
    await page.goto(`/admin/peticiones/${folio}`)
    await page.getByText('Aquí está lo que usted había escrito').waitFor()
    expect(await page.getByLabel('Por qué no le toca a su dependencia').inputValue()).toBe('Es de la carretera')
    await page.getByRole('button', { name: 'Descartarlo' }).click()
    await page.getByText('Aquí está lo que usted había escrito').waitFor({ state: 'detached' })
    await page.getByText('No le toca a mi dependencia').click()
    expect(await page.getByLabel('Por qué no le toca a su dependencia').inputValue()).toBe('')
  })

  it('is told what changed when it comes back to a petition that a colleague moved', { timeout: 60_000 }, async () => {
    const { folio, page } = await open()
    await page.getByText('No le toca a mi dependencia').click()
    await page.getByLabel('Por qué no le toca a su dependencia').fill('Es de la carretera')
    await page.goto('/admin')
    const colleague = await panel.logIn(['validador'], 'UAC')
    const version = String((await fila(panel, folio))?.version)
    const moved = { version, dependencia: 'OP', motivo: 'Que la vea el otro turno' }
    await sql(panel.database.fork(), 'update peticion set enlace_id = null where folio = $1', [folio])
    expect((await colleague.post(`/admin/peticiones/${folio}/recanalizar`, moved)).statusCode).toBe(303)
    await page.goto(`/admin/peticiones/${folio}`)
    await seal(page, 'RECIBIDO').waitFor()
    await page.getByRole('button', { name: 'Devolver a la UAC' }).click()
    await page.getByText('Qué cambió mientras usted escribía').waitFor()
    await page.locator('[role="alert"]').getByText('Que la vea el otro turno').waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect((await fila(panel, folio))?.estado).toBe('RECIBIDO')
    await page.getByRole('button', { name: 'Devolver a la UAC' }).click()
    await page.getByText('La petición regresó a la UAC').waitFor()
  })

  it('leaves nothing on the device of who logs out', { timeout: 60_000 }, async () => {
    const { page } = await open()
    await page.getByLabel('Contestar a la persona').fill('Algo a medias')
    await page.getByRole('button', { name: 'Salir' }).click()
    await page.getByLabel('Contraseña').waitFor()
    expect(await page.evaluate('Object.keys(localStorage).length')).toBe(0)
  })
})
