import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { nombraA } from '../../../src/workflow/catalogo/acusada.ts'
import { PREGUNTA_DE_AREA } from '../../../src/workflow/peticion/destino.ts'
import { DatoInvalido } from '../../../src/workflow/peticion/rechazos.ts'
import { canalizar, recanalizar } from '../../../src/workflow/peticion/verbos/canalizar.ts'
import {
  type Ayuntamiento,
  alta,
  ayuntamiento,
  BACHE,
  en,
  peticionDe,
  QUEJA,
  registrarDe,
  vecina,
} from '../ayuntamiento.ts'
import { ctx, SISTEMA } from '../camino.ts'

async function dirigida(town: Ayuntamiento, borrador = BACHE) {
  const { peticionId } = await registrarDe(town, await vecina(town.database.fork()), borrador)
  await en(town, (em) => canalizar(em, peticionId, SISTEMA, {}, ctx))
  const [movimiento] = await sql<{ datos: object }>(
    town.database.fork(),
    `select datos from movimiento where peticion_id = $1 and verbo = 'canalizar'`,
    [peticionId],
  )
  const { dependenciaId, enlaceId, estado } = await peticionDe(town.database, peticionId)
  return { peticionId, dependenciaId, enlaceId, estado, datos: movimiento?.datos }
}

const regla = (
  town: Ayuntamiento,
  orden: number,
  categoria: string | null,
  colonia: string | null,
  dependencia: string,
  usuario?: number,
) =>
  sql(
    town.database.fork(),
    'insert into regla_canalizacion (orden, categoria, colonia, dependencia_id, usuario_id) values ($1, $2, $3, $4, $5)',
    [orden, categoria, colonia, dependencia, usuario ?? null],
  )

describe('a petition goes by itself', () => {
  it('to the dependencia of its category, and there to who has least to do', async () => {
    const town = await ayuntamiento()
    const { enlaceObras, otroEnlaceObras } = town.usuarios
    const went = [await dirigida(town), await dirigida(town), await dirigida(town)]
    expect(went[0]).toMatchObject({ estado: 'CANALIZADO', dependenciaId: 'OP', datos: { dependencia: 'OP' } })
    expect(went.map((one) => one.enlaceId)).toEqual([enlaceObras.id, otroEnlaceObras.id, enlaceObras.id])
  })

  it('to the UAC, which the history says, where nobody is enlace or only one who left', async () => {
    const town = await ayuntamiento()
    const comapa = { ...BACHE, categoria: 'AGUA_FUGA' }
    const sinEnlace = { dependenciaId: 'UAC', enlaceId: null, datos: { dependencia: 'UAC', sinEnlace: 'COMAPA' } }
    expect(await dirigida(town, comapa)).toMatchObject(sinEnlace)
    const enlace = await alta(town.database.fork(), 'enlaceComapa', ['enlace'], 'COMAPA')
    expect(await dirigida(town, comapa)).toMatchObject({ dependenciaId: 'COMAPA', enlaceId: enlace })
    await sql(town.database.fork(), 'update usuario set disabled_at = now() where id = $1', [enlace])
    expect(await dirigida(town, comapa)).toMatchObject(sinEnlace)
  })

  it('elsewhere by the first rule that fits its category and its colonia', async () => {
    const town = await ayuntamiento()
    const { enlaceTransito, otroEnlaceObras } = town.usuarios
    await regla(town, 3, 'BACHEO', null, 'COMERCIO')
    await regla(town, 2, null, 'NUEVO MADERO', 'TV')
    await regla(town, 1, 'AGUA_FUGA', 'Nuevo Madero', 'CONTRALORIA')
    expect(await dirigida(town)).toMatchObject({ dependenciaId: 'TV', enlaceId: enlaceTransito.id })
    await regla(town, 0, 'BACHEO', 'Nuevo Madero', 'OP', otroEnlaceObras.id)
    expect(await dirigida(town)).toMatchObject({ dependenciaId: 'OP', enlaceId: otroEnlaceObras.id })
    expect(await dirigida(town)).toMatchObject({ enlaceId: otroEnlaceObras.id })
    await sql(town.database.fork(), `update dependencia set retirada_at = now() where id = 'OP'`)
    expect(await dirigida(town)).toMatchObject({ dependenciaId: 'TV' })
  })

  it('never to those it accuses, by rule or by hand', async () => {
    const town = await ayuntamiento()
    await regla(town, 0, 'QUEJA_SERVIDOR', null, 'TV')
    const { peticionId, dependenciaId } = await dirigida(town, QUEJA)
    expect(dependenciaId).toBe('CONTRALORIA')
    const aTransito = en(town, (em) =>
      recanalizar(em, peticionId, town.usuarios.validador, { dependencia: 'TV', motivo: 'x' }, ctx),
    )
    await expect(aTransito).rejects.toThrow(DatoInvalido)
    const contraContraloria = { ...QUEJA, respuestas: { ...QUEJA.respuestas, dependencia: 'La CONTRALORIA municipal' } }
    await sql(town.database.fork(), 'delete from regla_canalizacion')
    expect((await dirigida(town, contraContraloria)).dependenciaId).toBe('UAC')
  })
})

describe('a complaint names', () => {
  it('whom it accuses in the question that the catalogue asks for it', async () => {
    const { catalogo } = await readSettings(CONFIG_FOLDER, {})
    const queja = catalogo.categorias.find(({ codigo }) => codigo === QUEJA.categoria)
    const { id } = queja?.preguntas.find(({ texto }) => texto.includes('área')) ?? {}
    expect(id).toBe(PREGUNTA_DE_AREA)
    expect(QUEJA.respuestas).toHaveProperty(PREGUNTA_DE_AREA)
  })

  const TRANSITO = { id: 'TV', nombre: 'Tránsito y Vialidad' }
  const MUJER = { id: 'IMM', nombre: 'Instituto Municipal de la Mujer' }
  it.each([
    ['un agente de transito', TRANSITO, true],
    ['TV', TRANSITO, true],
    ['los de VIALIDAD', TRANSITO, true],
    ['no sé, del municipio', TRANSITO, false],
    ['no sé, del municipio', MUJER, false],
    ['la oficina del instituto de la juventud', MUJER, false],
    ['COMAPA', { id: 'COMAPA', nombre: 'COMAPA Altamira (agua potable y alcantarillado)' }, true],
    ['obras publicas', { id: 'SSP', nombre: 'Secretaría de Servicios Públicos' }, false],
    ['obras publicas', { id: 'OP', nombre: 'Obras Públicas' }, true],
    ['', TRANSITO, false],
  ])('%s: %o %s', (area, dependencia, named) => {
    expect(nombraA(area, dependencia)).toBe(named)
  })
})
