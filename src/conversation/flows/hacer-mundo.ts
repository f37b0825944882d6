import { createHash } from 'node:crypto'
import { draftTitle } from '../drafts.ts'
import type { Mensajes } from '../mensajes.ts'
import type { Locale } from '../state.ts'
import type { Examples, Lexicon, Respuesta } from '../understanding/lexicon.ts'
import { bilingue } from './comprension/bilingue.ts'
import { type Comprension, crearComprension, type Saber } from './comprension/comprension.ts'
import { type Ajustes, type Entorno, horarioEscrito } from './entorno.ts'
import type { Ingles } from './idioma/ingles.ts'
import { prepararIdioma } from './idioma/reconocer.ts'
import { categoriasEnIngles, enIngles } from './idioma/vistas.ts'
import type { Limites } from './limites/limites.ts'
import type { Conversacion, Mundo, PalabrasGlobales } from './mundo.ts'
import type { Services } from './services.ts'
import type { CategoriaVista, ColoniaVista } from './vocabulary.ts'

/** What of the town's settings the conversation is made with: parts of the files of config/. */
export interface ConversationSettings {
  mensajes: Mensajes
  municipio: Ajustes
  catalogo: {
    emergencias: {
      contactos: readonly { numero: string }[]
      frases: readonly string[]
      no_emergencia_si: readonly string[]
    }
    palabras_globales: PalabrasGlobales
  }
  lexico: Lexicon
  ejemplos: Examples
  informacion: readonly Respuesta[]
  limites: Limites
  /** The same for who writes in English. */
  ingles: Ingles
}

/** Makes what a turn is given: around these services, in a language. */
export function mundoDe(
  settings: ConversationSettings,
  entorno: Entorno,
  flows: Readonly<Record<string, Conversacion>>,
): (services: Services, locale: Locale) => Mundo {
  const { emergencias } = settings.catalogo
  const telefonos = {
    emergencia: emergencias.contactos[0]?.numero ?? '911',
    denuncia: emergencias.contactos[1]?.numero ?? emergencias.contactos[0]?.numero ?? '911',
  }
  const palabras = enAmbos(settings.catalogo.palabras_globales, settings.ingles.catalogo.palabras_globales)
  const idiomaDe = prepararIdioma({ es: settings.lexico.idioma, en: settings.ingles.lexico.idioma })
  const horarios = {
    es: horarioEscrito(entorno, settings.mensajes),
    en: horarioEscrito(entorno, settings.mensajes.in('en')),
  }
  const hacer = (services: Services, locale: Locale): Mundo => {
    const mensajes = locale === settings.mensajes.locale ? settings.mensajes : settings.mensajes.in(locale)
    return {
      mensajes,
      palabras,
      entorno,
      telefonos,
      horario: horarios[locale],
      limites: settings.limites,
      services: locale === 'es' ? services : enIngles(services, mensajes, settings.ingles.catalogo),
      now: () => services.now(),
      comprension: () =>
        bilingue(
          locale,
          {
            es: () => aprendida('es', settings, services.categorias(), services.colonias),
            en: () => aprendida('en', settings, services.categorias(), services.colonias),
          },
          idiomaDe,
        ),
      idiomaDe,
      enIdioma: (otro) => hacer(services, otro),
      tituloDe: (draft, contexto) => draftTitle(draft, flows, contexto),
    }
  }
  return hacer
}

/** The words that work everywhere work in both languages. */
function enAmbos(unas: PalabrasGlobales, otras: PalabrasGlobales): PalabrasGlobales {
  const names = Object.keys(unas) as (keyof PalabrasGlobales)[]
  const merged = names.map((name) => [name, [...unas[name], ...otras[name]]] as const)
  return { ...unas, ...Object.fromEntries(merged) }
}

/** The catalogue that services give, the same lists. */
export interface VistaDelCatalogo {
  categorias: readonly CategoriaVista[]
  colonias: readonly ColoniaVista[]
}

/** Learns a catalogue in both languages, which the first turn in each would do otherwise: a second or two of work. */
export function aprender(settings: ConversationSettings, catalogo: VistaDelCatalogo): void {
  for (const locale of ['es', 'en'] as const) aprendida(locale, settings, catalogo.categorias, () => catalogo.colonias)
}

/** What there is to learn in one language. */
interface Leccion {
  saber: Saber
  catalogo: VistaDelCatalogo
}

/** What was learnt from each configuration and catalogue, in each language. */
const aprendidas: Readonly<Record<Locale, WeakMap<object, WeakMap<object, Comprension>>>> = {
  es: new WeakMap(),
  en: new WeakMap(),
}

/** How many lessons are kept whoever brings them: what is in force and what comes next, in both languages. */
const RECIENTES = 4
const recientes = new Map<string, Comprension>()

/** What there is to learn of these settings and this catalogue, in each language. */
export const leccionesDe = (
  { lexico, ejemplos, catalogo, informacion, ingles }: ConversationSettings,
  vista: VistaDelCatalogo,
): Readonly<Record<Locale, Leccion>> => ({
  es: {
    saber: { lexicon: lexico, examples: ejemplos, emergencias: catalogo.emergencias, informacion },
    catalogo: vista,
  },
  en: {
    saber: {
      lexicon: ingles.lexico,
      examples: ingles.ejemplos,
      emergencias: ingles.catalogo.emergencias,
      informacion: ingles.informacion,
    },
    catalogo: { ...vista, categorias: categoriasEnIngles(vista.categorias, ingles.catalogo) },
  },
})

function aprendida(
  locale: Locale,
  settings: ConversationSettings,
  categorias: readonly CategoriaVista[],
  colonias: () => readonly ColoniaVista[],
): Comprension {
  const aqui = aprendidas[locale].get(settings) ?? new WeakMap<object, Comprension>()
  aprendidas[locale].set(settings, aqui)
  const known = aqui.get(categorias)
  if (known) return known
  const made = comprensionDe(leccionesDe(settings, { categorias, colonias: colonias() })[locale])
  aqui.set(categorias, made)
  return made
}

/** Another configuration that says the same of what is learnt is not learnt again. */
function comprensionDe({ saber, catalogo }: Leccion): Comprension {
  const huella = createHash('sha256')
    .update(JSON.stringify([saber, catalogo]))
    .digest('base64')
  const made = recientes.get(huella) ?? crearComprension(saber, catalogo)
  recientes.delete(huella)
  recientes.set(huella, made)
  for (const viejo of [...recientes.keys()].slice(0, -RECIENTES)) recientes.delete(viejo)
  return made
}
