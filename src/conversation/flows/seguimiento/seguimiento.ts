import { z } from 'zod'
import type { Choosable } from '../../flow.ts'
import { entender } from '../entender.ts'
import { deLoSuyo } from '../lo-suyo.ts'
import { volver } from '../menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { type Lectura, leerDicho } from './dicho.ts'

const QUE = ['opinar', 'agregar', 'reabrir', 'retirar'] as const
type Que = (typeof QUE)[number]

const dichoSchema = z.object({
  folio: z.string(),
  que: z.enum(QUE).optional().catch(undefined),
  texto: z.string().optional().catch(undefined),
  archivos: z.array(z.string()).optional().catch(undefined),
  seguro: z.literal(true).optional().catch(undefined),
})

const dicho = ({ answers }: Contexto) => dichoSchema.parse(answers)

async function opciones(contexto: Contexto): Promise<Choosable[]> {
  const { mensajes, palabras, services } = contexto
  const puede = await services.posibilidades(dicho(contexto).folio)
  return [
    ...(puede?.contestar ? [opcion(mensajes, 'contestar')] : []),
    ...(puede?.opinar ? [opcion(mensajes, 'opinar')] : []),
    ...(puede?.comentar ? [opcion(mensajes, 'agregar', mensajes.words('agregar'))] : []),
    ...(puede?.reabrir ? [opcion(mensajes, 'reabrir', [...mensajes.words('no_quedo'), ...palabras.reabrir])] : []),
    ...(puede?.retirar ? [opcion(mensajes, 'retirar', mensajes.words('retirar'))] : []),
    opcion(mensajes, 'otro_folio', mensajes.words('otra')),
    opcion(mensajes, 'menu', mensajes.words('no')),
  ]
}

/** What to do with the petition; a picture or a voice note is something to add. */
const que: Paso = {
  id: 'que',
  story: true,
  takes: ['media'],
  ask: async (contexto) => ({
    text: contexto.mensajes.text('seguimiento.que', { folio: dicho(contexto).folio }),
    options: await opciones(contexto),
  }),
  read: async (answer, contexto) => {
    const { option, files } = answer
    if (option === 'menu') return volver(contexto)
    if (option === 'otro_folio') return { to: 'flow', flow: 'consultar', drop: true }
    if (option === 'contestar')
      return { to: 'flow', flow: 'contestar', answers: { folio: dicho(contexto).folio }, drop: true }
    if (option === 'opinar')
      return { to: 'flow', flow: 'encuesta', answers: { folio: dicho(contexto).folio }, drop: true }
    if (option !== undefined) return { to: 'next', set: { que: option } }
    const puede = await contexto.services.posibilidades(dicho(contexto).folio)
    if (files.length > 0 && puede?.comentar)
      return { to: 'next', set: { que: 'agregar', ...leidos(leerDicho(answer, contexto)) } }
    return (await deLoSuyo(answer, contexto)) ?? entender(answer, contexto)
  },
}

const leidos = (leido: Lectura) => ('because' in leido ? {} : leido)

/** Words, or a file with or without them. */
const paso = (id: Que, clave: 'seguimiento.agregar' | 'seguimiento.por_que_reabrir'): Paso => ({
  id,
  freeText: true,
  takes: ['media'],
  when: (contexto) => dicho(contexto).que === id,
  filled: (contexto) => dicho(contexto).texto !== undefined,
  ask: (contexto) => ({
    text: contexto.mensajes.text(clave, { folio: dicho(contexto).folio }),
    options: [opcion(contexto.mensajes, 'mejor_no', contexto.mensajes.words('no'))],
  }),
  read: (answer, contexto) => {
    if (answer.option === 'mejor_no') return { to: 'step', step: 'que', set: { que: undefined } }
    const leido = leerDicho(answer, contexto)
    if ('because' in leido) return { to: 'miss', because: leido.because }
    // What stands in the history must say what is wrong.
    return id === 'reabrir' && leido.texto === ''
      ? { to: 'miss', because: contexto.mensajes.text('seguimiento.falta_texto') }
      : { to: 'next', set: leido }
  },
})

const retirar: Paso = {
  id: 'retirar',
  freeText: true,
  when: (contexto) => dicho(contexto).que === 'retirar',
  filled: (contexto) => dicho(contexto).texto !== undefined,
  ask: ({ mensajes, answers }) => ({
    text: mensajes.text('seguimiento.por_que_retirar', { folio: String(answers.folio) }),
    options: [
      opcion(mensajes, 'ya_se_arreglo'),
      opcion(mensajes, 'fue_error'),
      opcion(mensajes, 'mejor_no', mensajes.words('no')),
    ],
  }),
  read: (answer, contexto) => {
    const { option } = answer
    const { mensajes } = contexto
    if (option === 'mejor_no') return { to: 'step', step: 'que', set: { que: undefined } }
    if (option === 'ya_se_arreglo' || option === 'fue_error')
      // The staff reads it.
      return { to: 'next', set: { texto: mensajes.in('es').text(`opciones.${option}`) } }
    const leido = leerDicho(answer, contexto)
    return 'because' in leido ? { to: 'miss', because: leido.because } : { to: 'next', set: leido }
  },
}

/** Asked before it is taken out of the hands of those who work on it. */
const seguro: Paso = {
  id: 'seguro',
  when: (contexto) => dicho(contexto).que === 'retirar',
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('seguimiento.seguro', { folio: dicho(contexto).folio }),
      options: [
        opcion(mensajes, 'si_retirar', mensajes.words('si')),
        opcion(mensajes, 'mejor_no', mensajes.words('no')),
      ],
    }
  },
  read: ({ option }, contexto) => {
    if (option === 'si_retirar') return { to: 'next', set: { seguro: true } }
    if (option === 'mejor_no') return { ...volver(contexto), say: [contexto.mensajes.text('seguimiento.no_retirada')] }
    return { to: 'miss' }
  },
}

async function hacer(contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  const { folio, que: elegido, texto = '', archivos = [] } = dicho(contexto)
  const say = (clave: 'agregada' | 'retirada' | 'reabierta', hecho: boolean): Movida => ({
    ...volver(contexto),
    say: [mensajes.text(hecho ? `seguimiento.${clave}` : 'seguimiento.ya_no', { folio })],
  })
  if (elegido === 'agregar') return say('agregada', await services.comentar(folio, { texto, archivos }))
  if (elegido === 'retirar') return say('retirada', await services.retirar(folio, texto))
  const reabierta = await services.reabrir(folio, texto)
  if (reabierta && archivos.length > 0) await services.comentar(folio, { texto: '', archivos })
  return say('reabierta', reabierta)
}

/** What a citizen does with a petition of theirs after the folio: adds to it, withdraws it, says that it was not solved. */
export const seguimiento = {
  version: 1,
  steps: [que, paso('agregar', 'seguimiento.agregar'), paso('reabrir', 'seguimiento.por_que_reabrir'), retirar, seguro],
  finish: hacer,
} satisfies Conversacion
