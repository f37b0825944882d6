import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { BorradorPeticion } from '../../../src/conversation/flows/vocabulary.ts'
import { sql } from '../../../src/runtime/sql.ts'
import type { UsuarioActor } from '../../../src/workflow/actor.ts'
import type { OrigenCaptura } from '../../../src/workflow/peticion/captura.ts'
import { hashDeClave } from '../../../src/workflow/peticion/claves.ts'
import { parseClave, parseFolio } from '../../../src/workflow/peticion/folio.ts'
import { DatoInvalido, FueraDeAlcance } from '../../../src/workflow/peticion/rechazos.ts'
import { registrar } from '../../../src/workflow/peticion/registrar.ts'
import {
  AHORA,
  type Ayuntamiento,
  ayuntamiento,
  BACHE,
  en,
  peticionDe,
  registrarDe,
  SECRET,
  vecina,
} from '../ayuntamiento.ts'

const deps = (town: Ayuntamiento) => ({ ...town.services, ahora: AHORA })

function capturar(
  town: Ayuntamiento,
  actor: UsuarioActor,
  more: Partial<OrigenCaptura> = {},
  borrador: BorradorPeticion = BACHE,
) {
  const origen: OrigenCaptura = { tipo: 'captura', actor, captura: randomUUID(), medio: 'presencial', ...more }
  return en(town, (em) => registrar(em, borrador, origen, deps(town)))
}

describe('a petition from the chat', () => {
  it('has folio, term, history and what is owed; its clave is kept only as a hash', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const done = await registrarDe(town, quien)
    expect(parseFolio(done.folio, 'UAC')).toMatchObject({ kind: 'folio', anio: 2026, secuencia: 1 })
    expect(parseClave(done.clave)).toBe(done.clave)
    expect(done).toMatchObject({ plazoDias: 10, venceEl: '2026-12-04', turno: null })
    const peticion = await peticionDe(town.database, done.peticionId)
    expect(peticion).toMatchObject({
      estado: 'REGISTRADO',
      asunto: 'Bache',
      medio: 'telegram',
      addressId: quien.addressId,
      telefono: '+528331234567',
      version: 1,
      registradaAt: AHORA,
      reservada: false,
    })
    expect(Buffer.from(peticion.claveHash ?? [])).toEqual(hashDeClave(SECRET, done.folio, done.clave))
    expect(await sql(town.database.fork(), `select verbo, de, a, actor, usuario_id as u from movimiento`)).toEqual([
      { verbo: 'registrar', de: null, a: 'REGISTRADO', actor: 'ciudadano', u: null },
    ])
    expect(await sql(town.database.fork(), 'select id, kind, status from outbox')).toEqual([
      { id: done.outbox[0], kind: 'canalizar', status: 'pending' },
    ])
  })

  it('gives each a folio of its own, many at once', async () => {
    const town = await ayuntamiento()
    const quienes = await Promise.all(Array.from({ length: 20 }, () => vecina(town.database.fork())))
    const done = await Promise.all(quienes.map((quien) => registrarDe(town, quien)))
    expect(new Set(done.map((one) => one.folio)).size).toBe(20)
  })

  it('leaves nothing behind when its turn is taken back', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const turn = en(town, async (em) => {
      await registrar(em, BACHE, { tipo: 'chat', ...quien, medio: 'telegram' }, deps(town))
      throw new Error('killed')
    })
    await expect(turn).rejects.toThrow('killed')
    expect(await sql(town.database.fork(), 'select 1 from peticion union all select 1 from ciudadano')).toEqual([])
  })

  it('belongs to one person an address, completed and never joined with another by a phone', async () => {
    const town = await ayuntamiento()
    const [una, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    await registrarDe(town, una, { ...BACHE, datos: { nombre: 'Única' } })
    await registrarDe(town, una, { ...BACHE, datos: { nombre: 'Otra', telefono: '8331234567' } })
    await registrarDe(town, otra, BACHE)
    expect(await sql(town.database.fork(), 'select nombre, telefono from ciudadano order by id')).toEqual([
      { nombre: 'Única', telefono: '+528331234567' },
      { nombre: 'Persona Única', telefono: '+528331234567' },
    ])
  })

  it('takes its own files only', async () => {
    const town = await ayuntamiento()
    const [una, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const [suya, ajena] = [randomUUID(), randomUUID()]
    for (const [id, { conversationId }] of [
      [suya, una],
      [ajena, otra],
    ] as const) {
      await sql(town.database.fork(), `insert into attachment (id, conversation_id, kind) values ($1, $2, 'image')`, [
        id,
        conversationId,
      ])
    }
    const requisitos = { comprobante_domicilio: suya, carta_solicitud: 'no la tengo' }
    const borrador = { ...BACHE, categoria: 'APOYO_SOCIAL', requisitos, fotos: [ajena] }
    const { peticionId } = await registrarDe(town, una, borrador)
    expect((await peticionDe(town.database, peticionId)).requisitos).toEqual(requisitos)
    expect(
      await sql(town.database.fork(), 'select id, uso, conversation_id as c from attachment where peticion_id = $1', [
        peticionId,
      ]),
    ).toEqual([{ id: suya, uso: 'requisito', c: una.conversationId }])
  })

  it('is refused for a category that is none, or that nobody may report without a name', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    for (const change of [{ categoria: 'NADA' }, { anonima: true }]) {
      await expect(registrarDe(town, quien, { ...BACHE, ...change })).rejects.toThrow(DatoInvalido)
    }
  })

  it('is stored whatever characters it holds', async () => {
    const town = await ayuntamiento()
    const { peticionId } = await registrarDe(town, await vecina(town.database.fork()), {
      ...BACHE,
      descripcion: 'un \0 bache \ud800',
    })
    expect((await peticionDe(town.database, peticionId)).descripcion).toBe('un  bache \ufffd')
  })
})

describe('an anonymous petition', () => {
  it('holds nobody, and its time is that of the hour', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const { peticionId } = await registrarDe(town, quien, { ...BACHE, categoria: 'RUIDO', anonima: true })
    expect(await peticionDe(town.database, peticionId)).toMatchObject({
      anonima: true,
      reservada: true,
      ciudadanoId: null,
      addressId: null,
      nombre: null,
      telefono: null,
      registradaAt: new Date('2026-11-22T18:00:00Z'),
    })
    expect(await sql(town.database.fork(), 'select 1 from ciudadano')).toEqual([])
  })
})

describe('a petition that the staff captures', () => {
  it('says how it came and who wrote it down, and gives a turno to who waits', async () => {
    const town = await ayuntamiento()
    const { capturista } = town.usuarios
    const done = await capturar(town, capturista, { modulo: 'retama', programa: 'dia_del_pueblo' })
    expect(done.turno).toBe('R-001')
    expect(await peticionDe(town.database, done.peticionId)).toMatchObject({
      medio: 'presencial',
      programa: 'dia_del_pueblo',
      capturadaPor: capturista.id,
      addressId: null,
      ciudadanoId: expect.any(Number),
    })
    expect(await sql(town.database.fork(), 'select kind from outbox')).toEqual([{ kind: 'canalizar' }])
  })

  it('is one, with one clave, however often its form is posted', async () => {
    const town = await ayuntamiento()
    const captura = randomUUID()
    const { capturista, validador } = town.usuarios
    const posts = await Promise.all([1, 2, 3].map(() => capturar(town, capturista, { captura })))
    expect(new Set(posts.map((one) => `${one.peticionId} ${one.folio} ${one.clave}`)).size).toBe(1)
    expect(posts.map((one) => one.outbox.length).sort()).toEqual([0, 0, 1])
    expect(await sql(town.database.fork(), 'select 1 from peticion')).toHaveLength(1)
    await expect(capturar(town, validador, { captura })).rejects.toThrow()
  })

  it('is told to who wrote it on a social network', async () => {
    const town = await ayuntamiento()
    const { addressId } = await vecina(town.database.fork())
    await capturar(town, town.usuarios.comunicacion, { medio: 'redes_sociales', addressId })
    expect(await sql(town.database.fork(), 'select kind from outbox order by kind')).toEqual([
      { kind: 'canalizar' },
      { kind: 'notificar' },
    ])
  })

  it('is not captured by who may not, nor by a way or for a programme that does not exist', async () => {
    const town = await ayuntamiento()
    const { enlaceObras, capturista } = town.usuarios
    await expect(capturar(town, enlaceObras)).rejects.toThrow(FueraDeAlcance)
    for (const more of [{ medio: 'telegram' }, { medio: 'paloma' }, { programa: 'x' }, { modulo: 'x' }]) {
      await expect(capturar(town, capturista, more)).rejects.toThrow(DatoInvalido)
    }
  })
})
