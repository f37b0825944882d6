import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { faultsOf, type PanelWithBrowser, startPanelWithBrowser } from '../navegador.ts'

describeWithBrowser('the day of a capturista', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  it('with three people waiting: gives turnos, calls them on the screen of the waiting room, and captures, keeps for later and finds who came before', async () => {
    const { email } = await panel.logIn(['capturista'], 'UAC')
    const page = await panel.enter(email, {}, '/admin/turnos')
    await page.getByLabel('Módulo donde usted atiende').selectOption({ label: 'Retama' })
    await page.getByRole('button', { name: 'Atender aquí' }).click()
    for (const n of [1, 2, 3]) {
      await page.getByRole('button', { name: 'Dar un turno' }).click()
      await page.getByText(n === 1 ? 'Espera una persona' : `Esperan ${n} personas`).waitFor()
    }

    await page.getByRole('link', { name: 'Pantallas de espera' }).click()
    await page.getByRole('button', { name: 'Hacer el vínculo' }).click()
    const link = new URL(await page.getByLabel('Vínculo de la pantalla nueva').inputValue()).pathname
    const room = await panel.visit(link)
    await room.getByText('Espere su turno').waitFor()

    // The first: a pothole, its words typed as the person says them.
    await page.goto('/admin/turnos')
    await page.getByRole('button', { name: 'Llamar al siguiente' }).click()
    const first = (await page.getByRole('heading', { name: /^Llamó a/ }).textContent())?.split(' ').at(-1) ?? ''
    await room.locator('.numero-llamado', { hasText: first }).waitFor()
    expect(await room.getByRole('status').textContent()).toBe(`Turno ${first}, módulo Retama`)
    await page.getByRole('link', { name: 'Capturar lo que pide' }).click()
    await page.getByLabel('Busque con palabras de la persona').fill('hoyo calle')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('bache')
    await page.getByText(/^\d+ asuntos?$/).waitFor()
    await page.keyboard.press('Enter')
    await page.getByLabel('Qué pide la persona').fill('Un bache frente a la escuela')
    await page.getByLabel('De qué tamaño es').selectOption({ index: 1 })
    await page.getByLabel('Nombre completo').fill('Persona de Prueba')
    await page.getByLabel('Teléfono').fill('833 000 0001')
    await page.getByLabel('Colonia').fill('Miramar')
    await page.getByLabel('Calle').fill('Ébano')
    await page.getByLabel('Medio').selectOption('presencial')
    await page.getByRole('button', { name: 'Registrar y dar folio' }).click()
    await page.getByRole('heading', { name: 'Quedó registrada' }).waitFor()
    const folio = (await page.locator('dd.secreto').first().textContent()) ?? ''

    // The second asks for help and lacks a paper: what was said waits.
    await page.goto('/admin/turnos')
    await page.getByRole('button', { name: 'Llamar al siguiente' }).click()
    await page.getByRole('link', { name: 'Capturar lo que pide' }).click()
    await page.getByLabel('Busque con palabras de la persona').fill('despensa')
    await page.getByRole('link', { name: 'Apoyo social o despensa' }).click()
    await page.getByLabel('Nombre completo').fill('Persona de Prueba Dos')
    await page.getByRole('button', { name: 'Guardar para terminarla después' }).click()
    await page.getByText('Falta:').waitFor()
    await page.goto('/admin/turnos')
    await page.getByRole('button', { name: 'Ya lo atendí' }).click()

    // The third is not here, comes back, and was here before with the same trouble.
    await page.getByRole('button', { name: 'Llamar al siguiente' }).click()
    await page.getByRole('button', { name: 'Llamarlo otra vez' }).click()
    await page.getByText('van 2 veces').waitFor()
    await page.getByRole('button', { name: 'No está' }).click()
    await page.getByRole('button', { name: /^Ya llegó/ }).click()
    await page.getByRole('button', { name: 'Llamar al siguiente' }).click()
    await page.getByRole('link', { name: 'Capturar lo que pide' }).click()
    await page.getByRole('link', { name: 'Bache', exact: true }).click()
    await page.getByLabel('Teléfono').fill('8330000001')
    await page.getByRole('link', { name: folio }).waitFor()
    await page.getByText('¿es la misma?').waitFor()
    await page.getByLabel('Sí, es Persona de Prueba').check()
    expect(await faultsOf(page)).toEqual([])
    expect(page.complaints).toEqual([])
    expect(room.complaints).toEqual([])
    const estados = await sql<{ estado: string }>(panel.database.fork(), 'select estado from turno order by id')
    expect(estados.map(({ estado }) => estado)).toEqual(['atendido', 'atendido', 'llamado'])
  })
})
