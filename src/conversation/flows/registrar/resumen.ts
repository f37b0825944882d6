import type { Contexto } from '../mundo.ts'
import { campoDePregunta, campos, categoriaDe, textoDe } from './campos.ts'
import { telefonoEscrito } from './contacto.ts'
import { respuestaDicha } from './respuesta-dicha.ts'

/** Characters of the description that the summary shows. */
const EXTRACTO = 120

/** A text cut to so many characters. */
export const corto = (texto: string, largo: number) =>
  texto.length > largo ? `${texto.slice(0, largo - 1).trimEnd()}…` : texto

/** Words before what tells that are shown, in characters. */
const ANTES = 40

/** The stretch of a long story where its point stands, by the words that told of its subject. */
function extracto(texto: string, contexto: Contexto): string {
  if (texto.length <= EXTRACTO) return texto
  const [primero] = contexto.comprension().asuntos(texto)
  const dicen = (primero?.because ?? []).flatMap((word) => {
    const at = texto.toLowerCase().lastIndexOf(word.toLowerCase())
    return at === -1 ? [] : [at]
  })
  const juntas = (from: number) => dicen.filter((at) => at >= from && at < from + EXTRACTO - ANTES).length
  const punto = dicen.toSorted((a, b) => juntas(b) - juntas(a) || a - b)[0] ?? 0
  if (punto < EXTRACTO / 2) return corto(texto, EXTRACTO)
  const desde = texto.indexOf(' ', Math.max(0, Math.min(punto - ANTES, texto.length - EXTRACTO))) + 1
  return `…${corto(texto.slice(desde), EXTRACTO - 1)}`
}

/** A question without the hints that follow it. */
export const soloPregunta = (texto: string) => texto.slice(0, texto.indexOf('?') + 1) || texto

/** What is going to be registered, one datum a line; of a reserved petition not what it is about. */
export function resumen(contexto: Contexto): string {
  const { mensajes } = contexto
  const reservada = categoriaDe(contexto)?.reservada === true
  const contenido = reservada ? [mensajes.text('registrar.resumen_reservada')] : lineasDeAsunto(contexto)
  return [mensajes.text('resumen.titulo'), ...contenido, ...lineasDeLugar(contexto), ...lineasDePersona(contexto)].join(
    '\n',
  )
}

function lineasDeAsunto(contexto: Contexto): string[] {
  const { mensajes } = contexto
  const { descripcion } = campos(contexto)
  const categoria = categoriaDe(contexto)
  const preguntas = (categoria?.preguntas ?? []).flatMap((una) => {
    const respuesta = textoDe(contexto, campoDePregunta(una.id))
    const valor = respuesta && respuestaDicha(respuesta, una, mensajes)
    return valor ? [mensajes.text('resumen.dato', { nombre: soloPregunta(una.texto), valor })] : []
  })
  return [
    mensajes.text('resumen.asunto', { valor: categoria?.nombre ?? '' }),
    ...(descripcion ? [mensajes.text('resumen.descripcion', { valor: extracto(descripcion, contexto) })] : []),
    ...preguntas,
  ]
}

function lineasDeLugar(contexto: Contexto): string[] {
  const { mensajes } = contexto
  const { colonia, calle, numero, ubicacion, referencias, adjuntos = [] } = campos(contexto)
  const partes = [
    colonia,
    [calle, numero].filter(Boolean).join(' '),
    ubicacion && mensajes.text('resumen.punto'),
  ].filter((parte) => parte)
  return [
    ...(partes.length > 0 ? [mensajes.text('resumen.lugar', { valor: partes.join(', ') })] : []),
    ...(referencias ? [mensajes.text('resumen.referencias', { valor: referencias })] : []),
    ...(adjuntos.length > 0 ? [mensajes.text('resumen.archivos', { valor: adjuntos.length })] : []),
  ]
}

function lineasDePersona(contexto: Contexto): string[] {
  const { mensajes } = contexto
  const dicho = campos(contexto)
  if (dicho.anonima === true) return [mensajes.text('resumen.anonima')]
  return (['nombre', 'telefono', 'email'] as const).flatMap((dato) => {
    const valor = dicho[dato]
    const escrito = dato === 'telefono' && valor ? telefonoEscrito(valor) : valor
    return escrito ? [mensajes.text(`resumen.${dato}`, { valor: escrito })] : []
  })
}
