import { DateTime } from 'luxon'
import { type Answer, optionNearest } from '../../answer.ts'
import { MENU } from '../../ask.ts'
import type { Question } from '../../flow.ts'
import { saysOnly, wordsOf } from '../../words.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import type { Pregunta } from '../vocabulary.ts'
import { campoDePregunta, campos, categoriaDe, conDescripcion, textoDe } from './campos.ts'
import { leerFecha } from './fecha.ts'
import { deSiNo } from './respuesta-dicha.ts'
import { corto, soloPregunta } from './resumen.ts'

/** The longest answer in free words, in characters. */
const LARGO = 500
/** Characters of a question that a menu shows. */
const ETIQUETA = 40

/** One step for each question of the category. */
export const pasosDePreguntas = (contexto: Contexto): Paso[] => (categoriaDe(contexto)?.preguntas ?? []).map(paso)

function paso(pregunta: Pregunta): Paso {
  const campo = campoDePregunta(pregunta.id)
  return {
    id: campo,
    ...(!conMenu(pregunta) && { freeText: true, digits: true }),
    label: () => corto(soloPregunta(pregunta.texto), ETIQUETA),
    filled: (contexto) => sobra(pregunta, contexto) || vale(textoDe(contexto, campo), pregunta),
    ask: (contexto) => preguntar(pregunta, contexto),
    read: (answer, contexto) => leer(pregunta, answer, contexto, campo),
  }
}

const conMenu = ({ tipo }: Pregunta): boolean => tipo === 'opcion' || tipo === 'si_no'

/** Who told all at once is asked only what cannot do without. */
const sobra = ({ siempre }: Pregunta, contexto: Contexto): boolean => campos(contexto).rapida === true && !siempre

/** Another category may ask the same with other choices. */
const vale = (respuesta: string | undefined, { tipo, opciones = [], obligatoria }: Pregunta): boolean =>
  respuesta !== undefined && (respuesta === '' ? !obligatoria : tipo !== 'opcion' || opciones.includes(respuesta))

const opcionesDe = ({ opciones = [], etiquetas = opciones }: Pregunta) =>
  etiquetas.map((label, index) => ({ id: String(index), label }))

function preguntar(pregunta: Pregunta, { mensajes }: Contexto): Question {
  const { tipo, texto, obligatoria } = pregunta
  const omitir = opcion(mensajes, 'omitir', mensajes.words('omitir'))
  const propias =
    tipo === 'opcion'
      ? opcionesDe(pregunta)
      : tipo === 'si_no'
        ? [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'no', mensajes.words('no'))]
        : []
  const yaDice = opcionesDe(pregunta).some(({ label }) => saysOnly(label, mensajes.words('omitir')))
  const cabe = propias.length > 0 && (propias.length < MENU || yaDice)
  const text = obligatoria || cabe ? texto : mensajes.text('registrar.pregunta_opcional', { pregunta: texto })
  return { text, options: obligatoria || yaDice || !cabe ? propias : [...propias, omitir] }
}

function leer(pregunta: Pregunta, { option, text }: Answer, contexto: Contexto, campo: string): Movida {
  const { mensajes } = contexto
  const anotar = (valor: string): Movida => ({ to: 'next', set: { [campo]: valor } })
  const sinDato = [...mensajes.words('omitir'), ...(conMenu(pregunta) ? [] : mensajes.words('no'))]
  if (option === 'omitir' || (!pregunta.obligatoria && saysOnly(text, sinDato, mensajes.words('relleno'))))
    return anotar('')
  if (option === 'si' || option === 'no') return anotar(deSiNo(option, mensajes))
  const elegida = pregunta.opciones?.[Number(option ?? optionNearest(text, opcionesDe(pregunta)))]
  if (elegida !== undefined) return anotar(elegida)
  if (pregunta.tipo === 'si_no') return leerSiNo(text, contexto, anotar)
  if (pregunta.tipo === 'numero') return leerNumero(text, contexto, anotar)
  if (pregunta.tipo === 'fecha') return leerDia(text, contexto, anotar)
  if (pregunta.tipo !== 'texto' || !/[\p{L}\p{N}]/u.test(text)) return { to: 'miss' }
  return text.length > LARGO
    ? { to: 'miss', because: mensajes.text('general.demasiado_largo', { maximo: LARGO }) }
    : anotar(text)
}

/** "Sí, ya se cayó una persona": what follows the answer is kept with the description. */
function leerSiNo(text: string, contexto: Contexto, anotar: (valor: string) => Movida): Movida {
  const { mensajes } = contexto
  const [primera = '', ...resto] = wordsOf(text)
  const dicho = (['si', 'no'] as const).find((one) => mensajes.words(one).includes(primera))
  if (!dicho) return { to: 'miss' }
  const mas = resto.length > 2 ? conDescripcion(text, contexto) : {}
  const anotada = anotar(deSiNo(dicho, mensajes))
  return { ...anotada, set: { ...anotada.set, ...mas } }
}

function leerNumero(text: string, { mensajes }: Contexto, anotar: (valor: string) => Movida): Movida {
  const escrito = mensajes.words('numeros').findIndex((numeral) => saysOnly(text, [numeral])) + 1
  const digits = /\d+(?:[.,]\d+)?/.exec(text)?.[0] ?? (escrito > 0 ? String(escrito) : undefined)
  return digits === undefined || digits.length > 9
    ? { to: 'miss', because: mensajes.text('registrar.numero_no_valido') }
    : anotar(digits)
}

function leerDia(text: string, { mensajes, services, entorno }: Contexto, anotar: (valor: string) => Movida): Movida {
  const now = DateTime.fromJSDate(services.now(), { zone: entorno.zona })
  const day = leerFecha(text, now, mensajes)
  if (!day) return { to: 'miss', because: mensajes.text('registrar.fecha_no_valida') }
  if (day > now) return { to: 'miss', because: mensajes.text('registrar.fecha_futura') }
  return anotar(day.toISODate() ?? text)
}
