import { z } from 'zod'
import { normalise } from '../../words.ts'
import { entender } from '../entender.ts'
import { soloInsulta } from '../insultos.ts'
import { pedirPersona, volver } from '../menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { soloSeQueja } from '../queja.ts'
import { MOTIVOS, type Opinion } from '../vocabulary.ts'
import { leerDicho } from './dicho.ts'

const dichoSchema = z.object({
  folio: z.string(),
  resuelto: z.boolean().optional().catch(undefined),
  calificacion: z.int().min(1).max(5).optional().catch(undefined),
  motivo: z.enum(MOTIVOS).optional().catch(undefined),
  comentario: z.string().optional().catch(undefined),
  despedida: z.literal(true).optional().catch(undefined),
})

const dicho = ({ answers }: Contexto) => dichoSchema.parse(answers)

/** Kept at every answer: who stops half-way has said something all the same. */
async function guardar(nuevo: Partial<Opinion>, contexto: Contexto): Promise<Movida> {
  const { folio, resuelto = false, ...antes } = dicho(contexto)
  const guardada = await contexto.services.opinar(folio, { resuelto, ...antes, ...nuevo })
  if (!guardada) return { ...volver(contexto), say: [contexto.mensajes.text('seguimiento.ya_no', { folio })] }
  return { to: 'next', set: { ...nuevo } }
}

const resuelto: Paso = {
  id: 'resuelto',
  story: true,
  takes: ['media', 'location'],
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('encuesta.resuelto', { folio: dicho(contexto).folio }),
      options: [
        opcion(mensajes, 'si_quedo', mensajes.words('si')),
        opcion(mensajes, 'no_quedo', [...mensajes.words('no'), ...mensajes.words('no_quedo')]),
        opcion(mensajes, 'ahora_no', mensajes.words('omitir')),
      ],
    }
  },
  read: (answer, contexto) => {
    const { option } = answer
    if (option === 'ahora_no') return { to: 'rest', say: [contexto.mensajes.text('encuesta.despues')] }
    if (option !== undefined) return guardar({ resuelto: option === 'si_quedo' }, contexto)
    if (noQuedo(answer.text, contexto)) return conPalabras(answer, contexto, { resuelto: false, motivo: 'otro' })
    return entender(answer, contexto)
  },
}

/** `No, siguen sin pasar`, `pésimo servicio`: the answer and its reason at once. */
function noQuedo(text: string, contexto: Contexto): boolean {
  const { mensajes } = contexto
  const words = ` ${normalise(text)} `
  const dice = (one: string) => words.includes(` ${normalise(one)} `)
  if (mensajes.words('no').some((one) => words.startsWith(` ${normalise(one)} `))) return true
  return mensajes.words('no_quedo').some(dice) || soloInsulta(text, mensajes) || soloSeQueja(text, contexto)
}

const NOTAS = ['muy_mala', 'mala', 'regular', 'buena', 'muy_buena'] as const

/** The worst comes first, so that the number in the menu is the mark. */
const calificacion: Paso = {
  id: 'calificacion',
  freeText: true,
  when: (contexto) => dicho(contexto).resuelto === true,
  filled: (contexto) => dicho(contexto).calificacion !== undefined || dicho(contexto).comentario !== undefined,
  ask: ({ mensajes }) => ({
    text: mensajes.text('encuesta.calificacion'),
    options: NOTAS.map((id) => ({ id, label: mensajes.text(`calificacion.${id}`) })),
  }),
  read: (answer, contexto) => {
    const place = NOTAS.map(String).indexOf(answer.option ?? '')
    return place >= 0 ? guardar({ calificacion: place + 1 }, contexto) : conPalabras(answer, contexto)
  },
}

const motivo: Paso = {
  id: 'motivo',
  freeText: true,
  when: (contexto) => dicho(contexto).resuelto === false,
  ask: ({ mensajes }) => ({
    text: mensajes.text('encuesta.motivo'),
    options: MOTIVOS.filter((one) => one !== 'otro').map((one) => opcion(mensajes, one)),
  }),
  read: (answer, contexto) => {
    const elegido = MOTIVOS.find((one) => one === answer.option)
    return elegido ? guardar({ motivo: elegido }, contexto) : conPalabras(answer, contexto, { motivo: 'otro' })
  },
}

function conPalabras(
  answer: Parameters<typeof leerDicho>[0],
  contexto: Contexto,
  mas: Partial<Opinion> = {},
): Movida | Promise<Movida> {
  const leido = leerDicho({ ...answer, files: [] }, contexto)
  if ('because' in leido) return { to: 'miss', because: leido.because }
  return guardar({ ...mas, comentario: leido.texto }, contexto)
}

/** Who is not content is not left alone with it. */
const queSigue: Paso = {
  id: 'que_sigue',
  when: (contexto) => dicho(contexto).resuelto === false || (dicho(contexto).calificacion ?? 5) <= 2,
  filled: (contexto) => dicho(contexto).despedida === true,
  ask: async (contexto) => {
    const { mensajes, palabras, services } = contexto
    const puede = await services.posibilidades(dicho(contexto).folio)
    return {
      text: mensajes.text(puede?.reabrir ? 'encuesta.que_sigue' : 'encuesta.que_sigue_sin_reabrir'),
      options: [
        ...(puede?.reabrir
          ? [opcion(mensajes, 'reabrir', [...mensajes.words('si'), ...mensajes.words('no_quedo'), ...palabras.reabrir])]
          : []),
        opcion(mensajes, 'persona'),
        opcion(mensajes, 'asi_dejarlo', mensajes.words('no')),
      ],
    }
  },
  read: ({ option }, contexto) => {
    if (option === 'persona') return pedirPersona(contexto)
    if (option === 'reabrir') return reabrir(contexto)
    return option === undefined ? { to: 'miss' } : { to: 'next', set: { despedida: true } }
  },
}

/** With what they said as the reason; who said nothing is asked. */
async function reabrir(contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  const { folio, motivo: elegido, comentario } = dicho(contexto)
  const razon = comentario ?? (elegido && elegido !== 'otro' ? mensajes.text(`opciones.${elegido}`) : undefined)
  if (razon === undefined) return { to: 'flow', flow: 'seguimiento', answers: { folio, que: 'reabrir' }, drop: true }
  const hecho = await services.reabrir(folio, razon)
  return { ...volver(contexto), say: [mensajes.text(hecho ? 'seguimiento.reabierta' : 'seguimiento.ya_no', { folio })] }
}

/** Asked once, when a petition was closed: did it end well? */
export const encuesta = {
  version: 1,
  steps: [resuelto, calificacion, motivo, queSigue],
  finish: ({ mensajes }) => ({ to: 'rest', say: [mensajes.text('encuesta.gracias')] }),
} satisfies Conversacion
