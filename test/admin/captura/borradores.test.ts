import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { vecina } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo } from '../peticiones.ts'

let panel: TestPanel
let uac: Navegador
beforeAll(async () => {
  panel = await startPanel()
  uac = await panel.logIn(['capturista'], 'UAC')
})

const hace = (horas: number) => new Date(Date.now() - horas * 3_600_000)

async function dejado(horas = 30) {
  const quien = await vecina(panel.database.fork())
  const desde = hace(horas).toISOString()
  const foto = randomUUID()
  const answers = {
    desde,
    asunto: 'ay un bache',
    descripcion: 'hay un bache que ya ponchó dos carros',
    categoria: 'BACHEO',
    colonia: 'Miramar',
    adjuntos: [{ id: foto, kind: 'image' }],
  }
  await sql(
    panel.database.fork(),
    `update conversation set flow = 'registrar', flow_version = 1, step = 'calle', answers = $2, last_inbound_at = $3 where id = $1`,
    [quien.conversationId, JSON.stringify(answers), hace(horas)],
  )
  await sql(
    panel.database.fork(),
    `insert into attachment (id, conversation_id, kind, source) values ($1, $2, 'image', '{}')`,
    [foto, quien.conversationId],
  )
  return { ...quien, foto, clave: `${quien.conversationId}_${Date.parse(desde)}` }
}

const formulario = (clave: string, captura: string) =>
  conArchivo({
    _csrf: uac.csrf,
    captura,
    borrador: clave,
    categoria: 'BACHEO',
    descripcion: 'hay un bache que ya ponchó dos carros',
    dato_colonia: 'Miramar',
    dato_calle: 'Hidalgo',
    pregunta_tamano: 'Son varios',
  })

describe('the tray Borradores', () => {
  it('shows what was said, and makes a petition of it in one step, once', async () => {
    const { clave, conversationId, addressId, foto } = await dejado()
    const tray = (await uac.get('/admin/borradores')).body
    for (const one of [
      'ya ponchó dos carros',
      `/admin/captura?borrador=${clave}`,
      `/admin/conversaciones/${conversationId}`,
    ])
      expect(tray).toContain(one)
    const form = (await uac.get(`/admin/captura?borrador=${clave}`)).body
    for (const one of ['ya ponchó dos carros', 'value="Miramar"', `name="borrador" value="${clave}"`])
      expect(form).toContain(one)
    const captura = randomUUID()
    const first = await uac.post('/admin/captura', {}, formulario(clave, captura))
    expect(first.statusCode, first.body.slice(0, 3000)).toBe(303)
    const again = await uac.post('/admin/captura', {}, formulario(clave, captura))
    expect(again.headers.location).toBe(first.headers.location)
    const folio = String(first.headers.location).split('/').at(-1)
    expect(
      await sqlOne(panel.database.fork(), 'select address_id as a, medio from peticion where folio = $1', [folio]),
    ).toEqual({ a: addressId, medio: 'telegram' })
    expect(
      await sqlOne(
        panel.database.fork(),
        'select p.folio from attachment t join peticion p on p.id = t.peticion_id where t.id = $1',
        [foto],
      ),
    ).toEqual({ folio })
    expect((await uac.get('/admin/borradores')).body).not.toContain(clave)
    expect((await uac.get(`/admin/captura?borrador=${clave}`)).statusCode).toBe(404)
  })

  it('leaves to the citizen what they took up again', async () => {
    const { clave, conversationId } = await dejado()
    await sql(panel.database.fork(), `update conversation set flow = null, answers = '{}' where id = $1`, [
      conversationId,
    ])
    const late = await uac.post('/admin/captura', {}, formulario(clave, randomUUID()))
    expect(late.statusCode).toBe(404)
  })

  it('has nothing that is recent, and loses what is discarded', async () => {
    const reciente = await dejado(2)
    const { clave } = await dejado()
    const tray = (await uac.get('/admin/borradores')).body
    expect(tray).not.toContain(reciente.clave)
    expect((await uac.post(`/admin/borradores/${clave}/descartar`)).statusCode).toBe(303)
    expect((await uac.get('/admin/borradores')).body).not.toContain(clave)
    expect((await uac.post(`/admin/borradores/${clave}/descartar`)).statusCode).toBe(404)
  })
})
