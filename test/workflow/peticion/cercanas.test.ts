import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { nombreDeCalle } from '../../../src/workflow/peticion/cercanas.ts'
import { cancelar } from '../../../src/workflow/peticion/verbos/cancelar.ts'
import { runOutboxRow } from '../../../src/workflow/run-outbox.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { type Ayuntamiento, ayuntamiento, BACHE, en, QUEJA, registrarDe, type Vecina, vecina } from '../ayuntamiento.ts'
import { ctx, llevada } from '../camino.ts'
import { HACER } from '../hacer.ts'

const para = (town: Ayuntamiento, { addressId, conversationId }: Vecina) =>
  servicesFor(
    town.database.fork(),
    { id: conversationId, addressId, channel: 'telegram', account: 'default' },
    town.services,
  )

const AQUI = { latitud: 22.4, longitud: -97.93 }
/** About 111 metres a thousandth of a degree to the north. */
const alNorte = (milesimas: number) => ({ ...AQUI, latitud: AQUI.latitud + milesimas / 1000 })
const EN_CASA = { colonia: 'nuevo madero', calle: 'calle ebano 12' }

describe('before a petition is registered', () => {
  it('those of its kind within the category’s distance are found, nearest first, and say nothing of who made them', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    for (const milesimas of [2, 1, 3]) {
      await registrarDe(town, await vecina(town.database.fork()), { ...BACHE, ubicacion: alNorte(milesimas) })
    }
    const halladas = await para(town, quien).cercanas('BACHEO', { ubicacion: AQUI, ...EN_CASA })
    expect(halladas.map(({ metros = 0 }) => Math.round(metros))).toEqual([111, 222])
    expect(Object.keys(halladas[0] ?? {}).sort()).toEqual(
      ['asunto', 'estado', 'estadoTexto', 'folio', 'metros', 'propia', 'registradaEl', 'vecinos'].sort(),
    )
    expect(JSON.stringify(halladas)).not.toMatch(/Única|833|bano|enfrente/)
    expect(await para(town, quien).cercanas('ALUMBRADO', { ubicacion: AQUI })).toEqual([])
  })

  it('without two pins the same street of the same colonia tells, however it was written', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    await registrarDe(town, await vecina(town.database.fork()))
    const buscar = (lugar: { colonia?: string; calle?: string }) => para(town, quien).cercanas('BACHEO', lugar)
    expect(await buscar(EN_CASA)).toMatchObject([{ metros: undefined, vecinos: 1, propia: false }])
    expect(await buscar({ ...EN_CASA, calle: 'Roble' })).toEqual([])
    expect(await buscar({ ...EN_CASA, colonia: 'Miramar' })).toEqual([])
    expect(await buscar({ colonia: 'Nuevo Madero' })).toEqual([])
  })

  it('reserved, anonymous, closed and gathered ones are never shown, nor what each wants for themselves', async () => {
    const town = await ayuntamiento()
    const [una, quien] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    await registrarDe(town, una, { ...QUEJA, ubicacion: AQUI })
    await registrarDe(town, una, { ...BACHE, categoria: 'BASURERO', ubicacion: AQUI, anonima: true })
    await registrarDe(town, una, { ...BACHE, categoria: 'AGUA_PIPA', ubicacion: AQUI })
    const cerrada = await registrarDe(town, una)
    await en(town, (em) => cancelar(em, cerrada.peticionId, { tipo: 'ciudadano' }, { motivo: 'ya no' }, ctx))
    const [madre, hija] = [await registrarDe(town, una), await registrarDe(town, una)]
    await sql(town.database.fork(), 'update peticion set principal_id = $1 where id = $2', [
      madre.peticionId,
      hija.peticionId,
    ])
    for (const categoria of ['QUEJA_SERVIDOR', 'BASURERO', 'AGUA_PIPA'])
      expect(await para(town, quien).cercanas(categoria, { ubicacion: AQUI, ...EN_CASA })).toEqual([])
    const visibles = await para(town, quien).cercanas('BACHEO', EN_CASA)
    expect(visibles.map(({ folio }) => folio)).toEqual([madre.folio])
    for (const folio of [cerrada.folio, 'UAC-26-000099-7'])
      expect(await para(town, quien).sumarse(folio)).toBeUndefined()
  })

  it('one’s own comes first, and is not joined', async () => {
    const town = await ayuntamiento()
    const [una, quien] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    await registrarDe(town, una)
    const suya = await registrarDe(town, quien)
    expect((await para(town, quien).cercanas('BACHEO', EN_CASA))[0]).toMatchObject({ folio: suya.folio, propia: true })
    expect(await para(town, quien).sumarse(suya.folio)).toBeUndefined()
  })
})

describe('who joined', () => {
  const mensajesA = (town: Ayuntamiento, { conversationId }: Vecina) =>
    sql<{ text: string }>(
      town.database.fork(),
      `select body->>'text' as text from message where conversation_id = $1 and direction = 'out' order by seq`,
      [conversationId],
    )
  const correr = async (town: Ayuntamiento) => {
    const filas = await sql<{ id: number }>(
      town.database.fork(),
      `select id from outbox where status = 'pending' order by id`,
      [],
    )
    for (const { id } of filas) await runOutboxRow(town.database.fork(), id, town.outbox)
  }
  const folioDe = async (town: Ayuntamiento, id: number) =>
    (await sql<{ folio: string }>(town.database.fork(), 'select folio from peticion where id = $1', [id]))[0]?.folio ??
    ''

  it('is counted once, and hears how it ends without what was written to who made it', async () => {
    const town = await ayuntamiento()
    const [uno, otro] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const id = await llevada(town, 'PROCESO')
    await correr(town)
    const folio = await folioDe(town, id)
    expect(await para(town, uno).sumarse(folio)).toBe(2)
    expect(await para(town, uno).sumarse(folio)).toBe(2)
    expect(await para(town, otro).sumarse(folio)).toBe(3)
    await para(town, otro).avisos(false)
    await en(town, (em) => HACER.concluir(em, id, town.usuarios.enlaceObras, town))
    await correr(town)
    await correr(town)
    const oido = await mensajesA(town, uno)
    expect(oido).toHaveLength(1)
    expect(oido[0]?.text).toContain(folio)
    expect(oido[0]?.text).toContain('ya se resolvió')
    expect(await mensajesA(town, otro)).toEqual([])
  })

  it('of a duplicate goes over, with who made it, to the petition it repeats', async () => {
    const town = await ayuntamiento()
    const [autora, uno] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const original = await registrarDe(town, await vecina(town.database.fork()))
    const doble = await registrarDe(town, autora)
    await para(town, uno).sumarse(doble.folio)
    const datos = { motivo: 'repetida', explicacion: 'Ya estaba', duplicadoDe: original.folio }
    await en(town, (em) => cancelar(em, doble.peticionId, town.usuarios.validador, datos, ctx))
    const quienes = await sql<{ id: number }>(
      town.database.fork(),
      'select address_id as id from adhesion where peticion_id = $1 order by 1',
      [original.peticionId],
    )
    expect(quienes.map(({ id }) => id)).toEqual([autora.addressId, uno.addressId].sort((a, b) => a - b))
  })
})

it('a street is one street, however it is called', () => {
  for (const escrita of ['Calle Hidalgo 305', 'c. hidalgo', 'HIDALGO', 'la calle Hidalgo #305', 'hidalgo no. 305'])
    expect(nombreDeCalle(escrita)).toBe('hidalgo')
  expect(nombreDeCalle('5 de Mayo')).toBe('5 de mayo')
})
