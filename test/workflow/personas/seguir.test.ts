import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { cancelar } from '../../../src/workflow/peticion/verbos/cancelar.ts'
import { vistaPublica } from '../../../src/workflow/peticion/vista-publica.ts'
import { runOutboxRow } from '../../../src/workflow/run-outbox.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { AHORA, type Ayuntamiento, ayuntamiento, BACHE, en, mensajes, type Vecina, vecina } from '../ayuntamiento.ts'
import { ctx, llevada } from '../camino.ts'

const para = (town: Ayuntamiento, { addressId, conversationId }: Vecina, dias = 0) =>
  servicesFor(
    town.database.fork(),
    { id: conversationId, addressId, channel: 'telegram', account: 'default' },
    { ...town.services, ahora: () => new Date(AHORA.getTime() + dias * 86_400_000) },
  )

async function suya(town: Ayuntamiento, estado: Parameters<typeof llevada>[1], borrador = BACHE) {
  const quien = await vecina(town.database.fork())
  const id = await llevada(town, estado, borrador, quien)
  const [row] = await sql<{ folio: string }>(town.database.fork(), 'select folio from peticion where id = $1', [id])
  return { id, quien, folio: row?.folio ?? '' }
}

const historia = (town: Ayuntamiento, id: number) =>
  sql<{ verbo: string; actor: string; nota: string | null; a: string }>(
    town.database.fork(),
    'select verbo, actor, nota, a from movimiento where peticion_id = $1 order by id',
    [id],
  )

describe('a citizen adds to a petition of theirs', () => {
  it('and the staff reads it in the history, with the files, while its page tells nobody of it', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await suya(town, 'PROCESO')
    const [foto, ajena] = [randomUUID(), randomUUID()]
    const otra = await vecina(town.database.fork())
    for (const [archivo, dueno] of [
      [foto, quien],
      [ajena, otra],
    ] as const) {
      await sql(
        town.database.fork(),
        `insert into attachment (id, conversation_id, kind, source) values ($1, $2, 'image', '{}')`,
        [archivo, dueno.conversationId],
      )
    }
    const dicho = { texto: ' Está frente a la escuela ', archivos: [foto, ajena] }
    expect(await para(town, quien).comentar(folio, dicho)).toBe(true)
    expect((await historia(town, id)).at(-1)).toEqual({
      verbo: 'comentar',
      actor: 'ciudadano',
      nota: 'Está frente a la escuela',
      a: 'PROCESO',
    })
    expect(
      await sql(town.database.fork(), 'select id from attachment where peticion_id = $1 and uso = $2', [
        id,
        'evidencia',
      ]),
    ).toEqual([{ id: foto }])
    expect(JSON.stringify(await vistaPublica(town.database.fork(), folio, mensajes))).not.toContain('escuela')
  })

  it('but not to another’s, an anonymous one, or one that is closed', async () => {
    const town = await ayuntamiento()
    const { quien, folio } = await suya(town, 'VALIDADO')
    const otra = await suya(town, 'PROCESO')
    const dicho = { texto: 'hola', archivos: [] }
    expect(await para(town, quien).comentar(folio, dicho)).toBe(false)
    expect(await para(town, quien).comentar(otra.folio, dicho)).toBe(false)
    expect(await para(town, quien).posibilidades(otra.folio)).toBeUndefined()
    expect(await para(town, quien).comentar('UAC-26-000099-7', dicho)).toBe(false)
    expect((await historia(town, otra.id)).at(-1)?.verbo).toBe('procesar')
  })

  it('also where they follow it by a code, unless it is reserved', async () => {
    const town = await ayuntamiento()
    const { quien, folio } = await suya(town, 'PROCESO')
    const seguidor = await vecina(town.database.fork())
    await sql(town.database.fork(), 'insert into seguimiento (address_id, sigue_a) values ($1, $2)', [
      seguidor.addressId,
      quien.addressId,
    ])
    expect(await para(town, seguidor).comentar(folio, { texto: 'ya van dos carros', archivos: [] })).toBe(true)
    await sql(town.database.fork(), 'update peticion set reservada = true where folio = $1', [folio])
    expect(await para(town, seguidor).posibilidades(folio)).toBeUndefined()
    expect(await para(town, quien).posibilidades(folio)).toMatchObject({ comentar: true })
  })
})

describe('a citizen withdraws it', () => {
  it('once, with the reason, while it is not concluded', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await suya(town, 'CANALIZADO')
    expect(await para(town, quien).posibilidades(folio)).toEqual({
      contestar: false,
      comentar: true,
      retirar: true,
      reabrir: false,
      opinar: false,
    })
    expect(await para(town, quien).retirar(folio, 'Ya se arregló')).toBe(true)
    expect(await para(town, quien).retirar(folio, 'Ya se arregló')).toBe(false)
    expect((await historia(town, id)).at(-1)).toMatchObject({ verbo: 'cancelar', actor: 'ciudadano', a: 'CANCELADO' })
    const concluida = await suya(town, 'CONCLUIDO')
    expect(await para(town, concluida.quien).retirar(concluida.folio, 'x')).toBe(false)
  })

  it('and hears no when somebody of the staff was faster', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await suya(town, 'CANALIZADO')
    const motivo = 'duplicada'
    await en(town, (em) => cancelar(em, id, town.usuarios.validador, { motivo, explicacion: motivo }, ctx))
    expect(await para(town, quien).retirar(folio, 'x')).toBe(false)
  })
})

describe('a closed petition', () => {
  it('is reopened by its citizen within the days the town gives', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await suya(town, 'VALIDADO')
    expect(await para(town, quien, 16).posibilidades(folio)).toMatchObject({ reabrir: false })
    expect(await para(town, quien, 16).reabrir(folio, 'sigue igual')).toBe(false)
    expect(await para(town, quien, 16).cerradas()).toEqual([{ folio, asunto: 'Bache', reabrir: false }])
    expect(await para(town, quien, 14).cerradas()).toEqual([{ folio, asunto: 'Bache', reabrir: true }])
    expect(await para(town, quien, 14).posibilidades(folio)).toMatchObject({ reabrir: true })
    expect(await para(town, quien, 14).reabrir(folio, 'sigue igual')).toBe(true)
    expect((await historia(town, id)).at(-1)).toMatchObject({ verbo: 'reabrir', nota: 'sigue igual', a: 'PROCESO' })
    expect(await para(town, quien, 14).cerradas()).toEqual([])
  })

  it('is reopened from where its notice came, by the same person and nobody else', async () => {
    const town = await ayuntamiento()
    const { quien, folio } = await suya(town, 'VALIDADO')
    const otra = await vecina(town.database.fork())
    expect(await para(town, otra).cerradas()).toEqual([])
    expect(await para(town, otra).reabrir(folio, 'x')).toBe(false)
    const misma = `update address set ciudadano_id = z.id, avisos_alta_at = now()
      from (select ciudadano_id as id from address where id = $2) z where address.id = $1`
    await sql(town.database.fork(), misma, [otra.addressId, quien.addressId])
    expect(await para(town, otra).cerradas()).toMatchObject([{ folio, reabrir: true }])
    expect(await para(town, otra).reabrir(folio, 'x')).toBe(true)
  })

  it('has one opinion, which may be put right', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await suya(town, 'VALIDADO')
    expect(await para(town, quien).posibilidades(folio)).toMatchObject({ opinar: true })
    expect(await para(town, quien).opinar(folio, { resuelto: true })).toBe(true)
    expect(await para(town, quien).opinar(folio, { resuelto: true, calificacion: 4 })).toBe(true)
    expect(await para(town, quien).posibilidades(folio)).toMatchObject({ opinar: false })
    expect(
      await sql(town.database.fork(), 'select peticion_id as id, resuelto, calificacion, medio from encuesta'),
    ).toEqual([{ id, resuelto: true, calificacion: 4, medio: 'telegram' }])
    const abierta = await suya(town, 'PROCESO')
    expect(await para(town, abierta.quien).opinar(abierta.folio, { resuelto: true })).toBe(false)
  })

  it('owes a notice that comes with a question, when its citizen is in the middle of nothing', async () => {
    const town = await ayuntamiento()
    const { id } = await suya(town, 'VALIDADO')
    const channelOf = () => CHANNEL
    const asked: number[] = []
    const proponer = async (_em: unknown, conversationId: number) => {
      asked.push(conversationId)
      return [{ text: '¿Quedó?' }]
    }
    const rows = await sql<{ id: number }>(
      town.database.fork(),
      `select id from outbox where peticion_id = $1 and kind = 'notificar' order by id`,
      [id],
    )
    for (const row of rows.slice(-1))
      await runOutboxRow(town.database.fork(), row.id, { ...town.outbox, channelOf, proponer })
    const said = await sql<{ text: string }>(
      town.database.fork(),
      `select body->>'text' as text from message order by seq`,
    )
    expect(asked.length).toBe(rows.length)
    expect(said.at(-1)?.text).toBe('¿Quedó?')
  })
})

const CHANNEL = {
  name: 'telegram',
  account: 'default',
  limits: {
    text: 4096,
    caption: 1024,
    options: { max: 10, title: 64 },
    rate: 0,
    conversationPause: 0,
    quiet: 0,
    idempotentSend: false,
  },
  send: async () => ({}),
}
