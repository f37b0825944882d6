import type { Contexto } from '../mundo.ts'
import { campoDePregunta, campos, categoriaDe, textoDe } from './campos.ts'
import { telefonoEscrito } from './contacto.ts'
import { respuestaDicha } from './respuesta-dicha.ts'

/** Characters of the description that the summary shows. */
const EXTRACTO = 120

/** A text cut to so many characters. */
export const corto = (texto: string, largo: number) =>
  texto.length > largo ? `${texto.slice(0, largo - 1).trimEnd()}…` : texto

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
    ...(descripcion ? [mensajes.text('resumen.descripcion', { valor: corto(descripcion, EXTRACTO) })] : []),
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
