import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { buscarPeticiones, contarPorEstado, ORDENES, type Vista } from '../../../src/workflow/peticion/buscar.ts'
import type { Filtro, Marco } from '../../../src/workflow/peticion/filtro.ts'
import { type Ayuntamiento, ayuntamiento, BACHE, type Nombre, QUEJA, registrarDe, vecina } from '../ayuntamiento.ts'
import { llevada } from '../camino.ts'

const MARCO: Marco = { prefijo: 'UAC', zona: 'America/Mexico_City', hoy: '2026-11-22', porVencerDias: 2 }

const buscar = (town: Ayuntamiento, filtro: Filtro, quien: Nombre = 'validador', vista: Vista = {}) =>
  buscarPeticiones(town.database.fork(), town.usuarios[quien], filtro, MARCO, vista)

describe('a search', () => {
  it('finds by folio, name, colonia, street and phone however they are typed', async () => {
    const town = await ayuntamiento()
    const { folio } = await registrarDe(town, await vecina(town.database.fork()))
    const datos = { nombre: 'Juan 100%', colonia: 'Miramar', telefono: '8339999999' }
    await registrarDe(town, await vecina(town.database.fork()), { ...BACHE, datos })
    const found = async (q: string) => (await buscar(town, { q })).peticiones.map((one) => one.nombre)
    for (const q of [
      folio,
      folio.toLowerCase().replaceAll('-', ''),
      folio.slice(4),
      'UNICA',
      'única persona',
      'ebano',
      '833 123 4567',
      '(833) 123-4567',
      '+52 833 1234567',
      'nuevo madero bache',
    ]) {
      expect([q, await found(q)]).toEqual([q, ['Persona Única']])
    }
    for (const q of ['100%', '8339999999', 'juan']) expect([q, await found(q)]).toEqual([q, ['Juan 100%']])
    for (const q of ['_', 'pedro', '0%', '\\', 'UAC-26-000001-0', '\0'])
      expect([q, (await found(q)).length]).toEqual([q, q === '0%' ? 1 : q === '\0' ? 2 : 0])
  })

  it('gives each petition once, page after page, in any order', async () => {
    const town = await ayuntamiento()
    for (let i = 0; i < 7; i++) await registrarDe(town, await vecina(town.database.fork()), i % 2 ? QUEJA : BACHE)
    for (const orden of ORDENES) {
      const seen: number[] = []
      let cursor: string | undefined
      do {
        const page = await buscar(town, {}, 'validador', { orden, cursor, limite: 3 })
        seen.push(...page.peticiones.map((one) => one.id))
        cursor = page.siguiente ?? undefined
      } while (cursor)
      expect(new Set(seen).size).toBe(7)
      expect(seen).toHaveLength(7)
    }
    for (const cursor of ['x', '2026-99-99_1', '0000-01-01_1', '9'.repeat(40)]) {
      expect((await buscar(town, {}, 'validador', { orden: 'vencen', cursor })).peticiones).toHaveLength(7)
    }
  })

  it('and a count show each user what is within their reach', async () => {
    const town = await ayuntamiento()
    await llevada(town, 'CANALIZADO')
    await llevada(town, 'RECIBIDO')
    await registrarDe(town, await vecina(town.database.fork()), QUEJA)
    const sees = async (quien: Nombre) => {
      const { peticiones } = await buscar(town, {}, quien)
      const counts = await contarPorEstado(town.database.fork(), town.usuarios[quien], {}, MARCO)
      expect(Object.values(counts).reduce((sum, n) => sum + n)).toBe(peticiones.length)
      return { REGISTRADO: counts.REGISTRADO, CANALIZADO: counts.CANALIZADO, RECIBIDO: counts.RECIBIDO }
    }
    expect(await sees('validador')).toEqual({ REGISTRADO: 1, CANALIZADO: 1, RECIBIDO: 1 })
    expect(await sees('administrador')).toEqual({ REGISTRADO: 0, CANALIZADO: 1, RECIBIDO: 1 })
    expect(await sees('enlaceObras')).toEqual({ REGISTRADO: 0, CANALIZADO: 1, RECIBIDO: 1 })
    expect(await sees('enlaceTransito')).toEqual({ REGISTRADO: 0, CANALIZADO: 0, RECIBIDO: 0 })
    expect((await buscar(town, { estados: ['RECIBIDO'] })).peticiones).toHaveLength(1)
    await sql(town.database.fork(), `update peticion set dependencia_id = 'TV', estado = 'CANALIZADO' where reservada`)
    expect(await sees('enlaceTransito')).toEqual({ REGISTRADO: 0, CANALIZADO: 1, RECIBIDO: 0 })
    expect(await sees('titularSeguridad')).toEqual({ REGISTRADO: 0, CANALIZADO: 0, RECIBIDO: 0 })
  })
})
