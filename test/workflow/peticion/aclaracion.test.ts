import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import type { ContextoDePlazo } from '../../../src/workflow/peticion/aclaracion.ts'
import { revisarAclaraciones } from '../../../src/workflow/peticion/revisar-aclaraciones.ts'
import { aclarar } from '../../../src/workflow/peticion/verbos/aclarar.ts'
import { concluir } from '../../../src/workflow/peticion/verbos/concluir.ts'
import { preguntar } from '../../../src/workflow/peticion/verbos/preguntar.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { type Ayuntamiento, ayuntamiento, BACHE, en, municipio, type Vecina, vecina } from '../ayuntamiento.ts'
import { ctx, llevada } from '../camino.ts'
import { RESUELTO } from '../hacer.ts'

// A pothole has ten working days: registered on Sunday 22 November 2026, due on Friday 4 December.
const dia = (fecha: string, hora = '12:00'): ContextoDePlazo => ({
  ahora: new Date(`${fecha}T${hora}:00-06:00`),
  municipio,
})
const LUNES = dia('2026-11-23')
const PREGUNTA = { texto: '¿De qué lado de la calle está?' }

async function preguntada(town: Ayuntamiento, cuando = LUNES) {
  const quien = await vecina(town.database.fork())
  const id = await llevada(town, 'PROCESO', BACHE, quien)
  await en(town, (em) => preguntar(em, id, town.usuarios.enlaceObras, PREGUNTA, cuando))
  const { folio } = (await sqlOne<{ folio: string }>(town.database.fork(), 'select folio from peticion where id = $1', [
    id,
  ])) ?? { folio: '' }
  return { id, quien, folio }
}

const vence = async (town: Ayuntamiento, id: number) =>
  (
    await sqlOne<{ v: string }>(
      town.database.fork(),
      `select to_char(vence_el, 'YYYY-MM-DD') as v from peticion where id = $1`,
      [id],
    )
  )?.v

const verbos = async (town: Ayuntamiento, id: number) =>
  (
    await sql<{ verbo: string }>(
      town.database.fork(),
      'select verbo from movimiento where peticion_id = $1 order by id',
      [id],
    )
  )
    .map((one) => one.verbo)
    .slice(4)

const cierre = async (town: Ayuntamiento) =>
  (await sqlOne<{ cierre: string | null }>(town.database.fork(), 'select cierre from aclaracion'))?.cierre

const para = (town: Ayuntamiento, { addressId, conversationId }: Vecina, { ahora } = LUNES) =>
  servicesFor(
    town.database.fork(),
    { id: conversationId, addressId, channel: 'telegram', account: 'default' },
    { ...town.services, ahora: () => ahora },
  )

const falta = (hecho: Promise<unknown>) =>
  hecho.then(
    () => undefined,
    (error) => error.falta,
  )

describe('a question to the citizen', () => {
  it('pauses the plazo, and its answer lets it run on from where it stood', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await preguntada(town)
    expect(await vence(town, id)).toBe('2026-12-11')
    expect(await para(town, quien).preguntas()).toMatchObject([
      { folio, pregunta: PREGUNTA.texto, dependencia: 'Obras Públicas' },
    ])
    expect(await para(town, quien, dia('2026-11-25')).contestar(folio, { texto: 'Del derecho', archivos: [] })).toBe(
      true,
    )
    expect(await vence(town, id)).toBe('2026-12-08')
    expect(await verbos(town, id)).toEqual(['preguntar', 'aclarar'])
    expect(await para(town, quien).preguntas()).toEqual([])
    expect(await para(town, quien).contestar(folio, { texto: 'Otra vez', archivos: [] })).toBe(false)
  })

  it('answered the same day costs no day', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await preguntada(town)
    await para(town, quien, LUNES).contestar(folio, { texto: 'Del derecho', archivos: [] })
    expect(await vence(town, id)).toBe('2026-12-04')
  })

  it('is one at a time, and goes to nobody who would not hear it', async () => {
    const town = await ayuntamiento()
    const { id } = await preguntada(town)
    const otra = () => en(town, (em) => preguntar(em, id, town.usuarios.enlaceObras, PREGUNTA, LUNES))
    expect(await falta(otra())).toBe('pregunta')
    await en(town, (em) => aclarar(em, id, { tipo: 'ciudadano' }, { texto: 'Del derecho' }, LUNES))
    await sql(town.database.fork(), 'update address set avisos_baja_at = now()')
    expect(await falta(otra())).toBe('direccion')
    await sql(town.database.fork(), 'update address set avisos_baja_at = null, blocked_at = now()')
    expect(await falta(otra())).toBe('direccion')
    expect(await vence(town, id)).toBe('2026-12-04')
  })

  it('does not make an overdue petition less overdue', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await preguntada(town, dia('2026-12-07'))
    expect(await vence(town, id)).toBe('2026-12-04')
    await para(town, quien, dia('2026-12-09')).contestar(folio, { texto: 'Del derecho', archivos: [] })
    expect(await vence(town, id)).toBe('2026-12-04')
  })

  it('is reminded once, by day, and after five working days the petition goes on by itself', async () => {
    const town = await ayuntamiento()
    const { id } = await preguntada(town)
    const revisar = ({ ahora }: ContextoDePlazo) => revisarAclaraciones(town.database, municipio, ahora)
    await revisar(dia('2026-11-25'))
    await revisar(dia('2026-11-26', '23:00'))
    expect(await verbos(town, id)).toEqual(['preguntar'])
    await Promise.all([revisar(dia('2026-11-26')), revisar(dia('2026-11-26'))])
    await revisar(dia('2026-11-27'))
    expect(await verbos(town, id)).toEqual(['preguntar', 'recordar'])
    await revisar(dia('2026-11-30'))
    expect(await cierre(town)).toBeNull()
    await Promise.all([revisar(dia('2026-12-01')), revisar(dia('2026-12-01'))])
    expect(await verbos(town, id)).toEqual(['preguntar', 'recordar', 'reanudar'])
    expect(await cierre(town)).toBe('sin_respuesta')
    expect(await vence(town, id)).toBe('2026-12-11')
  })

  it('is withdrawn when the petition is concluded', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await preguntada(town)
    await en(town, (em) => concluir(em, id, town.usuarios.enlaceObras, RESUELTO, ctx))
    expect(await cierre(town)).toBe('retirada')
    expect(await para(town, quien).contestar(folio, { texto: 'Del derecho', archivos: [] })).toBe(false)
  })

  it('may be answered from another account of the same person that asked for notices, unless it is reserved', async () => {
    const town = await ayuntamiento()
    const { id, quien, folio } = await preguntada(town)
    const otra = await vecina(town.database.fork())
    expect(await para(town, otra).preguntas()).toEqual([])
    await sql(
      town.database.fork(),
      `update address set ciudadano_id = (select ciudadano_id from peticion where id = $2), avisos_alta_at = now() where id = $1`,
      [otra.addressId, id],
    )
    expect((await para(town, otra).preguntas()).map((one) => one.folio)).toEqual([folio])
    await sql(town.database.fork(), 'update peticion set reservada = true where id = $1', [id])
    expect(await para(town, otra).preguntas()).toEqual([])
    const [propia] = await para(town, quien).preguntas()
    expect(propia?.pregunta).toBeUndefined()
    expect(propia?.asunto).not.toContain('Bache')
  })
})
