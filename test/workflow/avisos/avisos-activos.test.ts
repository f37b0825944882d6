import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import {
  publicarAvisoActivo,
  retirarAvisoActivo,
  terminarAvisosActivos,
} from '../../../src/workflow/avisos/avisos-activos.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { AHORA, type Ayuntamiento, ayuntamiento, type Vecina, vecina } from '../ayuntamiento.ts'

const HORA = 3_600_000
const CORTE = {
  texto: 'No hay agua en Miramar.',
  categorias: ['AGUA_FALTA'],
  colonias: ['Miramar', 'Villerías'],
  hasta: new Date(AHORA.getTime() + 2 * HORA),
}

const publicar = (town: Ayuntamiento, cambios: Partial<typeof CORTE> = {}) =>
  publicarAvisoActivo(town.database.fork(), { ...CORTE, ...cambios }, town.usuarios.validador.id, AHORA)

const para = (town: Ayuntamiento, { addressId, conversationId }: Vecina, ahora = AHORA) =>
  servicesFor(
    town.database.fork(),
    { id: conversationId, addressId, channel: 'telegram', account: 'default' },
    { ...town.services, ahora: () => ahora },
  )

const terminar = (town: Ayuntamiento, ahora: Date) =>
  terminarAvisosActivos(town.database.fork(), { ...town.outbox, ahora: () => ahora })

describe('what staff published', () => {
  it('is heard by who reports that category in those colonias, however written, until its end', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const id = await publicar(town)
    const services = para(town, quien)
    expect(await services.avisoActivo('AGUA_FALTA', 'VILLERIAS')).toMatchObject({ id, texto: CORTE.texto })
    expect(await services.avisoActivo('AGUA_FALTA', 'Santa Elena')).toBeUndefined()
    expect(await services.avisoActivo('AGUA_FALTA', undefined)).toBeUndefined()
    expect(await services.avisoActivo('BACHEO', 'Miramar')).toBeUndefined()
    expect(await para(town, quien, CORTE.hasta).avisoActivo('AGUA_FALTA', 'Miramar')).toBeUndefined()
  })

  it('without colonias is heard in the whole municipality, and no more once it was taken back', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const id = await publicar(town, { colonias: [] })
    expect(await para(town, quien).avisoActivo('AGUA_FALTA', undefined)).toMatchObject({ id })
    expect(await retirarAvisoActivo(town.database.fork(), id, AHORA)).toBe(true)
    expect(await retirarAvisoActivo(town.database.fork(), id, AHORA)).toBe(false)
    expect(await para(town, quien).avisoActivo('AGUA_FALTA', 'Miramar')).toBeUndefined()
    expect(await para(town, quien).avisarAlTerminar(id)).toBe(false)
  })

  it('is told to have ended, once, to who asked for it, also when two processes look at once', async () => {
    const town = await ayuntamiento()
    const em = town.database.fork()
    const [pide, baja, otro] = [await vecina(em), await vecina(em), await vecina(em)]
    const id = await publicar(town)
    for (const quien of [pide, pide, baja]) expect(await para(town, quien).avisarAlTerminar(id)).toBe(true)
    await para(town, otro).anotarAvisoOido(id)
    await para(town, baja).avisos(false)
    expect(await terminar(town, AHORA)).toEqual([])
    const despues = new Date(CORTE.hasta.getTime() + 1)
    const both = await Promise.all([terminar(town, despues), terminar(town, despues)])
    expect(both.flat()).toMatchObject([{ conversationId: pide.conversationId, channel: 'telegram' }])
    const dicho = await sql<{ text: string }>(em, `select body->>'text' as text from message`, [])
    expect(dicho).toHaveLength(1)
    expect(dicho[0]?.text).toContain(CORTE.texto)
    expect(await terminar(town, despues)).toEqual([])
  })
})
