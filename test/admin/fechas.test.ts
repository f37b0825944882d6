import { beforeAll, expect, it } from 'vitest'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'

let panel: TestPanel
let uac: Navegador
beforeAll(async () => {
  panel = await startPanel()
  uac = await panel.logIn(['administrador', 'validador'], 'UAC')
})

it.each(['0000-01-01', '9999-12-31'])(
  'a day such as %s in an address is no day, and keeps nobody waiting',
  async (day) => {
    for (const url of [
      '/admin',
      '/admin/mapa.json',
      '/admin/tablero',
      '/admin/auditoria',
      '/admin/auditoria/archivo.csv',
    ]) {
      for (const query of [`del=${day}`, `al=${day}`, `del=${day}&al=${day}`]) {
        expect([url, query, (await uac.get(`${url}?${query}`)).statusCode]).toEqual([url, query, 200])
      }
    }
    expect((await uac.get(`/admin/cuadre?dia=${day}`)).statusCode).toBe(200)
    const sorteo = { del: day, al: day, tamano: '5' }
    expect((await uac.post('/admin/validacion/muestras', sorteo)).statusCode).toBe(422)
  },
)

it('a period off of centuries, whose every day would be gone through, is refused with its reason', async () => {
  const periodo = { fecha: '2026-12-21', hasta: '2126-01-06', nombre: 'Vacaciones' }
  const { statusCode, body } = await uac.post('/admin/configuracion/dias', periodo)
  expect([statusCode, body.includes('Un periodo puede durar un año cuando mucho.')]).toEqual([422, true])
  expect((await uac.get('/admin/configuracion/borrador')).body).not.toContain('Vacaciones')
})
