import { z } from 'zod'
import type { AnswerFile } from '../../answer.ts'
import { rememberingEach } from '../../remember.ts'
import type { Answers } from '../../state.ts'
import { saysOnly } from '../../words.ts'
import { sinInsultos } from '../insultos.ts'
import type { Contexto } from '../mundo.ts'
import type { CategoriaVista, Exigencia } from '../vocabulary.ts'

const texto = z.string().optional().catch(undefined)
const hecho = z.literal(true).optional().catch(undefined)

const adjunto = z.object({
  id: z.string(),
  kind: z.enum(['image', 'voice', 'audio', 'video', 'document', 'sticker']),
}) satisfies z.ZodType<AnswerFile>

/** One problem of several: the words that tell of it, and the category they seem to mean. */
const cosaDicha = z.object({ texto: z.string(), categoria: z.string() })
export type CosaDicha = z.output<typeof cosaDicha>

/** What the flow asks, by field name. A field of an older version that no longer fits counts as not answered. */
const camposSchema = z.object({
  /** The citizen's first words about it. */
  asunto: texto,
  /** Later words from which the category is guessed instead. */
  pista: texto,
  categoria: texto,
  /** The category was so clear that nobody was asked. */
  evidente: hecho,
  /** The citizen prefers the menu of subjects. */
  verTemas: hecho,
  tema: texto,
  pagina: z.int().nonnegative().optional().catch(undefined),
  /** Registered though it is not the municipality's. */
  orientada: hecho,
  anonima: z.boolean().optional().catch(undefined),
  /** '' when there is nothing to add. */
  descripcion: texto,
  ubicacion: z.object({ latitud: z.number(), longitud: z.number() }).optional().catch(undefined),
  sinLugar: hecho,
  /** As typed, while it is not clear which one is meant. */
  coloniaEscrita: texto,
  colonia: texto,
  /** '' when unknown. */
  calle: texto,
  numero: texto,
  referencias: texto,
  /** The subject and place that were compared with what is open near by. */
  comparada: texto,
  /** The point that is outside by the map, and ours by the citizen's word. */
  fueraVisto: texto,
  /** The photographs that were asked where they were taken. */
  fotoVista: texto,
  /** Of a pin: none of the colonias near it. */
  sinColonia: hecho,
  /** The subject and colonia for which it was looked up what staff published. */
  avisoBuscado: texto,
  adjuntos: z.array(adjunto).optional().catch(undefined),
  /** Did a file come that words must explain? */
  llego: z.enum(['voz', 'archivo']).optional().catch(undefined),
  fotosPedidas: hecho,
  fotosListas: hecho,
  requisitosVistos: hecho,
  /** Ids of the requisitos that the citizen does not have now. */
  faltan: z.array(z.string()).optional().catch(undefined),
  nombre: texto,
  telefono: texto,
  email: texto,
  confirmado: hecho,
  /** The first words told the place too: only what is indispensable is asked. */
  rapida: hecho,
  /** Several problems told at once, while it is not clear with which to begin. */
  cosas: z.array(cosaDicha).optional().catch(undefined),
  /** Problems told with this one, for afterwards. */
  otras: z.array(cosaDicha).optional().catch(undefined),
  /** They asked not to be known before anybody asked them. */
  quiereAnonima: hecho,
  /** The folio of a closed petition that this one goes on from. */
  anterior: texto,
  /** ISO; nothing said before belongs to this petition. */
  desde: texto,
})

/** The answers of the flow, typed. */
export type Campos = z.output<typeof camposSchema>

/** The answers of the flow, typed; whatever does not fit counts as not answered. */
export const campos = ({ answers }: { answers: Answers }): Campos => leidos(answers)

const leidos = rememberingEach((answers: Answers) => camposSchema.parse(answers))

/** The category chosen; undefined also for one that no longer exists. */
export function categoriaDe(contexto: Contexto): CategoriaVista | undefined {
  const { categoria } = campos(contexto)
  return categoria === undefined ? undefined : contexto.services.categorias().find(({ id }) => id === categoria)
}

/** Whether the category asks for a datum; `no` before there is a category. */
export const exigencia = (contexto: Contexto, dato: keyof CategoriaVista['datos']): Exigencia =>
  categoriaDe(contexto)?.datos[dato] ?? 'no'

/** Field in which the answer to a question of the category is kept. */
export const campoDePregunta = (id: string): string => `pregunta:${id}`

/** Field in which a requisito is kept: the datum, or the ids of its files. */
export const campoDeRequisito = (id: string): string => `requisito:${id}`

/** A text field by its name. */
export function textoDe({ answers }: { answers: Answers }, campo: string): string | undefined {
  const value = answers[campo]
  return typeof value === 'string' ? value : undefined
}

/** Does the text say so much that it needs no further description? */
export const diceBastante = (escrito: string): boolean =>
  escrito.length >= 10 && (escrito.match(/\p{L}{2,}/gu)?.length ?? 0) >= 3

/** The longest description, in characters; more is a document. */
export const DESCRIPCION = 3000

/** A text without the greeting it begins with; the whole of it when there is nothing else. */
export function sinSaludo(escrito: string, saludos: readonly string[]): string {
  const words = escrito.split(/(?<=[\s,.!¡])/)
  let at = 0
  for (let end = 1; end <= Math.min(words.length, 5); end++) {
    if (saysOnly(words.slice(0, end).join(''), saludos)) at = end
  }
  const rest = words.slice(at).join('').trim()
  return rest === '' ? escrito : rest
}

/** What puts right what was told stands after it: who attends to it reads both. */
export function conDescripcion(text: string, contexto: Contexto): { descripcion?: string } {
  const { descripcion } = campos(contexto)
  const dicho = sinInsultos(text, contexto.mensajes)
  return descripcion && dicho ? { descripcion: `${descripcion}. ${dicho}`.slice(0, DESCRIPCION) } : {}
}
