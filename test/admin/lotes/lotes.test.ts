import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { crearLote } from '../../../src/workflow/lotes/lote.ts'
import { seguirLote, seguirLotes } from '../../../src/workflow/lotes/seguir-lote.ts'
import { vistaPublica } from '../../../src/workflow/peticion/vista-publica.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { fila, llegada } from '../peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  validador = await panel.logIn(['validador'], 'UAC')
})

const em = () => panel.database.fork()
const deps = () => ({ database: panel.database, log: pino({ level: 'silent' }), now: () => new Date() })
const ids = (all: { peticionId: number }[]) => all.map(({ peticionId }) => String(peticionId))
const conVersion = async (folios: string[]) => {
  const rows = await sql<{ p: string }>(
    em(),
    "select id || '.' || version as p from peticion where folio = any($1) order by id",
    [folios],
  )
  return rows.map(({ p }) => p)
}
const pendientes = (folio: string) =>
  sql<{ status: string; tarde: boolean; verbo: string }>(
    em(),
    `select o.status, o.due_at > now() + interval '4 minutes' as tarde, m.verbo from outbox o join movimiento m on m.id = o.movimiento_id
      join peticion p on p.id = o.peticion_id where p.folio = $1 and o.kind = 'notificar' order by o.id`,
    [folio],
  )
const estado = async (folio: string) => (await fila(panel, folio))?.estado
const dejar = (folio: string, como: string) =>
  sql(em(), 'update peticion set estado = $2 where folio = $1', [folio, como])

async function enviar(quien: Navegador, fields: Record<string, string | string[]>) {
  const answer = await quien.post('/admin/lotes', { clave: randomUUID(), ...fields })
  return {
    answer,
    url: String(answer.headers.location),
    page: async () => (await quien.get(String(answer.headers.location))).body,
  }
}

describe('an act on many petitions', () => {
  it('says what is chosen and what fits, within reach only', async () => {
    const [propia, otra] = [await llegada(panel), await llegada(panel)]
    const ajena = await llegada(panel)
    await sql(em(), "update peticion set dependencia_id = 'TV' where id = $1", [ajena.peticionId])
    await dejar(otra.folio, 'PROCESO')
    const query = ids([propia, otra, ajena])
      .map((id) => `p=${id}`)
      .join('&')
    const { body } = await enlace.get(`/admin/lotes/nuevo?${query}`)
    expect(body).toContain('2 peticiones elegidas')
    expect(body).toContain('1 en CANALIZADO, 1 en PROCESO')
    expect(body).toContain('Recibir 1 petición')
    expect(body).toContain('Anotar en 2 peticiones')
    expect(body).not.toContain(ajena.folio)
    expect(body).not.toContain('value="validar"')
    const { body: todas } = await enlace.get('/admin/lotes/nuevo?todas=si&estado=PROCESO')
    expect(todas).toContain(otra.folio)
    expect(todas).not.toContain(propia.folio)
  })

  it('is done by each petition’s own verb, tells what did not go and why, and is done once however often it is sent', async () => {
    const [a, b, vieja, cambiada] = [
      await llegada(panel),
      await llegada(panel),
      await llegada(panel),
      await llegada(panel),
    ]
    await dejar(vieja.folio, 'PROCESO')
    const p = await conVersion([a, b, vieja, cambiada].map(({ folio }) => folio))
    await sql(em(), 'update peticion set version = version + 1 where id = $1', [cambiada.peticionId])
    const clave = randomUUID()
    const { url, page } = await enviar(enlace, { clave, verbo: 'recibir', p })
    const body = await page()
    expect(body).toContain('2 hechas, 2 no se pudo')
    expect(body).toContain('alguien las cambió mientras usted elegía')
    expect(body).toContain('su estado no lo permite')
    expect([await estado(a.folio), await estado(b.folio), await estado(cambiada.folio)]).toEqual([
      'RECIBIDO',
      'RECIBIDO',
      'CANALIZADO',
    ])
    const again = await enviar(enlace, { clave, verbo: 'recibir', p })
    expect(again.url).toBe(url)
    const [{ n } = { n: 0 }] = await sql<{ n: number }>(
      em(),
      "select count(*) as n from movimiento where peticion_id = $1 and verbo = 'recibir'",
      [a.peticionId],
    )
    expect(n).toBe(1)
    expect((await validador.get(url)).statusCode).toBe(404)
    expect((await validador.post(`${url}/deshacer`)).statusCode).toBe(404)
  })

  it('is taken back: state, dependencia and enlace are what they were, and nobody outside ever hears of it', async () => {
    const one = await llegada(panel)
    await dejar(one.folio, 'PROCESO')
    const before = await sqlOne(
      em(),
      'select estado, dependencia_id, enlace_id, canalizada_at from peticion where id = $1',
      [one.peticionId],
    )
    const p = await conVersion([one.folio])
    const { url, page } = await enviar(validador, {
      verbo: 'recanalizar',
      recanalizar_a: 'TV',
      recanalizar_motivo: 'Es un semáforo',
      p,
    })
    expect(await page()).toContain('1 hecha')
    expect((await pendientes(one.folio)).at(-1)).toEqual({ status: 'pending', tarde: true, verbo: 'recanalizar' })
    await validador.post(`${url}/deshacer`)
    expect(await page()).toContain('1 volvió a como estaba')
    expect(
      await sqlOne(em(), 'select estado, dependencia_id, enlace_id, canalizada_at from peticion where id = $1', [
        one.peticionId,
      ]),
    ).toEqual(before)
    expect((await pendientes(one.folio)).at(-1)?.status).toBe('skipped')
    const publica = await vistaPublica(em(), one.folio, panel.settings.mensajes)
    expect(publica?.historia.map(({ verbo }) => verbo)).not.toContain('recanalizar')
    expect((await validador.get(`/admin/peticiones/${one.folio}`)).body).toContain('Se deshizo lo anterior')
  })

  it('is not taken back where the person was told, or somebody went on; a note is withdrawn', async () => {
    const [avisada, seguida, sola] = [await llegada(panel), await llegada(panel), await llegada(panel)]
    for (const { folio } of [avisada, seguida, sola]) await dejar(folio, 'CONCLUIDO')
    const p = await conVersion([avisada.folio, seguida.folio, sola.folio])
    const { url, page } = await enviar(validador, { verbo: 'validar', p })
    await sql(
      em(),
      `update outbox set status = 'done' where peticion_id = $1 and movimiento_id = (select max(id) from movimiento where peticion_id = $1)`,
      [avisada.peticionId],
    )
    await sql(em(), "update peticion set version = version + 1, estado = 'PROCESO' where id = $1", [seguida.peticionId])
    await validador.post(`${url}/deshacer`)
    const body = await page()
    expect(body).toContain('1 volvió a como estaba, 2 no se pudo')
    expect(body).toContain('a la persona ya se le había avisado')
    expect([await estado(avisada.folio), await estado(seguida.folio), await estado(sola.folio)]).toEqual([
      'VALIDADO',
      'PROCESO',
      'CONCLUIDO',
    ])

    const nota = await enviar(validador, {
      verbo: 'anotar',
      anotar_nota: 'Ojo con el vecino',
      p: await conVersion([sola.folio]),
    })
    expect((await validador.get(`/admin/peticiones/${sola.folio}`)).body).toContain('Ojo con el vecino')
    await validador.post(`${nota.url}/deshacer`)
    const detalle = (await validador.get(`/admin/peticiones/${sola.folio}`)).body
    expect(detalle).not.toContain('Ojo con el vecino')
    expect(detalle).toContain('la nota se retiró')
  })

  it('is over when its minutes are', async () => {
    const one = await llegada(panel)
    const { url } = await enviar(enlace, { verbo: 'recibir', p: await conVersion([one.folio]) })
    await sql(em(), `update lote set deshacer_hasta = now() - interval '1 second'`)
    await enlace.post(`${url}/deshacer`)
    expect(await estado(one.folio)).toBe('RECIBIDO')
    expect((await enlace.get(url)).body).toContain('Ya pasó el tiempo para deshacerlo')
  })

  it('goes on where a process left it, and stops where it was taken back', async () => {
    const all = [await llegada(panel), await llegada(panel), await llegada(panel)]
    const elegidas = async () =>
      sql<{ id: number; version: number }>(em(), 'select id, version from peticion where id = any($1)', [
        all.map((one) => one.peticionId),
      ])
    const id = randomUUID()
    const lote = { id, usuarioId: enlace.usuarioId, verbo: 'recibir' as const, datos: {}, ahora: new Date() }
    await crearLote(em(), lote, await elegidas())
    expect(await seguirLote(deps(), id, () => true)).toBe(false)
    expect((await enlace.get(`/admin/lotes/${id}`)).body).toContain('Haciendo: 1 de 3')
    await Promise.all([seguirLotes(deps()), seguirLotes(deps())])
    expect((await enlace.get(`/admin/lotes/${id}`)).body).toContain('3 hechas')
    const otro = { ...lote, id: randomUUID(), verbo: 'anotar' as const, datos: { nota: 'Una' } }
    await crearLote(em(), otro, await elegidas())
    await seguirLote(deps(), otro.id, () => true)
    await enlace.post(`/admin/lotes/${otro.id}/deshacer`)
    const body = (await enlace.get(`/admin/lotes/${otro.id}`)).body
    expect(body).toContain('1 volvió a como estaba')
    expect(body).toContain('no se alcanzó a hacer')
  })

  it('asks again for what is missing, with what was chosen', async () => {
    const one = await llegada(panel)
    const { answer } = await enviar(validador, {
      verbo: 'recanalizar',
      recanalizar_a: 'TV',
      p: await conVersion([one.folio]),
    })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('Escriba el motivo')
    expect(answer.body).toContain(one.folio)
  })
})
