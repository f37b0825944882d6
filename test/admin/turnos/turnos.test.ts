import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { llamarSiguiente } from '../../../src/workflow/turnos/turnos.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo } from '../peticiones.ts'

let now = new Date()
let panel: TestPanel
let ana: Navegador
let luis: Navegador
beforeAll(async () => {
  panel = await startPanel({ now: () => now })
  ana = await panel.logIn(['capturista'], 'UAC')
  luis = await panel.logIn(['capturista'], 'UAC')
  for (const one of [ana, luis]) await one.post('/admin/turnos/modulo', { modulo: 'retama' })
})
beforeEach(async () => {
  now = new Date('2026-11-23T16:00:00Z')
  await sql(panel.database.fork(), 'delete from turno')
})

/** Gives a turno and its id. */
const dar = async (): Promise<number> => {
  const { headers } = await ana.post('/admin/turnos')
  return Number(new URL(String(headers.location), 'http://x').searchParams.get('dado'))
}
const estado = (id: number) =>
  sqlOne<{ estado: string; llamados: number; numero: string; con: boolean }>(
    panel.database.fork(),
    'select estado, llamados, numero, peticion_id is not null as con from turno where id = $1',
    [id],
  )
const pantalla = async (): Promise<string> => {
  const { body } = await ana.post('/admin/turnos/pantallas', { modulo: 'retama' })
  return /value="http:\/\/localhost:3000(\/admin\/sala\/[\w-]+)"/.exec(body)?.[1] ?? ''
}

describe('turnos', () => {
  it('are called in the order in which people came, again, missed, put back and attended', async () => {
    const [first, second] = [await dar(), await dar()]
    await ana.post('/admin/turnos/llamar')
    expect(await estado(first)).toMatchObject({ estado: 'llamado', llamados: 1 })
    await ana.post(`/admin/turnos/${first}/repetir`)
    expect(await estado(first)).toMatchObject({ estado: 'llamado', llamados: 2 })
    await ana.post(`/admin/turnos/${first}/ausente`)
    await ana.post('/admin/turnos/llamar')
    expect(await estado(second)).toMatchObject({ estado: 'llamado' })
    await ana.post(`/admin/turnos/${second}/atendido`)
    const late = await ana.post(`/admin/turnos/${second}/repetir`)
    expect(late.headers.location).toBe('/admin/turnos?hecho=otro')
    await ana.post(`/admin/turnos/${first}/regresar`)
    await luis.post('/admin/turnos/llamar')
    expect(await estado(first)).toMatchObject({ estado: 'llamado', llamados: 3 })
    expect((await ana.post('/admin/turnos/llamar')).headers.location).toBe('/admin/turnos?hecho=nadie')
  })

  it('are one when the button is pressed twice, and two for two people', async () => {
    const forma = async () => /name="clave" value="([^"]+)"/.exec((await ana.get('/admin/turnos')).body)?.[1] ?? ''
    const [clave, other] = [await forma(), await forma()]
    const [first, second] = await Promise.all([
      ana.post('/admin/turnos', { clave }),
      ana.post('/admin/turnos', { clave }),
    ])
    expect(first.headers.location).toBe(second.headers.location)
    expect((await ana.post('/admin/turnos', { clave: other })).headers.location).not.toBe(first.headers.location)
    const numeros = await sql<{ n: number }>(
      panel.database.fork(),
      'select substr(numero, 3)::int as n from turno order by id',
    )
    expect(numeros.map(({ n }) => n - (numeros[0]?.n ?? 0))).toEqual([0, 1])
  })

  it('are called once when the button is pressed twice, also at the same moment, and by two people twice', async () => {
    const ids = [await dar(), await dar(), await dar()]
    const forma = async (who: Navegador) => ({
      visto: /name="visto" value="([^"]*)"/.exec((await who.get('/admin/turnos')).body)?.[1] ?? '',
    })
    const [deAna, deLuis] = [await forma(ana), await forma(luis)]
    const dos = await Promise.all([ana.post('/admin/turnos/llamar', deAna), ana.post('/admin/turnos/llamar', deAna)])
    expect(dos.map(({ headers }) => headers.location).toSorted()).toEqual(['/admin/turnos', '/admin/turnos?hecho=ya'])
    expect((await ana.get('/admin/turnos?hecho=ya')).body).toContain('Ese llamado ya se había hecho')
    await luis.post('/admin/turnos/llamar', deLuis)
    await ana.post('/admin/turnos/llamar', await forma(ana))
    expect(await Promise.all(ids.map(async (id) => (await estado(id))?.estado))).toEqual(Array(3).fill('llamado'))
  })

  it('are given to one each when several call at the same moment', async () => {
    const ids = [await dar(), await dar(), await dar()]
    const when = { ahora: now, zona: 'America/Mexico_City' }
    const called = await Promise.all(
      [1, 2, 3, 4].map(() =>
        panel.database.fork().transactional((em) => llamarSiguiente(em, 'retama', ana.usuarioId, when)),
      ),
    )
    expect(called.flatMap((one) => one?.id ?? []).toSorted()).toEqual(ids.toSorted())
  })

  it('of yesterday are not called today', async () => {
    await dar()
    now = new Date('2026-11-24T16:00:00Z')
    expect((await ana.post('/admin/turnos/llamar')).headers.location).toBe('/admin/turnos?hecho=nadie')
  })

  it('are printed before anything is captured, and are attended by the capture of what the person asks', async () => {
    const id = await dar()
    const paper = await ana.get(`/admin/turnos/${id}/turno.pdf`)
    expect(paper.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    await ana.post('/admin/turnos/llamar')
    expect((await ana.get(`/admin/captura?turno=${id}&categoria=BACHEO`)).body).toContain(`name="turno" value="${id}"`)
    const fields = {
      _csrf: ana.csrf,
      captura: randomUUID(),
      turno: String(id),
      categoria: 'BACHEO',
      medio: 'presencial',
      descripcion: 'Un bache',
      pregunta_tamano: 'Son varios',
      dato_colonia: 'Miramar',
      dato_calle: 'Ébano',
    }
    expect((await ana.post('/admin/captura', {}, conArchivo(fields))).statusCode).toBe(303)
    expect(await estado(id)).toMatchObject({ estado: 'atendido', con: true })
  })
})

describe('the screen of a waiting room', () => {
  it('shows number and módulo of who is called, to whoever has its link, until it is taken away', async () => {
    const url = await pantalla()
    const screen = panel.stranger()
    expect((await screen.get(url)).body).toContain('Espere su turno')
    const { numero = '' } = (await estado(await dar())) ?? {}
    expect((await screen.get(`${url}/turnos`)).body).not.toContain(numero)
    await ana.post('/admin/turnos/llamar')
    const { body } = await screen.get(`${url}/turnos`)
    expect(body).toContain(`data-decir="Turno ${numero}, módulo Retama"`)
    const stored = await sqlOne<{ id: number; all: string }>(
      panel.database.fork(),
      'select id, pantalla_de_espera::text as all from pantalla_de_espera order by id desc limit 1',
    )
    expect(stored?.all).not.toContain(url.split('/').at(-1))
    await ana.post(`/admin/turnos/pantallas/${stored?.id}/retirar`)
    for (const path of ['', '/turnos', '/eventos']) expect((await screen.get(`${url}${path}`)).statusCode).toBe(404)
  })

  it('shows nothing of another módulo', async () => {
    const url = await pantalla()
    await luis.post('/admin/turnos/modulo', { modulo: 'valoracion' })
    await luis.post('/admin/turnos')
    await luis.post('/admin/turnos/llamar')
    expect((await panel.stranger().get(`${url}/turnos`)).body).toContain('Espere su turno')
    await luis.post('/admin/turnos/modulo', { modulo: 'retama' })
  })
})
