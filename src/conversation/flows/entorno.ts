import { Info } from 'luxon'
import type { Mensajes } from '../mensajes.ts'
import { listaEscrita } from './idioma/fechas.ts'

/** A stretch of opening hours as config/municipio.yaml has it. */
export interface Tramo {
  dias: readonly string[]
  de: string
  a: string
}

/** What of the town's settings citizens are told. */
export interface Entorno {
  municipio: string
  uac: string
  domicilio: string
  telefono: string
  horario: readonly Tramo[]
  /** IANA, for the dates that citizens read and write. */
  zona: string
  aviso: { version: string; responsable: string; enlace: string }
}

/** The parts of config/municipio.yaml that conversations use. */
export interface Ajustes {
  municipio: { nombre: string; uac: string }
  formato: { domicilio: string; telefono: string }
  horario: readonly Tramo[]
  zona_horaria: string
  aviso_privacidad: { version: string; responsable: string; texto_completo: string }
}

/** The town's settings as conversations use them; `publicUrl` is where our own pages are. */
export function entornoDe(ajustes: Ajustes, publicUrl: string): Entorno {
  const { version, responsable, texto_completo } = ajustes.aviso_privacidad
  return {
    municipio: ajustes.municipio.nombre,
    uac: ajustes.municipio.uac,
    domicilio: ajustes.formato.domicilio,
    telefono: ajustes.formato.telefono,
    horario: ajustes.horario,
    zona: ajustes.zona_horaria,
    aviso: { version, responsable, enlace: new URL(texto_completo, publicUrl).href },
  }
}

/** `lunes a viernes de 8:00 a 16:00`. */
export function horarioEscrito({ horario }: Entorno, mensajes: Mensajes): string {
  const tramos = horario.map(({ dias, de, a }) =>
    mensajes.text('horario.tramo', { dias: diasEscritos(dias, mensajes), de: sinCero(de), a: sinCero(a) }),
  )
  return listaEscrita(tramos, mensajes.locale)
}

/** As config/municipio.yaml names them. */
const SEMANA = Info.weekdays('long', { locale: 'es' })

function diasEscritos(dias: readonly string[], mensajes: Mensajes): string {
  const places = dias.map((dia) => SEMANA.findIndex((name) => name.normalize('NFD').replace(/\p{M}/gu, '') === dia))
  const dichos = Info.weekdays('long', { locale: mensajes.locale })
  const names = places.map((place) => dichos[place] ?? '')
  const inRow =
    places.length > 2 && places.every((place, index) => index === 0 || place === (places[index - 1] ?? 0) + 1)
  if (!inRow) return listaEscrita(names, mensajes.locale)
  return mensajes.text('horario.dias', { desde: names[0] ?? '', hasta: names.at(-1) ?? '' })
}

const sinCero = (hora: string) => hora.replace(/^0/, '')
