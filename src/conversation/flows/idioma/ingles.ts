import { z } from 'zod'
import type { Examples, Lexicon, Respuesta } from '../../understanding/lexicon.ts'
import type { PalabrasGlobales } from '../mundo.ts'

const texto = z.string().trim().min(1).max(300)
const nombre = z.string().trim().min(1).max(100)
const palabras = z.array(z.string().trim().min(1)).min(1)

const pregunta = z.strictObject({ texto, opciones: z.array(z.string().trim().min(1).max(60)).optional() })
const requisito = z.strictObject({ nombre, ayuda: texto.optional() })

const categoria = z.strictObject({
  nombre,
  /** Phrases with which it is told of. */
  palabras: palabras.default([]),
  // Where these are missing the Spanish ones are said: they may be added in the panel at any time.
  aviso: texto.optional(),
  orientacion: texto.optional(),
  preguntas: z.record(z.string(), pregunta).default({}),
  requisitos: z.record(z.string(), requisito).default({}),
})

const globales = {
  menu: palabras,
  cancelar: palabras,
  atras: palabras,
  ayuda: palabras,
  asesor: palabras,
  folio: palabras,
  reabrir: palabras,
  privacidad: palabras,
  baja: palabras,
  alta: palabras,
  otro_canal: palabras,
  ingles: palabras,
  espanol: palabras,
} satisfies Record<keyof PalabrasGlobales, z.ZodType>

const file = z.strictObject({
  palabras_globales: z.strictObject(globales),
  emergencias: z.strictObject({ frases: palabras, no_emergencia_si: palabras }),
  grupos: z.record(z.string(), z.string().trim().min(1).max(40)),
  categorias: z.record(z.string(), categoria),
})

/** The catalogue's words in English, by the codes of catalogo.yaml. */
export type CatalogoEnIngles = z.output<typeof file>

/** What of catalogo.yaml is said in English too. */
export interface PorTraducir {
  grupos: readonly { codigo: string }[]
  categorias: readonly {
    codigo: string
    solo_espanol?: boolean
    preguntas: readonly { id: string; opciones?: string[] | undefined }[]
    requisitos: readonly { id: string }[]
  }[]
}

type Complain = (path: string[], message: string) => void

/** config/catalogo.en.yaml: whatever `catalogo` says to citizens, and nothing that it does not have. */
export const catalogoEnInglesSchema = (catalogo: PorTraducir) =>
  file.superRefine((ingles, context) => {
    const complain: Complain = (path, message) => context.addIssue({ code: 'custom', path, message })
    const codigos = (list: readonly { codigo: string }[]) => list.map(({ codigo }) => codigo)
    sameNames(codigos(catalogo.grupos), ingles.grupos, ['grupos'], complain)
    const hablada = ({ codigo, solo_espanol }: { codigo: string; solo_espanol?: boolean }) =>
      !solo_espanol || ingles.categorias[codigo] !== undefined
    sameNames(codigos(catalogo.categorias.filter(hablada)), ingles.categorias, ['categorias'], complain)
    for (const one of catalogo.categorias) {
      const suya = ingles.categorias[one.codigo]
      if (suya) checkCategoria(one, suya, ['categorias', one.codigo], complain)
    }
  })

function sameNames(
  wanted: readonly string[],
  there: Readonly<Record<string, unknown>>,
  path: string[],
  complain: Complain,
): void {
  for (const name of wanted.filter((one) => there[one] === undefined))
    complain(path, `missing: ${name}, which catalogo.yaml has; a category may have solo_espanol there instead`)
  for (const name of Object.keys(there).filter((one) => !wanted.includes(one)))
    complain([...path, name], `expected a name that catalogo.yaml has, and ${name} is none`)
}

function checkCategoria(
  original: PorTraducir['categorias'][number],
  ingles: z.output<typeof categoria>,
  path: string[],
  complain: Complain,
): void {
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)
  sameNames(ids(original.preguntas), ingles.preguntas, [...path, 'preguntas'], complain)
  sameNames(ids(original.requisitos), ingles.requisitos, [...path, 'requisitos'], complain)
  for (const { id, opciones = [] } of original.preguntas) {
    const suya = ingles.preguntas[id]
    if (suya && (suya.opciones ?? []).length !== opciones.length)
      complain([...path, 'preguntas', id], `expected ${opciones.length} opciones, in the order of catalogo.yaml`)
  }
}

/** What the program needs to understand and answer in English, beside the texts. */
export interface Ingles {
  catalogo: CatalogoEnIngles
  lexico: Lexicon
  ejemplos: Examples
  informacion: readonly Respuesta[]
}

/** Names of subjects in English by those in Spanish, for whoever knows a petition's subject by its name only. */
export const nombresEnIngles = (
  categorias: readonly { codigo: string; nombre: string }[],
  ingles: CatalogoEnIngles,
): ReadonlyMap<string, string> =>
  new Map(
    categorias.flatMap(({ codigo, nombre: spanish }) => {
      const english = ingles.categorias[codigo]?.nombre
      return english === undefined ? [] : [[spanish, english] as const]
    }),
  )
