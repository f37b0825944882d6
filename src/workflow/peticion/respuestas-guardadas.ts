import type { EntityManager } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { sql } from '../../runtime/sql.ts'

/** What of a petition may stand in an answer written beforehand, as `{nombre}`. */
export const HUECOS = ['nombre', 'folio', 'asunto', 'dependencia', 'colonia', 'vence'] as const

export type Hueco = (typeof HUECOS)[number]

/** An answer written beforehand; no categories or states means all. */
export interface RespuestaGuardada {
  id: number
  titulo: string
  texto: string
  categorias: string[]
  estados: Estado[]
  version: number
}

const HUECO = /\{([^{}]*)\}/g

/** What stands between braces and is nothing that we could put there. */
export function huecosDesconocidos(texto: string): string[] {
  const known: readonly string[] = HUECOS
  return [...texto.matchAll(HUECO)].map(([, name = '']) => name).filter((name) => !known.includes(name))
}

/** The text with every gap filled. */
export const rellenar = (texto: string, valores: Record<Hueco, string>): string =>
  texto.replace(HUECO, (whole, name: string) => Object.entries(valores).find(([hueco]) => hueco === name)?.[1] ?? whole)

const GUARDADA =
  'select id, titulo, texto, categorias, estados, version from respuesta_guardada where retirada_at is null'

/** All of them, by title. */
export const respuestasGuardadas = (em: EntityManager): Promise<RespuestaGuardada[]> =>
  sql(em, `${GUARDADA} order by sin_acentos(titulo)`)

/** Those that fit a petition now; what was written for its category first. */
export const respuestasPara = (
  em: EntityManager,
  { categoria, estado }: { categoria: string; estado: Estado },
): Promise<RespuestaGuardada[]> =>
  sql(
    em,
    `${GUARDADA} and (categorias = '{}' or $1 = any(categorias)) and (estados = '{}' or $2 = any(estados))
      order by categorias = '{}', sin_acentos(titulo)`,
    [categoria, estado],
  )
