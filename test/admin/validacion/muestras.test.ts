import { Client } from 'pg'
import { beforeAll, expect, it, vi } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  validador = await panel.logIn(['validador'], 'UAC')
  for (let at = 0; at < 8; at++) await llegada(panel)
  await sql(
    panel.database.fork(),
    `update peticion set estado = 'VALIDADO', resuelto = true, accion_ejecutada = 'Se hizo', observacion = 'Hecho',
            dependencia_id = case when id % 2 = 0 then 'OP' else 'COMAPA' end, validada_at = '2026-10-10T12:00-06', concluida_at = '2026-10-09T12:00-06'`,
  )
})

const OCTUBRE = { del: '2026-10-01', al: '2026-10-31' }
const foliosDe = (body: string) => [...body.matchAll(/<article[^>]+"t-(UAC-[\d-]+)"/g)].map(([, folio]) => folio)
async function sacar(fields: Record<string, string>) {
  const answer = await validador.post('/admin/validacion/muestras', { ...OCTUBRE, ...fields })
  return { answer, url: String(answer.headers.location) }
}

it('a sample is drawn at random, can be drawn again from its seed, and says who drew it', async () => {
  const { url } = await sacar({ tamano: '3' })
  const { body } = await validador.get(url)
  expect(foliosDe(body)).toHaveLength(3)
  expect(body).toContain('3 de 8')
  expect(body).toContain('Persona 1')
  const semilla = /<code>([^<]+)</.exec(body)?.[1] ?? ''
  const again = await sacar({ tamano: '3', semilla })
  expect(foliosDe((await validador.get(again.url)).body)).toEqual(foliosDe(body))
  const op = await sacar({ tamano: '100', dependencia: 'OP' })
  expect((await validador.get(op.url)).body).toContain('4 de 4')
})

it('keeps what was found, with a reason for what does not stand', async () => {
  const { url } = await sacar({ tamano: '2' })
  const [good = '', bad = ''] = foliosDe((await validador.get(url)).body)
  await validador.post(`${url}/${good}`, { bien: 'si' })
  expect((await validador.post(`${url}/${bad}`, { bien: 'no', motivo: '' })).statusCode).toBe(422)
  await validador.post(`${url}/${bad}`, { bien: 'no', motivo: 'evidencia_ajena', nota: 'Es otra <calle>' })
  const { body } = await validador.get(url)
  expect(body).toContain('1 bien, 1 mal (50 % bien)')
  expect(body).toContain('La evidencia es de otro lugar')
  expect(body).toContain('Es otra &lt;calle&gt;')
  expect((await validador.get('/admin/validacion/muestras')).body).toContain('1 bien, 1 mal.')
  expect((await validador.post(`${url}/UAC-26-999999-9`, { bien: 'si' })).statusCode).toBe(404)
})

it('says what is wrong with what was asked for', async () => {
  expect((await sacar({ tamano: '0' })).answer.body).toContain('Escriba un número de 1 a 100')
  expect((await sacar({ tamano: '5', del: '2026-11-01' })).answer.body).toContain('no puede ser antes')
  const { body } = (await sacar({ tamano: '5', del: '2020-01-01', al: '2020-01-31', semilla: 'azul' })).answer
  expect(body).toContain('no se validó ninguna')
  expect(body).toContain('value="azul"')
  expect((await validador.get('/admin/validacion/muestras/999')).statusCode).toBe(404)
})

it('the page of a sample asks the database as often for many petitions as for one', async () => {
  const asked = async (tamano: string) => {
    const { url } = await sacar({ tamano })
    const query = vi.spyOn(Client.prototype, 'query')
    await validador.get(url)
    const times = query.mock.calls.length
    query.mockRestore()
    return times
  }
  const [one, eight] = [await asked('1'), await asked('8')]
  expect(one).toBeGreaterThan(0)
  expect(eight).toBe(one)
})
