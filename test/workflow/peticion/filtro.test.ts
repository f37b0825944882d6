import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { buscarPeticiones, contarPeticiones } from '../../../src/workflow/peticion/buscar.ts'
import type { Filtro, Marco } from '../../../src/workflow/peticion/filtro.ts'
import { type Ayuntamiento, ayuntamiento, BACHE, QUEJA, registrarDe, vecina } from '../ayuntamiento.ts'
import { llevada } from '../camino.ts'

const MARCO: Marco = { prefijo: 'UAC', zona: 'America/Mexico_City', hoy: '2026-11-22', porVencerDias: 2 }

const ids = async (
  { database, usuarios }: Ayuntamiento,
  filtro: Filtro,
  quien: keyof typeof usuarios = 'validador',
) => {
  const { peticiones } = await buscarPeticiones(database.fork(), usuarios[quien], filtro, MARCO)
  const counted = await contarPeticiones(database.fork(), usuarios[quien], filtro, MARCO)
  expect(counted).toBe(peticiones.length)
  return peticiones.map((one) => one.id)
}
const cambiar = ({ database }: Ayuntamiento, id: number, set: string) =>
  sql(database.fork(), `update peticion set ${set} where id = $1`, [id])

describe('a filter', () => {
  it('keeps what is of its category, dependencia, medio, colonia however written, and enlace', async () => {
    const town = await ayuntamiento()
    const bache = await llevada(town, 'RECIBIDO')
    const datos = { ...BACHE.datos, colonia: 'Miramar' }
    const { peticionId: queja } = await registrarDe(town, await vecina(town.database.fork()), { ...QUEJA, datos })
    await cambiar(town, bache, `enlace_id = ${town.usuarios.enlaceObras.id}, medio = 'escrito'`)
    expect(await ids(town, { categoria: 'BACHEO' })).toEqual([bache])
    expect(await ids(town, { dependencia: 'OP' })).toEqual([bache])
    expect(await ids(town, { medio: 'escrito' })).toEqual([bache])
    expect(await ids(town, { enlaceId: town.usuarios.enlaceObras.id })).toEqual([bache])
    expect(await ids(town, { colonia: 'MÍRAMAR' })).toEqual([queja])
    expect(await ids(town, { colonia: 'miramar' }, 'administrador')).toEqual([])
  })

  it('knows what is pending, late, soon late, solved, not solved and reopened', async () => {
    const town = await ayuntamiento()
    const [tarde, pronto, luego] = [
      await llevada(town, 'CANALIZADO'),
      await llevada(town, 'CANALIZADO'),
      await llevada(town, 'PROCESO'),
    ]
    const [si, no] = [await llevada(town, 'CONCLUIDO'), await llevada(town, 'VALIDADO')]
    await cambiar(town, tarde, "vence_el = '2026-11-21'")
    await cambiar(town, pronto, "vence_el = '2026-11-24'")
    await cambiar(town, luego, "vence_el = '2026-11-25'")
    await cambiar(town, si, "resuelto = true, vence_el = '2026-11-01'")
    await cambiar(town, no, 'resuelto = false')
    await sql(
      town.database.fork(),
      `insert into movimiento (peticion_id, verbo, actor) values ($1, 'reabrir', 'ciudadano')`,
      [luego],
    )
    expect(await ids(town, { situacion: 'pendientes' })).toEqual([luego, pronto, tarde])
    expect(await ids(town, { situacion: 'vencidas' })).toEqual([tarde])
    expect(await ids(town, { situacion: 'por_vencer' })).toEqual([pronto])
    expect(await ids(town, { situacion: 'resueltas' })).toEqual([si])
    expect(await ids(town, { situacion: 'no_resueltas' })).toEqual([no])
    expect(await ids(town, { situacion: 'reabiertas' })).toEqual([luego])
  })

  it('cuts a period at the midnights of the town, and turns its pages by the moment of receipt', async () => {
    const town = await ayuntamiento()
    const made: number[] = []
    for (const at of [
      '2026-10-31T23:59:59.999-06',
      '2026-11-01T00:00-06',
      '2026-11-30T23:59-06',
      '2026-12-01T00:00-06',
    ]) {
      const id = await llevada(town, 'CANALIZADO')
      await cambiar(town, id, `registrada_at = '${at}'`)
      made.push(id)
    }
    const mes = { desde: '2026-11-01', hasta: '2026-11-30' }
    expect(await ids(town, mes)).toEqual([made[2], made[1]])
    // Microseconds, that a Date has not, are part of the place in the order.
    await cambiar(town, made[1] ?? 0, "registrada_at = '2026-11-30T23:59:00.000001-06'")
    const page = (cursor?: string) =>
      buscarPeticiones(town.database.fork(), town.usuarios.validador, mes, MARCO, { limite: 1, cursor })
    const first = await page()
    const second = await page(first.siguiente ?? undefined)
    expect([first, second].map(({ peticiones }) => peticiones[0]?.id)).toEqual([made[1], made[2]])
    expect(second.siguiente).toBeNull()
  })

  it('and a search narrow each other; words of the text are found', async () => {
    const town = await ayuntamiento()
    const uno = await llevada(town, 'CANALIZADO', { ...BACHE, descripcion: 'Se abrió un socavón junto al camellón' })
    const dos = await llevada(town, 'CONCLUIDO', { ...BACHE, descripcion: 'Otro socavón' })
    expect(await ids(town, { q: 'SOCAVON' })).toEqual([dos, uno])
    expect(await ids(town, { q: 'socavón camellon' })).toEqual([uno])
    expect(await ids(town, { q: 'socavon', situacion: 'pendientes' })).toEqual([uno])
    expect(await ids(town, { q: 'socavon', estados: ['CONCLUIDO'] })).toEqual([dos])
    expect(await ids(town, { q: 'so' })).toEqual([dos, uno])
    expect(await ids(town, { q: 'socavon' }, 'enlaceTransito')).toEqual([])
  })
})
