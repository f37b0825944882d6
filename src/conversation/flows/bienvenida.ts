import { z } from 'zod'
import type { Answer } from '../answer.ts'
import type { ToFlow } from '../flow.ts'
import type { Answers } from '../state.ts'
import { normalise, wordsOf } from '../words.ts'
import { camposIniciales, entender } from './entender.ts'
import { soloInsulta } from './insultos.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'
import { nombreDePerfil } from './registrar/contacto.ts'

const adjunto = z.object({ id: z.string(), kind: z.enum(['image', 'voice', 'audio', 'video', 'document', 'sticker']) })

const dichoSchema = z.object({
  /** What the citizen wrote before accepting, line by line. */
  texto: z.string().optional().catch(undefined),
  adjuntos: z.array(adjunto).optional().catch(undefined),
  ubicacion: z.object({ latitud: z.number(), longitud: z.number() }).optional().catch(undefined),
  /** Since when; ISO. */
  desde: z.string().optional().catch(undefined),
  leerMas: z.literal(true).optional().catch(undefined),
  /** They wrote instead of answering: the notice has been read, or not, and is not said twice. */
  recordado: z.literal(true).optional().catch(undefined),
  /** Where they were going. */
  luego: z
    .object({ flow: z.string(), answers: z.record(z.string(), z.unknown()).optional() })
    .optional()
    .catch(undefined),
})

const dicho = ({ answers }: { answers: Answers }) => dichoSchema.parse(answers)

/** What of a message is kept until the notice is accepted. */
export function recordar(answer: Answer, contexto: Contexto): Answers {
  const antes = dicho(contexto)
  const { files, location } = answer
  const text = soloInsulta(answer.text, contexto.mensajes) ? '' : answer.text
  const texto = [antes.texto, text].filter((one) => one).join('\n')
  const { desde } = camposIniciales(answer, contexto)
  return {
    desde: antes.desde ?? desde,
    ...(texto && { texto }),
    ...(files.length > 0 && { adjuntos: [...(antes.adjuntos ?? []), ...files] }),
    ...(location && { ubicacion: { latitud: location.latitude, longitud: location.longitude } }),
  }
}

/** Who we are: a program, and for what. */
export function saludo({ mensajes, entorno, state }: Contexto): string {
  const nombre = nombreDePerfil(state.profileName)?.split(' ')[0]
  return mensajes.text('bienvenida.saludo', { municipio: entorno.municipio, nombre: nombre ? ` ${nombre}` : '' })
}

/** Somebody writes for the first time. */
export const presentarse = (answer: Answer, contexto: Contexto): Movida => ({
  to: 'flow',
  flow: 'bienvenida',
  answers: recordar(answer, contexto),
  say: [saludo(contexto)],
})

/** The notice comes before where the citizen wanted to go; what they wrote before it, and left, is taken up again. */
export function avisar({ flow, answers = {}, drop }: ToFlow, contexto: Contexto): Movida {
  const { state } = contexto
  const dejado = state.flow === 'bienvenida' ? undefined : state.drafts.find((draft) => draft.flow === 'bienvenida')
  const comun = drop ? { drop } : {}
  if (dejado)
    return { to: 'draft', id: dejado.id, ...(flow !== 'menu' && { with: { luego: { flow, answers } } }), ...comun }
  const say = state.flow === null ? [saludo(contexto)] : []
  return { to: 'flow', flow: 'bienvenida', answers: flow === 'menu' ? {} : { luego: { flow, answers } }, say, ...comun }
}

/** The citizen accepted: what they wanted is done now. */
async function aceptar(contexto: Contexto): Promise<Movida> {
  const { services, entorno, mensajes } = contexto
  await services.aceptarAviso(entorno.aviso.version)
  const primero = guardado(contexto)
  const hablo = primero.text !== '' || primero.files.length > 0 || primero.location !== undefined
  const { luego, desde } = dicho(contexto)
  const seguir: Movida = luego
    ? { to: 'flow', flow: luego.flow, answers: { ...luego.answers, ...(hablo && camposIniciales(primero, contexto)) } }
    : hablo
      ? entender(primero, contexto)
      : { to: 'flow', flow: 'menu' }
  const destino: Movida =
    seguir.to === 'flow' ? { ...seguir, ...conDesde(seguir, desde), drop: true } : irAlMenu(seguir)
  return {
    ...destino,
    avisoVersion: entorno.aviso.version,
    say: [mensajes.text('bienvenida.aceptado'), ...(destino.say ?? [])],
  }
}

/** Words that mean nothing to us lead to the menu. */
const irAlMenu = ({ say = [] }: Movida): Movida => ({ to: 'flow', flow: 'menu', drop: true, say })

const conDesde = ({ answers }: ToFlow, desde: string | undefined) =>
  desde === undefined || answers?.desde === undefined ? {} : { answers: { ...answers, desde } }

/** What was written before, as one answer. */
function guardado(contexto: Contexto): Answer {
  const { texto = '', adjuntos = [], ubicacion, desde } = dicho(contexto)
  return {
    text: texto,
    files: adjuntos,
    lost: false,
    sentAt: desde === undefined ? contexto.services.now() : new Date(desde),
    ...(ubicacion && { location: { latitude: ubicacion.latitud, longitude: ubicacion.longitud } }),
  }
}

const aviso: Paso = {
  id: 'aviso',
  story: true,
  takes: ['media', 'location'],
  filled: () => false,
  ask: (contexto) => {
    const { mensajes, entorno, state } = contexto
    const { responsable, enlace } = entorno.aviso
    const { leerMas, recordado } = dicho(contexto)
    const clave = leerMas ? 'aviso.leer_mas' : state.avisoVersion === null ? 'aviso.corto' : 'aviso.nuevo'
    return {
      text: recordado
        ? mensajes.text('bienvenida.pendiente', { enlace })
        : mensajes.text(clave, { responsable, enlace }),
      options: [
        opcion(mensajes, 'acepto', mensajes.words('si')),
        ...(leerMas ? [] : [opcion(mensajes, 'leer_mas', mensajes.words('leer_mas'))]),
        opcion(mensajes, 'no_acepto', [...mensajes.words('no'), ...mensajes.words('rechaza_aviso')]),
      ],
    }
  },
  read: (answer, contexto) => {
    const { option } = answer
    if (option === 'acepto' && !DUDA.test(answer.text)) return aceptar(contexto)
    if (option === 'leer_mas') return { to: 'again', set: { leerMas: true, recordado: undefined } }
    if (option === 'no_acepto') return rechazar(contexto)
    const ademas = aceptaDiciendo(answer.text, contexto)
    if (ademas !== undefined) return aceptar(conDicho({ ...answer, text: ademas }, contexto))
    const explicado = explicar(answer, contexto)
    if (explicado) return explicado
    const set = { ...recordar(answer, contexto), recordado: true }
    if (soloInsulta(answer.text, contexto.mensajes))
      return { to: 'miss', because: contexto.mensajes.text('general.molestia'), set }
    // Who is afraid of being known is told first that they need not be.
    const { anonima } = contexto.comprension().comprender(dicho({ answers: set }).texto ?? '')
    const clave = anonima ? 'bienvenida.recordado_anonima' : 'bienvenida.recordado'
    return { to: 'miss', because: contexto.mensajes.text(clave), set }
  },
}

/**
 * `Sí acepto, mijo, gracias`: who begins by saying that they accept accepts, whatever comes after; gives what they tell
 * besides, or nothing when that is no story.
 */
function aceptaDiciendo(text: string, { mensajes, comprension }: Contexto): string | undefined {
  const acepto = diceAlguna(text, mensajes.words('acepta_aviso')) ?? mensajes.text('opciones.acepto')
  const at = normalise(text)
    .split(' ')
    .slice(0, ANTES_DE_ACEPTAR + wordsOf(acepto).length - 1)
  const antes = ` ${at.join(' ')} `.split(` ${normalise(acepto)} `)
  const previas = new Set(
    [...mensajes.words('si'), ...mensajes.words('relleno'), ...mensajes.words('saludos')].flatMap(wordsOf),
  )
  if (antes.length < 2 || DUDA.test(text) || !wordsOf(antes[0] ?? '').every((word) => previas.has(word)))
    return undefined
  const desde = llano(text).indexOf(llano(acepto))
  const resto = desde === -1 ? text : text.slice(desde + acepto.length).replace(/^[\s,.;:]+/, '')
  const { asuntos, intencion, peligro } = comprension().comprender(resto)
  return peligro || (asuntos.length > 0 && intencion === undefined) ? resto : ''
}

/** Without case nor accents, letter for letter. */
const llano = (text: string): string =>
  [...text.normalize('NFC')].map((one) => one.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()).join('')

const diceAlguna = (text: string, phrases: readonly string[]): string | undefined => {
  const words = ` ${normalise(text)} `
  const said = phrases.filter((one) => words.includes(` ${normalise(one)} `))
  return said.toSorted((a, b) => b.length - a.length)[0]
}

/** `Sí, acepto el aviso de privacidad` answers the notice; it does not ask for one's own data. */
export const respondeAlAviso = (text: string, { mensajes }: Contexto): boolean =>
  !DUDA.test(text) &&
  diceAlguna(text, [...mensajes.words('acepta_aviso'), ...mensajes.words('rechaza_aviso')]) !== undefined

/** Who asks what the notice is, or does not understand it, is told it in other words, once; what they tell besides is kept. */
function explicar(answer: Answer, contexto: Contexto): Movida | undefined {
  const words = ` ${normalise(answer.text)} `
  const pregunta = contexto.mensajes.words('que_es').some((one) => words.includes(` ${normalise(one)} `))
  if (!pregunta || dicho(contexto).leerMas) return undefined
  const cuenta = (contexto.comprension().asuntos(answer.text)[0]?.confidence ?? 0) >= CUENTA_ALGO
  return { to: 'again', set: { ...(cuenta && recordar(answer, contexto)), leerMas: true, recordado: undefined } }
}

/** From this confidence on the words tell of something that is to be kept. */
const CUENTA_ALGO = 0.5

/** A question is no consent: «¿acepto qué?». */
const DUDA = /[?¿]/

/** Among so many first words `acepto` is the answer, and not part of what is told. */
const ANTES_DE_ACEPTAR = 7

const conDicho = (answer: Answer, contexto: Contexto): Contexto => ({
  ...contexto,
  answers: { ...contexto.answers, ...recordar(answer, contexto) },
})

/** Nothing of what was said is kept. */
function rechazar({ mensajes, entorno, horario }: Contexto): Movida {
  const contacto = [entorno.domicilio, entorno.telefono].filter((one) => one !== '').join(' · ')
  return { to: 'rest', say: [mensajes.text('bienvenida.rechazo', { uac: entorno.uac, contacto, horario })] }
}

/** The notice, before the first personal datum; what the citizen wrote first waits. */
export const bienvenida = {
  version: 1,
  steps: [aviso],
  title: (contexto) => {
    const { texto, adjuntos } = dicho(contexto)
    return texto || adjuntos ? contexto.mensajes.text('titulo.sin_asunto') : undefined
  },
  finish: () => ({ to: 'again' }),
} satisfies Conversacion
