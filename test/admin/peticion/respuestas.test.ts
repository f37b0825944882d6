import { beforeAll, describe, expect, it } from 'vitest'
import { sqlOne } from '../../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  validador = await panel.logIn(['validador'], 'UAC')
})

const NUEVA = { titulo: 'Ya va la cuadrilla', texto: 'Buen día, {nombre}: {dependencia} va por {folio}.', version: '0' }
const idDe = async (titulo: string) =>
  (
    await sqlOne<{ id: number }>(
      panel.database.fork(),
      'select id from respuesta_guardada where titulo = $1 and retirada_at is null',
      [titulo],
    )
  )?.id

describe('an answer written beforehand', () => {
  it('is offered with its gaps filled where its category and state fit, and nowhere else', async () => {
    await validador.post('/admin/respuestas', NUEVA)
    await validador.post('/admin/respuestas', { ...NUEVA, titulo: 'De otro asunto', categorias: 'LUMINARIA' })
    await validador.post('/admin/respuestas', {
      ...NUEVA,
      titulo: 'De otro estado',
      estados: ['VALIDADO', 'CONCLUIDO'],
    })
    await validador.post('/admin/respuestas', {
      ...NUEVA,
      titulo: 'De este',
      categorias: ['BACHEO'],
      estados: 'CANALIZADO',
    })
    const { folio } = await llegada(panel)
    const page = (await enlace.get(`/admin/peticiones/${folio}`)).body
    expect(page).toContain('Ya va la cuadrilla')
    expect(page).toContain('De este')
    expect(page).toContain(`va por ${folio}.`)
    expect(page).not.toContain('{nombre}')
    expect(page).not.toContain('De otro asunto')
    expect(page).not.toContain('De otro estado')
  })

  it.each([
    ['a gap that nothing fills', { titulo: 'Uno', texto: 'Hola {apellido}' }, 'no se puede llenar'],
    ['no text', { titulo: 'Dos', texto: ' ' }, 'Escriba algo aquí'],
    ['a title that another has', { titulo: 'YA VA la cuadrilla', texto: 'x' }, 'Ya hay una respuesta con ese título'],
  ])('with %s is not saved', async (_what, fields, words) => {
    const answer = await validador.post('/admin/respuestas', { ...NUEVA, ...fields })
    expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true])
  })

  it('that two people change at once is told to the second, and overwritten by neither', async () => {
    await validador.post('/admin/respuestas', { ...NUEVA, titulo: 'Compartida' })
    const url = `/admin/respuestas/${await idDe('Compartida')}`
    await validador.post(url, { ...NUEVA, titulo: 'Compartida', texto: 'La primera', version: '1' })
    const late = await validador.post(url, { ...NUEVA, titulo: 'Compartida', texto: 'La segunda', version: '1' })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('Otra persona la cambió')
    expect(late.body).toContain('La primera')
    expect(late.body).toContain('La segunda')
  })

  it('that was withdrawn is offered no more, and its title is free', async () => {
    await validador.post('/admin/respuestas', { ...NUEVA, titulo: 'Pasajera' })
    await validador.post(`/admin/respuestas/${await idDe('Pasajera')}/retirar`)
    expect((await validador.get('/admin/respuestas')).body).not.toContain('Pasajera')
    expect((await validador.post('/admin/respuestas', { ...NUEVA, titulo: 'Pasajera' })).statusCode).toBe(303)
  })
})
