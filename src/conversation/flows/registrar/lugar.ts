import type { Answer } from '../../answer.ts'
import type { Choosable } from '../../flow.ts'
import { saysOnly } from '../../words.ts'
import { avisoActivo } from '../avisos-activos/aviso-activo.ts'
import { coloniaDelPunto } from '../limites/colonia-del-punto.ts'
import { fuera } from '../limites/fuera.ts'
import { lugarDeFoto } from '../limites/lugar-de-foto.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos, categoriaDe, exigencia } from './campos.ts'
import { buscarColonia, coloniaEntrePalabras, etiquetaDeColonia, idDeColonia, leerLugar } from './colonias.ts'
import { emailEnTexto, telefonoEnTexto } from './contacto.ts'
import { camposDeLugarDicho } from './cosas.ts'
import { leerDomicilio, soloReferencia } from './domicilio.ts'
import { otroAsunto, reconsiderar } from './reconsiderar.ts'

/** The longest text of a place, in characters. */
const LARGO = 200

const pideLugar = (contexto: Contexto): boolean => {
  const categoria = categoriaDe(contexto)
  return categoria !== undefined && (categoria.ubicacion !== 'no' || exigencia(contexto, 'colonia') !== 'no')
}

/** May the place be left out? */
const lugarOpcional = (contexto: Contexto): boolean =>
  categoriaDe(contexto)?.ubicacion !== 'requerida' && exigencia(contexto, 'colonia') !== 'requerido'

/** What a pin fills; its name or address, when a venue was sent, helps to find it. */
export function camposDeUbicacion({ location }: Answer, contexto: Contexto) {
  if (!location) return {}
  const { latitude: latitud, longitude: longitud, name, address } = location
  const venue = [name, address].filter((part) => part !== undefined && part !== '').join(', ')
  const referencias = campos(contexto).referencias ?? (venue || undefined)
  return { ubicacion: { latitud, longitud }, sinLugar: undefined, ...(referencias && { referencias }) }
}

/** Words that say that one does not know or does not want to say. */
const noSabe = (text: string, { mensajes }: Contexto) =>
  saysOnly(text, [...mensajes.words('omitir'), ...mensajes.words('no'), ...mensajes.words('si')]) ||
  saysOnly(text, mensajes.words('registrar'), mensajes.words('relleno'))

/** Words of a street, where a colonia was asked. */
const CALLE = /\b(?:calle|av\.?|avenida|entre|esquina|boulevard|blvd|carretera|privada|andador)\s/i
/** Words of the way to a place, and how many words no name of a colonia has. */
const CAMINO = /\b(?:cerca|enfrente|frente|junto|lado|atr[aá]s|detr[aá]s|donde|por donde)\b/i
const NOMBRE = 5

/** What a typed place leads to: a colonia that is known, doubtful, or kept as it was typed; with its street, if that was said. */
function anotarLugar(escrito: string, contexto: Contexto): Movida {
  const { services, mensajes } = contexto
  if (noSabe(escrito, contexto)) return { to: 'miss', because: mensajes.text('registrar.lugar_necesario') }
  if (!/\p{L}{2}/u.test(escrito) || escrito.length > LARGO) return { to: 'miss' }
  const { escrita, busqueda, resto } = leerLugar(escrito, services.colonias())
  const comun = { coloniaEscrita: undefined, sinLugar: undefined, ...(resto && camposDeResto(resto)) }
  if (busqueda.una)
    return { to: 'next', set: { ...comun, colonia: etiquetaDeColonia(busqueda.una, services.colonias()) } }
  if (busqueda.varias.length > 0) return { to: 'next', set: { ...comun, colonia: undefined, coloniaEscrita: escrita } }
  const entre = entrePalabras(escrito, contexto)
  if (entre) return entre
  // Nobody was asked whether the subject is right: who says here what it is puts it right.
  const otro = campos(contexto).evidente ? otroAsunto(escrito, contexto) : undefined
  // A telephone is no place.
  const suyo = telefonoEnTexto(escrito) || emailEnTexto(escrito) ? reconsiderar({ text: escrito }, contexto) : undefined
  return suyo ?? otro ?? sinColonia(escrito, contexto) ?? anotarLibre(escrita, contexto)
}

const camposDeResto = (resto: string) => (soloReferencia(resto) ? { referencias: resto } : leerDomicilio(resto))

/** A colonia of the catalogue among words that say something else as well: `pues en la arboledas, ya saben`. */
function entrePalabras(escrito: string, contexto: Contexto): Movida | undefined {
  const colonias = contexto.services.colonias()
  const dicho = contexto.comprension().lugar(escrito)
  const conocida = colonias.some(({ nombre }) => nombre === dicho.colonia)
  if (conocida) return { to: 'next', set: { ...SIN_DUDA, ...camposDeLugarDicho(dicho) } }
  // «Frente a la secundaria Lázaro Cárdenas» tells of a school.
  const sola = CALLE.test(escrito) || CAMINO.test(escrito) ? undefined : coloniaEntrePalabras(escrito, colonias)
  return sola && { to: 'next', set: { ...SIN_DUDA, colonia: etiquetaDeColonia(sola, colonias) } }
}

const SIN_DUDA = { coloniaEscrita: undefined, sinLugar: undefined }

/** A street or the way to the place, said where the colonia was asked: noted, and the colonia asked once more. */
function sinColonia(escrito: string, contexto: Contexto): Movida | undefined {
  const { mensajes } = contexto
  const { referencias } = campos(contexto)
  if (CALLE.test(escrito))
    return { to: 'again', set: { ...leerDomicilio(escrito) }, say: [mensajes.text('registrar.calle_anotada')] }
  const camino = CAMINO.test(escrito) || escrito.split(/\s+/).length > NOMBRE
  if (!camino || referencias !== undefined) return undefined
  return { to: 'again', set: { referencias: escrito }, say: [mensajes.text('registrar.referencia_anotada')] }
}

const anotarLibre = (colonia: string, { mensajes }: Contexto): Movida => ({
  to: 'next',
  set: { colonia, coloniaEscrita: undefined, sinLugar: undefined },
  say: [mensajes.text('registrar.colonia_libre', { colonia })],
})

const lugar: Paso = {
  id: 'lugar',
  label: ({ mensajes }) => mensajes.text('campo.lugar'),
  freeText: true,
  takes: ['location'],
  when: pideLugar,
  filled: (contexto) => {
    const { colonia, coloniaEscrita, ubicacion, sinLugar } = campos(contexto)
    return (colonia ?? coloniaEscrita ?? ubicacion ?? sinLugar) !== undefined
  },
  ask: (contexto) => {
    const { mensajes } = contexto
    const porPunto = categoriaDe(contexto)?.ubicacion !== 'no'
    const opcional = lugarOpcional(contexto)
    const clave = opcional ? 'registrar.lugar_opcional' : porPunto ? 'registrar.lugar' : 'registrar.colonia'
    return {
      text: mensajes.text(clave),
      ...(opcional && {
        options: [opcion(mensajes, 'omitir', [...mensajes.words('omitir'), ...mensajes.words('no')])],
      }),
      ...(porPunto && { requestLocation: mensajes.text('opciones.mandar_ubicacion') }),
    }
  },
  read: (answer, contexto) => {
    if (answer.option === 'omitir') return { to: 'next', set: { sinLugar: true } }
    if (answer.location && answer.text === '')
      return {
        to: 'next',
        set: camposDeUbicacion(answer, contexto),
        say: [contexto.mensajes.text('registrar.lugar_anotado')],
      }
    const anotada = anotarLugar(answer.text, contexto)
    return { ...anotada, set: { ...anotada.set, ...camposDeUbicacion(answer, contexto) } }
  },
}

const posibles = (contexto: Contexto) =>
  buscarColonia(campos(contexto).coloniaEscrita ?? '', contexto.services.colonias()).varias

const coloniaCual: Paso = {
  id: 'colonia_cual',
  freeText: true,
  when: (contexto) => campos(contexto).coloniaEscrita !== undefined,
  filled: (contexto) => campos(contexto).colonia !== undefined,
  ask: (contexto) => {
    const { mensajes } = contexto
    const varias = posibles(contexto)
    const escrita = campos(contexto).coloniaEscrita ?? ''
    const options = varias.map(
      (one, index): Choosable => ({
        id: idDeColonia(one),
        label: etiquetaDeColonia(one, varias),
        ...(index === 0 && { words: mensajes.words('si') }),
      }),
    )
    const label = mensajes.text('opciones.otra_colonia', { escrita })
    return {
      text: mensajes.text('registrar.colonia_cual', { escrita }),
      options: [...options, { id: 'otra', label, words: [...mensajes.words('otra'), ...mensajes.words('no')] }],
    }
  },
  read: ({ option, text }, contexto) => {
    const { coloniaEscrita: escrita } = campos(contexto)
    if (option === 'otra') return { to: 'next', set: { colonia: escrita } }
    const elegida = option === undefined ? undefined : posibles(contexto).find((one) => idDeColonia(one) === option)
    if (elegida) return { to: 'next', set: { colonia: etiquetaDeColonia(elegida, contexto.services.colonias()) } }
    // The same words again mean just that name.
    return text === escrita ? { to: 'next', set: { colonia: text } } : anotarLugar(text, contexto)
  },
}

/** With a pin the street is not needed. */
const conCalle = (contexto: Contexto): boolean => {
  const { ubicacion, sinLugar } = campos(contexto)
  return pideLugar(contexto) && !ubicacion && !sinLugar && exigencia(contexto, 'calle') !== 'no'
}

const calle: Paso = {
  id: 'calle',
  label: ({ mensajes }) => mensajes.text('campo.calle'),
  freeText: true,
  when: conCalle,
  ask: (contexto) => {
    const { mensajes } = contexto
    if (exigencia(contexto, 'calle') === 'requerido') return { text: mensajes.text('registrar.calle') }
    return {
      text: mensajes.text('registrar.calle_opcional'),
      options: [opcion(mensajes, 'omitir', [...mensajes.words('omitir'), ...mensajes.words('no')])],
    }
  },
  read: ({ option, text }, contexto) => {
    if (option === 'omitir') return { to: 'next', set: { calle: '' } }
    if (noSabe(text, contexto)) return { to: 'miss', because: contexto.mensajes.text('registrar.calle_necesaria') }
    if (!/[\p{L}\p{N}]{2}/u.test(text) || text.length > LARGO) return { to: 'miss' }
    return { to: 'next', set: { ...leerDomicilio(text) } }
  },
}

const numero: Paso = {
  id: 'numero',
  freeText: true,
  digits: true,
  when: (contexto) => conCalle(contexto) && exigencia(contexto, 'numero') === 'requerido',
  ask: ({ mensajes }) => ({ text: mensajes.text('registrar.numero') }),
  read: ({ text }, { mensajes }) => {
    const ninguno = [...mensajes.words('sin_numero'), ...mensajes.words('omitir'), ...mensajes.words('no')]
    if (saysOnly(text, ninguno)) return { to: 'next', set: { numero: 'S/N' } }
    return text.length > 20 || !/\d/.test(text) ? { to: 'miss' } : { to: 'next', set: { numero: text } }
  },
}

const referencias: Paso = {
  id: 'referencias',
  label: ({ mensajes }) => mensajes.text('campo.referencias'),
  freeText: true,
  when: (contexto) =>
    pideLugar(contexto) &&
    (exigencia(contexto, 'referencias') === 'requerido' || campos(contexto).referencias !== undefined),
  ask: ({ mensajes }) => ({ text: mensajes.text('registrar.referencias') }),
  read: ({ text }) => (/\p{L}{2}/u.test(text) ? { to: 'next', set: { referencias: text } } : { to: 'miss' }),
}

/** Where it is: a pin, or colonia, street and references as the category needs them. */
export const pasosDeLugar = [
  lugarDeFoto,
  lugar,
  fuera,
  coloniaDelPunto,
  coloniaCual,
  avisoActivo,
  calle,
  numero,
  referencias,
] as const
