import type { Context, Flow, Move, Step } from '../flow.ts'
import type { World } from '../run.ts'
import type { Draft, Locale } from '../state.ts'
import type { Comprension } from './comprension/comprension.ts'
import type { Entorno } from './entorno.ts'
import type { Limites } from './limites/limites.ts'
import type { Services } from './services.ts'

/** Words that work at every step, as config/catalogo.yaml lists them. */
export type PalabrasGlobales = Readonly<
  Record<
    | 'menu'
    | 'cancelar'
    | 'atras'
    | 'ayuda'
    | 'asesor'
    | 'folio'
    | 'reabrir'
    | 'privacidad'
    | 'baja'
    | 'alta'
    | 'otro_canal'
    | 'ingles'
    | 'espanol',
    readonly string[]
  >
>

/** What every conversation of the municipality is given. */
export interface Mundo extends World {
  services: Services
  entorno: Entorno
  palabras: PalabrasGlobales
  /** The telephone for emergencies and, if there is one, that for anonymous reports of crimes. */
  telefonos: { emergencia: string; denuncia: string }
  /** When people of the staff attend: `lunes a viernes de 8:00 a 16:00`. */
  horario: string
  /** Where the municipality ends. */
  limites: Limites
  /** How a draft is called within a sentence; undefined when there is nothing in it to take up. */
  tituloDe(draft: Draft, contexto: Context<Mundo>): string | undefined
  /** Understands what citizens write, with the catalogue as it is now. */
  comprension(): Comprension
  /** The language a text was surely written in; undefined when it is not sure. */
  idiomaDe(texto: string): Locale | undefined
  /** The same in another language. */
  enIdioma(locale: Locale): Mundo
}

export type Contexto = Context<Mundo>
export type Paso = Step<Mundo>
export type Conversacion = Flow<Mundo>
export type Movida = Move
