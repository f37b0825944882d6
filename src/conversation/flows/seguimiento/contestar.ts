import { z } from 'zod'
import type { Answer } from '../../answer.ts'
import { entender } from '../entender.ts'
import { volver } from '../menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { leerDicho } from './dicho.ts'
import type { PreguntaAbierta } from './services.ts'

const KIND = ['image', 'voice', 'audio', 'video', 'document', 'sticker'] as const

const dichoSchema = z.object({
  /** Without it, the oldest question is meant. */
  folio: z.string().optional().catch(undefined),
  texto: z.string().optional().catch(undefined),
  archivos: z.array(z.object({ id: z.string(), kind: z.enum(KIND) })).catch([]),
  /** What was written may be about something else. */
  dudosa: z.literal(true).optional().catch(undefined),
})

const dicho = ({ answers }: Contexto) => dichoSchema.parse(answers)

async function abierta(contexto: Contexto): Promise<PreguntaAbierta | undefined> {
  const { folio } = dicho(contexto)
  const todas = await contexto.services.preguntas()
  return folio === undefined ? todas[0] : todas.find((one) => one.folio === folio)
}

/** The question, as the notice tells it, and how to answer. */
function pregunta(
  { folio, asunto, pregunta: explicacion, dependencia, enlacePublico: enlace }: PreguntaAbierta,
  { mensajes }: Contexto,
) {
  if (explicacion === undefined) return mensajes.text('contestar.reservada', { folio, enlace })
  const texto = mensajes.text('avisos.preguntar', { folio, asunto, dependencia, explicacion, enlace })
  return `${texto}\n${mensajes.text('contestar.como')}`
}

const respuesta: Paso = {
  id: 'respuesta',
  freeText: true,
  takes: ['media'],
  filled: (contexto) => dicho(contexto).texto !== undefined,
  ask: async (contexto) => {
    const una = await abierta(contexto)
    return { text: una ? pregunta(una, contexto) : contexto.mensajes.text('contestar.ya_no') }
  },
  read: async (answer, contexto) => {
    const una = await abierta(contexto)
    if (!una) return entenderAparte(answer, contexto)
    const leido = leerDicho(answer, contexto)
    if ('because' in leido) return { to: 'miss', because: leido.because }
    return {
      to: 'next',
      set: { folio: una.folio, ...dichoDe(answer), ...(pareceOtro(answer.text, una, contexto) && { dudosa: true }) },
    }
  },
}

/** So sure another subject is meant: an answer names places and things, too. */
const OTRO_ASUNTO = { score: 12, confidence: 0.9 } as const

/** Does it tell clearly of another subject than that of the petition? */
function pareceOtro(texto: string, { asunto }: PreguntaAbierta, { comprension, services }: Contexto): boolean {
  const [primero] = comprension().asuntos(texto)
  if (!primero || primero.score < OTRO_ASUNTO.score || primero.confidence < OTRO_ASUNTO.confidence) return false
  return services.categorias().find(({ id }) => id === primero.topic)?.nombre !== asunto
}

const dichoDe = ({ text, files }: Answer) => ({ texto: text, archivos: files })

/** What is no answer is what anybody writes who is in the middle of nothing. */
function entenderAparte(answer: Answer, contexto: Contexto): Movida {
  const entendido = entender(answer, contexto)
  return entendido.to === 'flow' ? { ...entendido, drop: true } : { ...volver(contexto), say: entendido.say ?? [] }
}

/** Asked only of what may be another report, so that neither is lost. */
const esRespuesta: Paso = {
  id: 'es_respuesta',
  when: (contexto) => dicho(contexto).dudosa === true,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('contestar.es_respuesta', { folio: dicho(contexto).folio ?? '' }),
      options: [
        opcion(mensajes, 'es_mi_respuesta', mensajes.words('si')),
        opcion(mensajes, 'es_otra_cosa', [...mensajes.words('no'), ...mensajes.words('otra')]),
      ],
    }
  },
  takes: ['media'],
  read: ({ option, text, files, sentAt }, contexto) => {
    if (option === undefined) return juntar({ text, files }, contexto)
    if (option === 'es_mi_respuesta') return { to: 'next', set: { es_respuesta: true } }
    const { texto = '', archivos } = dicho(contexto)
    return entenderAparte({ text: texto, files: archivos, lost: false, sentAt }, contexto)
  },
}

/** What is written on instead of saying what it is goes with what was written. */
function juntar({ text, files }: Pick<Answer, 'text' | 'files'>, contexto: Contexto): Movida {
  const antes = dicho(contexto)
  const texto = [antes.texto, text].filter((one) => one).join('\n')
  const archivos = [...antes.archivos, ...files]
  const leido = leerDicho({ text: texto, files: archivos, lost: false, sentAt: contexto.services.now() }, contexto)
  return 'because' in leido
    ? { to: 'miss', because: leido.because }
    : { to: 'miss', because: contexto.mensajes.text('contestar.tambien'), set: { texto, archivos } }
}

async function contestarla(contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  const { folio = '', texto = '', archivos } = dicho(contexto)
  const lo = { texto, archivos: archivos.map(({ id }) => id) }
  const una = await abierta(contexto)
  if (await services.contestar(folio, lo)) {
    const [otra] = await services.preguntas()
    const luego: Movida = otra
      ? { to: 'flow', flow: 'contestar', answers: { folio: otra.folio }, drop: true }
      : { to: 'rest' }
    return { ...luego, say: [mensajes.text('contestar.gracias', { folio, dependencia: una?.dependencia ?? '' })] }
  }
  // They were too late for the question, not for the petition.
  const agregado = await services.comentar(folio, lo)
  return {
    ...volver(contexto),
    say: [mensajes.text(agregado ? 'seguimiento.agregada' : 'seguimiento.ya_no', { folio })],
  }
}

/** The citizen answers what the staff asks about their petition. */
export const contestar = {
  version: 1,
  steps: [respuesta, esRespuesta],
  title: (contexto) =>
    dicho(contexto).dudosa && dicho(contexto).texto !== undefined
      ? contexto.mensajes.text('titulo.escrito')
      : undefined,
  finish: contestarla,
} satisfies Conversacion

/** What somebody writes who is in the middle of nothing, while a question waits for their answer: asked about, never taken for it. */
export async function quizaRespuesta(answer: Answer, { services, comprension }: Contexto): Promise<Movida | undefined> {
  const [una] = leible(answer) ? await services.preguntas() : []
  if (!una || comprension().comprender(answer.text).peligro) return undefined
  return { to: 'flow', flow: 'contestar', answers: { folio: una.folio, ...dichoDe(answer), dudosa: true } }
}

const leible = ({ text, files }: Answer) => files.length > 0 || /[\p{L}\d]/u.test(text)
