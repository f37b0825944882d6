import type { EntityManager } from '@mikro-orm/postgresql'
import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { separarCiudadanos, unirCiudadanos } from '../../../src/workflow/personas/union-de-ciudadanos.ts'
import { DatoInvalido, PersonasCambiaron } from '../../../src/workflow/peticion/rechazos.ts'
import { registrar } from '../../../src/workflow/peticion/registrar.ts'
import {
  AHORA,
  type Ayuntamiento,
  ayuntamiento,
  BACHE,
  en,
  QUEJA,
  registrarDe,
  type Vecina,
  vecina,
} from '../ayuntamiento.ts'

interface Persona {
  ciudadanoId: number
  vecina: Vecina
  peticionId: number
}

/** Somebody with an address and a petition. */
async function persona(town: Ayuntamiento): Promise<Persona> {
  const suya = await vecina(town.database.fork())
  const { peticionId } = await registrarDe(town, suya)
  return { ciudadanoId: await deAddress(town, suya.addressId), vecina: suya, peticionId }
}

async function deAddress({ database }: Ayuntamiento, id: number): Promise<number> {
  const row = await sqlOne<{ id: number }>(database.fork(), 'select ciudadano_id as id from address where id = $1', [
    id,
  ])
  return row?.id ?? 0
}

async function dePeticion({ database }: Ayuntamiento, id: number): Promise<number | null> {
  const row = await sqlOne<{ id: number | null }>(
    database.fork(),
    'select ciudadano_id as id from peticion where id = $1',
    [id],
  )
  return row?.id ?? null
}

const unir = (town: Ayuntamiento, queda: number, unido: number, motivo = 'Mismo teléfono y mismo nombre') =>
  en(town, (em) =>
    unirCiudadanos(em, { queda, unido }, { tipo: 'usuario', usuarioId: town.usuarios.validador.id, motivo }),
  )

const separar = (town: Ayuntamiento, union: number, queda: number) =>
  en(town, (em) =>
    separarCiudadanos(em, { union, queda }, { usuarioId: town.usuarios.validador.id, motivo: 'Eran dos hermanas' }),
  )

/** A transaction that stops where it is until it is let go. */
async function held(town: Ayuntamiento, work: (em: EntityManager) => Promise<unknown>) {
  const { promise: gate, resolve: release } = Promise.withResolvers<void>()
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const ended = en(town, async (em) => {
    await work(em)
    reach()
    await gate
  })
  await reached
  return { release, ended }
}

/** Resolves when so many statements of this database wait for a lock. */
async function waitingFor({ database }: Ayuntamiento, count: number): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await sqlOne<{ n: number }>(
            database.fork(),
            `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
        )?.n,
    )
    .toBe(count)
}

describe('joining two persons', () => {
  it('gives one of them the addresses and petitions of both, and notes who did it, why, and what was whose', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await persona(town), await persona(town)]
    const id = await unir(town, ana.ciudadanoId, otra.ciudadanoId)

    expect(await deAddress(town, otra.vecina.addressId)).toBe(ana.ciudadanoId)
    expect(await dePeticion(town, otra.peticionId)).toBe(ana.ciudadanoId)
    expect(await sql(town.database.fork(), 'select * from union_de_ciudadanos')).toEqual([
      expect.objectContaining({
        id,
        queda: ana.ciudadanoId,
        unido: otra.ciudadanoId,
        origen: 'usuario',
        usuario_id: town.usuarios.validador.id,
        motivo: 'Mismo teléfono y mismo nombre',
        addresses: [String(otra.vecina.addressId)],
        peticiones: [String(otra.peticionId)],
        separada_at: null,
      }),
    ])
  })

  it('needs a reason, and two persons', async () => {
    const town = await ayuntamiento()
    const ana = await persona(town)
    await expect(unir(town, ana.ciudadanoId, ana.ciudadanoId + 99)).rejects.toThrow(PersonasCambiaron)
    await expect(unir(town, ana.ciudadanoId, ana.ciudadanoId)).rejects.toThrow(PersonasCambiaron)
    await expect(unir(town, ana.ciudadanoId, ana.ciudadanoId + 99, ' ')).rejects.toThrow(DatoInvalido)
  })

  it('in both directions at once joins them once', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await persona(town), await persona(town)]
    const done = await Promise.allSettled([
      unir(town, ana.ciudadanoId, otra.ciudadanoId),
      unir(town, otra.ciudadanoId, ana.ciudadanoId),
    ])
    expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await deAddress(town, ana.vecina.addressId)).toBe(await deAddress(town, otra.vecina.addressId))
  })

  it('waits for a petition that is being registered, and takes it along', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await persona(town), await persona(town)]
    let peticionId = 0
    const origen = { tipo: 'chat' as const, ...otra.vecina, medio: 'telegram' }
    const turn = await held(town, async (em) => {
      ;({ peticionId } = await registrar(em, BACHE, origen, { ...town.services, ahora: AHORA }))
    })
    const joining = unir(town, ana.ciudadanoId, otra.ciudadanoId)
    await waitingFor(town, 1)
    turn.release()
    await Promise.all([turn.ended, joining])
    expect(await dePeticion(town, peticionId)).toBe(ana.ciudadanoId)
  })

  it('gives a petition that was begun before and registered after it to who stayed', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await persona(town), await persona(town)]
    const captura = {
      tipo: 'captura' as const,
      actor: town.usuarios.capturista,
      captura: '7a2e46b1-3c5f-4b7a-9d2e-1f0c8e6a5b43',
      medio: 'presencial',
      ciudadanoId: otra.ciudadanoId,
    }
    const joining = await held(town, (em) =>
      unirCiudadanos(em, { queda: ana.ciudadanoId, unido: otra.ciudadanoId }, { tipo: 'codigo' }),
    )
    const inChat = registrarDe(town, otra.vecina)
    const byHand = en(town, (em) => registrar(em, BACHE, captura, { ...town.services, ahora: AHORA }))
    await waitingFor(town, 2)
    joining.release()
    for (const { peticionId } of await Promise.all([inChat, byHand])) {
      expect(await dePeticion(town, peticionId)).toBe(ana.ciudadanoId)
    }
  })

  it('never reaches an anonymous petition, and what a reserved one told is not known of the person', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const anonima = await registrarDe(town, ana, { ...BACHE, categoria: 'CONTAMINACION', datos: {}, anonima: true })
    await registrarDe(town, ana, QUEJA)
    await registrarDe(town, otra)
    const ciudadanos = await sql(town.database.fork(), 'select nombre, telefono from ciudadano order by id')
    expect(ciudadanos).toEqual([
      { nombre: null, telefono: null },
      { nombre: 'Persona Única', telefono: '+528331234567' },
    ])
    await unir(town, await deAddress(town, ana.addressId), await deAddress(town, otra.addressId))
    expect(await dePeticion(town, anonima.peticionId)).toBeNull()
    const [join] = await sql<{ peticiones: string[] }>(
      town.database.fork(),
      'select peticiones from union_de_ciudadanos',
    )
    expect(join?.peticiones.map(Number)).not.toContain(anonima.peticionId)
  })
})

describe('taking a join apart', () => {
  it('gives each again what was theirs, and what their addresses brought meanwhile', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await persona(town), await persona(town)]
    const aMano = await en(town, async (em) => {
      const id = await sqlOne<{ id: number }>(
        em,
        `insert into peticion (folio, clave_hash, estado, categoria, ciudadano_id, medio, asunto, descripcion, prioridad, plazo_dias, vence_el)
         select 'A-MANO', clave_hash, estado, categoria, $2, 'presencial', asunto, descripcion, prioridad, plazo_dias, vence_el
           from peticion where id = $1 returning id`,
        [otra.peticionId, otra.ciudadanoId],
      )
      return id?.id ?? 0
    })
    const id = await unir(town, ana.ciudadanoId, otra.ciudadanoId)
    const later = await registrarDe(town, otra.vecina)
    const deAna = await registrarDe(town, ana.vecina)
    await separar(town, id, ana.ciudadanoId)

    expect(await deAddress(town, otra.vecina.addressId)).toBe(otra.ciudadanoId)
    expect(await deAddress(town, ana.vecina.addressId)).toBe(ana.ciudadanoId)
    for (const one of [otra.peticionId, aMano, later.peticionId])
      expect(await dePeticion(town, one)).toBe(otra.ciudadanoId)
    for (const one of [ana.peticionId, deAna.peticionId]) expect(await dePeticion(town, one)).toBe(ana.ciudadanoId)
    expect(
      await sqlOne(
        town.database.fork(),
        'select separada_por, separada_motivo from union_de_ciudadanos where id = $1',
        [id],
      ),
    ).toEqual({ separada_por: town.usuarios.validador.id, separada_motivo: 'Eran dos hermanas' })
  })

  it('happens once, and two who were taken apart can be joined again', async () => {
    const town = await ayuntamiento()
    const [ana, otra] = [await persona(town), await persona(town)]
    const id = await unir(town, ana.ciudadanoId, otra.ciudadanoId)
    const done = await Promise.allSettled([separar(town, id, ana.ciudadanoId), separar(town, id, ana.ciudadanoId)])
    expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await unir(town, otra.ciudadanoId, ana.ciudadanoId)
    expect(await deAddress(town, ana.vecina.addressId)).toBe(otra.ciudadanoId)
  })

  it('of three who were joined one after another begins with the last join', async () => {
    const town = await ayuntamiento()
    const [ana, otra, tercera] = [await persona(town), await persona(town), await persona(town)]
    const first = await unir(town, ana.ciudadanoId, otra.ciudadanoId)
    const second = await unir(town, tercera.ciudadanoId, ana.ciudadanoId)
    await expect(separar(town, first, ana.ciudadanoId)).rejects.toThrow(PersonasCambiaron)
    await separar(town, second, tercera.ciudadanoId)
    expect(await deAddress(town, otra.vecina.addressId)).toBe(ana.ciudadanoId)
    await separar(town, first, ana.ciudadanoId)
    expect(await deAddress(town, otra.vecina.addressId)).toBe(otra.ciudadanoId)
  })
})
