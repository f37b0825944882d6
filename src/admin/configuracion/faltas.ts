import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { llaveDe, type Valor, valorDe } from '../../workflow/configuracion/cambios.ts'
import type { Documentos } from '../../workflow/configuracion/versiones.ts'
import type { Palabras } from '../palabras.ts'

/** Something that the check of the configuration found, in the words of whoever edits it in the panel. */
export interface Falta {
  /** The document, the entry and the field, as the pages call them. */
  donde: string
  /** What is wrong, and what to do, a sentence each. */
  que: string
  haga: string
}

const dicha = z.object({ que: z.string(), haga: z.string() })
const TABLA = z
  .object({
    palabras: z.record(z.string(), z.string()),
    otra: dicha,
    faltas: z.array(dicha.extend({ si: z.string().transform((si) => new RegExp(si, 'su')) })),
  })
  .parse(parse(readFileSync(new URL('../views/faltas-de-configuracion.yaml', import.meta.url), 'utf8')))

/** `config/mensajes.es.yaml:56:3 aviso.corto: what was expected.` */
const DE_ARCHIVO = /^config\/([\w.-]+)\.yaml(?::(\d+))?(?::\d+)?:? (?:([\w.-]+): )?(.*?)\.?$/su
/** `registrar/lugar: what happens`, of the conversation. */
const DE_CONVERSACION = /^([\w-]+\/[\w-]+|persona|descanso): (.*)$/su

/** What a check complained of, each line of it; `documentos` are those that were checked. */
export function faltasDe(problema: string, documentos: Documentos, palabras: Palabras): Falta[] {
  return problema.split('\n').flatMap((line) => (line.trim() === '' ? [] : [faltaDe(line, documentos, palabras)]))
}

function faltaDe(line: string, documentos: Documentos, palabras: Palabras): Falta {
  const [, documento, renglon, ruta = '', frase = ''] = DE_ARCHIVO.exec(line) ?? []
  if (documento === undefined) {
    const [, pregunta = '', pasa = line] = DE_CONVERSACION.exec(line) ?? []
    return {
      donde: [palabras.t('configuracion_conversacion'), pregunta].filter(Boolean).join(' · '),
      ...enEspanol(pasa),
    }
  }
  const lugar = dondeEs(documento, ruta, documentos, palabras)
  const en = renglon === undefined ? [] : [palabras.t('configuracion_renglon', { n: renglon })]
  return {
    donde: [palabras.etiqueta('configuracion_documento', documento), ...lugar, ...en].join(' · '),
    ...enEspanol(frase),
  }
}

/** A sentence of a check in Spanish; of one that is not known, what can be done all the same. */
export function enEspanol(frase: string): { que: string; haga: string; conocida: boolean } {
  for (const { si, que, haga } of TABLA.faltas) {
    const match = si.exec(frase)
    if (!match) continue
    const valores = { ...match.groups }
    return { que: llenar(que, valores), haga: llenar(haga, valores), conocida: true }
  }
  return { ...TABLA.otra, conocida: false }
}

const llenar = (texto: string, valores: Readonly<Record<string, string>>): string =>
  texto.replaceAll(/\{(\w+)\}/g, (whole, nombre: string) =>
    nombre in valores ? (TABLA.palabras[valores[nombre] ?? ''] ?? valores[nombre] ?? '') : whole,
  )

/** `categorias.3.preguntas.0.texto`: the entries by their names, the field by its label. */
function dondeEs(documento: string, ruta: string, documentos: Documentos, { etiqueta }: Palabras): string[] {
  if (ruta === '') return []
  if (documento.startsWith('mensajes.')) return [ruta]
  let aqui: Valor | undefined = leido(documentos[documento] ?? '')
  let lista = ''
  const partes: string[] = []
  const campo: string[] = []
  for (const paso of ruta.split('.')) {
    const dentro: Valor | undefined = dentroDe(aqui, paso)
    if (Array.isArray(aqui)) {
      campo.length = 0
      partes.push(`${etiqueta('configuracion_lista', lista)}: ${nombreDe(lista, dentro, paso)}`)
    } else campo.push(paso)
    aqui = dentro
    lista = paso
  }
  return campo.length === 0 ? partes : [...partes, etiqueta('configuracion_campo', campo.join('-'))]
}

/** Nothing of a document that is no YAML at all. */
function leido(texto: string): Valor | undefined {
  try {
    return valorDe(texto)
  } catch {
    return undefined
  }
}

function dentroDe(valor: Valor | undefined, paso: string): Valor | undefined {
  if (Array.isArray(valor)) return valor[Number(paso)]
  return typeof valor === 'object' && valor !== null ? valor[paso] : undefined
}

function nombreDe(lista: string, entrada: Valor | undefined, paso: string): string {
  if (typeof entrada !== 'object' || entrada === null || Array.isArray(entrada)) return String(Number(paso) + 1)
  const nombre = entrada.nombre ?? entrada.texto ?? llaveDe(lista, entrada)
  return typeof nombre === 'string' ? nombre : String(Number(paso) + 1)
}
