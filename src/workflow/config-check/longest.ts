import { entornoDe, horarioEscrito } from '../../conversation/flows/entorno.ts'
import type { Limites } from '../../conversation/flows/limites/limites.ts'
import { ESTADOS } from '../../conversation/flows/vocabulary.ts'
import { LONGEST, type Mensajes } from '../../conversation/mensajes.ts'
import type { Catalogo } from '../catalogo/catalogo.ts'
import type { Municipio } from '../catalogo/municipio.ts'

/** What a placeholder may be filled with, by its name. */
export type Values = Readonly<Record<string, string>>

/** What the longest real values are taken from. */
export interface LongestFrom {
  catalogo: Catalogo
  municipio: Municipio
  limites: Limites
  mensajes: Mensajes
  publicUrl: string
}

const longest = (texts: readonly string[]): string =>
  texts.reduce((one, other) => (other.length > one.length ? other : one), '')

/**
 * The longest real value of each placeholder: of the catalogue, the town's settings and what the program writes itself. What citizens
 * and staff write in their own words has no known length and is left out.
 */
export function longestValues({ catalogo, municipio, limites, mensajes, publicUrl }: LongestFrom): Values {
  const entorno = entornoDe(municipio, publicUrl)
  const asunto = longest(catalogo.categorias.map(({ nombre }) => nombre))
  const folio = `${municipio.folio.prefijo}-26-1004217-4`
  const dia = 'miércoles 30 de septiembre'
  return {
    asunto,
    categoria: asunto,
    primera: asunto,
    cosa: asunto,
    grupo: longest(catalogo.grupos.map(({ nombre }) => nombre)),
    dependencia: longest(catalogo.dependencias.map(({ nombre }) => nombre)),
    colonia: longest(catalogo.colonias.map(({ nombre }) => nombre)),
    escrita: longest(catalogo.colonias.map(({ nombre }) => nombre)),
    municipio: entorno.municipio,
    uac: entorno.uac,
    responsable: entorno.aviso.responsable,
    contacto: [entorno.domicilio, entorno.telefono].filter((one) => one !== '').join(' · '),
    horario: horarioEscrito(entorno, mensajes),
    numero: longest(catalogo.emergencias.contactos.map(({ numero }) => numero)),
    denuncia: longest(catalogo.emergencias.contactos.map(({ numero }) => numero)),
    canal: longest(municipio.medios.map(({ nombre }) => nombre)),
    titulo: mensajes.text('titulo.peticion', { asunto }),
    estado: longest(ESTADOS.map((one) => mensajes.text(`estados.${one}`))),
    enlace: longest([entorno.aviso.enlace, new URL(`/folio/${folio}?c=${'x'.repeat(22)}`, publicUrl).href]),
    folio,
    clave: 'K7M2XQ9P',
    vecino: longest(limites.vecinos.map(({ nombre }) => nombre)),
    a_quien: longest(limites.vecinos.map(({ a_quien }) => a_quien ?? '')),
    dias: String(Math.max(...catalogo.categorias.map(({ plazo_dias }) => plazo_dias))),
    fecha: '30 de septiembre de 2026',
    hasta: 'el 30 de septiembre a las 23:59',
    hora: '23:59',
    de: '08:00',
    a: '16:00',
    dia,
    cuando: `el ${dia}`,
    minutos: '60',
    maximo: '1000',
    cuantas: '10',
    cuantos: '10',
    metros: '5000',
    vecinos: '1000',
  }
}

/** What is wrong with the length of a text once it is filled, as an end of a sentence; undefined when nothing is. */
export function lengthFault(text: string, values: Values): string | undefined {
  const filled = text.replaceAll(/\{(\w*)\}/g, (_, name: string) => values[name] ?? '').trim()
  const lines = filled.split('\n').length
  if (lines > LONGEST.lines) return `expected at most ${LONGEST.lines} lines, found ${lines}`
  if (filled.length <= LONGEST.characters) return undefined
  const names = [...text.matchAll(/\{(\w*)\}/g)].map(([, name = '']) => name).filter((name) => values[name])
  const filling = names.length > 0 ? ` once filled (with the longest ${[...new Set(names)].join(', ')} there is)` : ''
  return `expected at most ${LONGEST.characters} characters${filling}, found ${filled.length}`
}
