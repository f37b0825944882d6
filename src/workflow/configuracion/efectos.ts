import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import { ABIERTA } from '../peticion/filtro.ts'
import type { Cambio } from './cambios.ts'
import { type Configuracion, calendarios } from './publicar.ts'
import { contarRecorridas, primerCambio } from './recorrer-plazos.ts'

/** What publishing would do, as a key of the panel's texts with what fills it. */
export interface Efecto {
  clave: 'plazo' | 'dependencia' | 'cerrada' | 'abierta' | 'calendario' | 'reglas' | 'retirada' | 'textos' | 'preguntas'
  valores: Record<string, string | number>
}

/** The effects of a draft in numbers, before anything happens. */
export async function efectosDe(
  em: EntityManager,
  cambios: readonly Cambio[],
  antes: Configuracion,
  despues: Configuracion,
  ahora: Date,
): Promise<Efecto[]> {
  const efectos: Efecto[] = []
  for (const cambio of cambios) {
    const efecto = await efectoDe(em, cambio, despues)
    if (efecto) efectos.push(efecto)
  }
  efectos.push(...preguntasDe(cambios, despues))
  const dias = await calendarios(em, antes, despues, ahora)
  if (primerCambio(dias) !== undefined)
    efectos.push({ clave: 'calendario', valores: { n: await contarRecorridas(em, dias) } })
  if (cambios.some((one) => one.ruta[0] === 'reglas')) efectos.push({ clave: 'reglas', valores: {} })
  const textos = cambios.filter((one) => one.documento.startsWith('mensajes.')).length
  if (textos > 0) efectos.push({ clave: 'textos', valores: { n: textos } })
  return efectos
}

/** Of each category whose questions or requisitos change: how many there will be. */
function preguntasDe(cambios: readonly Cambio[], { catalogo }: Configuracion): Efecto[] {
  const tocadas = cambios.flatMap(({ documento, ruta: [lista, codigo, parte = ''] }) =>
    documento === 'catalogo' && lista === 'categorias' && ['preguntas', 'requisitos'].includes(parte) ? [codigo] : [],
  )
  return catalogo.categorias
    .filter(({ codigo }) => tocadas.includes(codigo))
    .map(({ nombre: asunto, preguntas, requisitos }) => ({
      clave: 'preguntas',
      valores: { asunto, n: preguntas.length, requisitos: requisitos.length },
    }))
}

async function efectoDe(
  em: EntityManager,
  { ruta, antes, despues }: Cambio,
  nueva: Configuracion,
): Promise<Efecto | undefined> {
  const [lista, codigo = '', campo] = ruta
  if (lista === 'dependencias' && campo === undefined && despues === undefined) return retirada(em, codigo)
  if (lista !== 'categorias' || campo === undefined || !(campo in DE_CATEGORIA)) return undefined
  const asunto = nueva.catalogo.categorias.find((one) => one.codigo === codigo)?.nombre ?? codigo
  const valores = {
    asunto,
    n: await abiertasDe(em, codigo),
    antes: String(antes ?? ''),
    despues: String(despues ?? ''),
  }
  if (campo === 'cerrada') return { clave: despues === 'si' || despues === true ? 'cerrada' : 'abierta', valores }
  return { clave: campo === 'plazo_dias' ? 'plazo' : 'dependencia', valores }
}

const DE_CATEGORIA = { plazo_dias: true, dependencia: true, cerrada: true }

async function retirada(em: EntityManager, codigo: string): Promise<Efecto> {
  const row = await sqlOne<{ peticiones: number; usuarios: number }>(
    em,
    `select (select count(*) from peticion where dependencia_id = $1) as peticiones,
            (select count(*) from usuario where dependencia_id = $1 and disabled_at is null) as usuarios`,
    [codigo],
  )
  return { clave: 'retirada', valores: { codigo, peticiones: row?.peticiones ?? 0, usuarios: row?.usuarios ?? 0 } }
}

async function abiertasDe(em: EntityManager, categoria: string): Promise<number> {
  const row = await sqlOne<{ n: number }>(
    em,
    `select count(*) as n from peticion p where p.categoria = $1 and ${ABIERTA}`,
    [categoria],
  )
  return row?.n ?? 0
}
