import { expand } from '../../flow.ts'
import { fieldsOf } from '../../memory.ts'
import { cercana } from '../cercania/cercana.ts'
import type { Contexto, Conversacion, Paso } from '../mundo.ts'
import { absorber, fotos } from './adjuntos.ts'
import { pasosDeAsunto } from './asunto.ts'
import { categoriaDe } from './campos.ts'
import { pasosDeCierre } from './cierre.ts'
import { pasosDeDatos } from './datos.ts'
import { descripcion } from './descripcion.ts'
import { entregar } from './entrega.ts'
import { pasosDeLugar } from './lugar.ts'
import { pasosDePreguntas } from './preguntas.ts'
import { corregirDicho, dichoAparte, guardarPeligro, reconsiderar } from './reconsiderar.ts'
import { faltantes, pasosDeRequisitos, requisitos } from './requisitos.ts'
import { pasosDeTrato } from './trato.ts'

const pasos: Conversacion['steps'] = [
  ...pasosDeAsunto,
  ...pasosDeTrato,
  requisitos,
  descripcion,
  ...pasosDeLugar,
  cercana,
  fotos,
  pasosDePreguntas,
  pasosDeRequisitos,
  ...pasosDeDatos,
  faltantes,
]

const todos = (contexto: Contexto): Paso[] => expand(pasos, contexto)

/** Fields that say nothing by themselves. */
const SIN_SUSTANCIA = new Set([
  'desde',
  'anterior',
  'verTemas',
  'tema',
  'pagina',
  'comparada',
  'avisoBuscado',
  'fueraVisto',
  'fotoVista',
  'sinColonia',
  'quiereAnonima',
])

/** From "hay un bache" to the folio. */
export const registrar = {
  version: 1,
  steps: [...pasos, ...pasosDeCierre(todos)],
  title: (contexto) => {
    const { mensajes, answers } = contexto
    const categoria = categoriaDe(contexto)
    if (categoria?.reservada) return mensajes.text('titulo.reservada')
    if (categoria) return mensajes.text('titulo.peticion', { asunto: categoria.nombre })
    const dicho = Object.keys(fieldsOf(answers)).some((campo) => !SIN_SUSTANCIA.has(campo))
    return dicho ? mensajes.text('titulo.sin_asunto') : undefined
  },
  absorb: absorber,
  correct: corregirDicho,
  apart: dichoAparte,
  warned: guardarPeligro,
  reconsider: reconsiderar,
  finish: entregar,
} satisfies Conversacion
