import { DateTime } from 'luxon'
import type { AvisoActivo } from '../../conversation/flows/avisos-activos/services.ts'
import type { Cercana, Punto } from '../../conversation/flows/cercania/services.ts'
import type { Services } from '../../conversation/flows/services.ts'
import { ESTADOS, type Estado } from '../../conversation/flows/vocabulary.ts'
import type { Mensajes, TextKey } from '../../conversation/mensajes.ts'
import type { Locale } from '../../conversation/state.ts'
import type { StoredTurn } from './stored-conversation.ts'
import { type Finder, finderOf } from './wording.ts'

/** Answers that depend on what the rows said then. */
const SIGNS = [
  'cerca.una_metros',
  'cerca.una_calle',
  'cerca.propia',
  'cerca.varias',
  'cerca.opcion_metros',
  'cerca.opcion_calle',
  'cerca.opcion_propia',
  'cerca.sumado',
  'cerca.sumado_con_avisos',
  'cerca.ya_no',
  'aviso_activo.hay',
  'foto.lugar',
  'registrado.avisar',
  'menu.pregunta',
  'menu.algo_mas',
] as const satisfies readonly TextKey[]

/** Finds each of those answers, as the settings with which it was given word it, and knows a state by its words. */
export type Marks = Readonly<Record<(typeof SIGNS)[number], Finder>> & { estadoDe(words: string): Estado }

/** Made of the wording of `mensajes`, and of the other languages in which the answer may have been given. */
export function marksOf(mensajes: Mensajes): Marks {
  const languages = [mensajes, ...LOCALES.filter((one) => one !== mensajes.locale).map((one) => mensajes.in(one))]
  const finders = SIGNS.map((key) => [key, anyOf(languages.map((one) => finderOf(one, key)))] as const)
  const says = (estado: Estado, words: string) => languages.some((one) => one.text(`estados.${estado}`) === words)
  return {
    ...(Object.fromEntries(finders) as Record<(typeof SIGNS)[number], Finder>),
    estadoDe: (words) => ESTADOS.find((one) => says(one, words)) ?? 'CANALIZADO',
  }
}

const LOCALES = ['es', 'en'] as const satisfies readonly Locale[]

/** What the first of them finds that finds anything. */
const anyOf =
  (finders: readonly Finder[]): Finder =>
  (answer) => {
    for (const find of finders) {
      const found = find(answer)
      if (found) return found
    }
    return undefined
  }

const textOf = ({ replies }: StoredTurn): string => replies.map(({ text = '' }) => text).join('\n')

/** Was the last thing asked the menu, with nothing left unfinished? */
export function endsAtMenu(turn: StoredTurn, marks: Marks): boolean {
  const { text = '', options = [] } = turn.replies.at(-1) ?? {}
  const ids = options.map(({ id }) => id)
  const unfinished = ids.some((id) => id === 'opcion/continuar_borrador' || id === 'opcion/contestar')
  return !unfinished && (marks['menu.pregunta'](text) ?? marks['menu.algo_mas'](text)) !== undefined
}

/** What the rows told then, as far as the answers tell of it. */
interface Seen {
  cercanas: Cercana[]
  /** For which subject and place they were shown, once that was asked. */
  shownFor?: string
  /** How many wanted it, of one that was joined; undefined when it was open no longer. */
  vecinos?: number | undefined
  aviso?: AvisoActivo
  lugarDeFotos?: Punto
}

/** What a conversation is told of what others reported and staff published, a turn at a time. */
export interface World {
  services: Pick<Services, 'cercanas' | 'sumarse' | 'avisoActivo' | 'lugarDeFotos' | 'faltaConsentimiento'>
  /** The turn that is held next. */
  recall(turn: StoredTurn): void
}

/** What the answers of a conversation tell of the town at that time; `zone` is its time zone, `place` a point inside it. */
export function worldOf(marks: Marks, { zone, place }: { zone: string; place: Punto | undefined }): World {
  let before: Seen = { cercanas: [] }
  let now: Seen = { cercanas: [] }
  const shown = new Map<string, Cercana[]>()
  let replyOnly = false
  return {
    recall(turn) {
      before = now
      now = seen(turn, marks, zone, place)
      replyOnly ||= marks['registrado.avisar'](textOf(turn)) !== undefined
    },
    // What was shown in one turn is chosen from in the next; for another place something else was shown, or nothing.
    services: {
      cercanas: async (categoria, lugar) => {
        const key = JSON.stringify([categoria, lugar.ubicacion, lugar.colonia, lugar.calle])
        const known = shown.get(key)
        if (!isShownNow(now, key, known)) return known ?? []
        now.shownFor = key
        shown.set(key, now.cercanas)
        return now.cercanas
      },
      sumarse: async () => now.vecinos,
      avisoActivo: async () => now.aviso ?? before.aviso,
      lugarDeFotos: async () => ({ punto: now.lugarDeFotos ?? before.lugarDeFotos, pendiente: false }),
      faltaConsentimiento: async () => replyOnly,
    },
  }
}

/** Does what the answer shows belong to this place? What was shown for it before is still on the screen when something else is shown. */
function isShownNow({ cercanas, shownFor }: Seen, key: string, known: readonly Cercana[] | undefined): boolean {
  if (cercanas.length === 0) return false
  if (shownFor !== undefined) return shownFor === key
  return known === undefined || foliosOf(known) === foliosOf(cercanas)
}

const foliosOf = (some: readonly Cercana[]): string => some.map(({ folio }) => folio).join(' ')

function seen(turn: StoredTurn, marks: Marks, zone: string, place: Punto | undefined): Seen {
  const text = textOf(turn)
  const aviso = marks['aviso_activo.hay'](text)
  return {
    cercanas: cercanasIn(turn, text, marks, zone),
    vecinos: vecinosIn(text, marks),
    ...(aviso && { aviso: { id: 1, texto: aviso.texto ?? '', hasta: momentIn(aviso.hasta ?? '', turn.at, zone) } }),
    ...(marks['foto.lugar'](text) && place && { lugarDeFotos: place }),
  }
}

function cercanasIn(turn: StoredTurn, text: string, marks: Marks, zone: string): Cercana[] {
  const one = marks['cerca.propia'](text) ?? marks['cerca.una_metros'](text) ?? marks['cerca.una_calle'](text)
  const several = one ? undefined : marks['cerca.varias'](text)
  if (!one && !several) return []
  const offered = turn.replies.flatMap(({ options = [] }) => options.flatMap((option) => folioIn(option) ?? []))
  const count = several ? Number(several.cuantas) || 2 : 1
  return Array.from({ length: count }, (_, index): Cercana => {
    const { folio = `UAC-26-00000${index + 1}-0`, label = '' } = offered[index] ?? {}
    const own = several ? marks['cerca.opcion_propia'](label) : marks['cerca.propia'](text)
    const told = several
      ? (own ?? marks['cerca.opcion_metros'](label) ?? marks['cerca.opcion_calle'](label) ?? {})
      : (one ?? {})
    const { estado = '', metros, fecha = '' } = told
    return {
      folio: told.folio ?? folio,
      asunto: (one ?? several)?.asunto ?? '',
      estadoTexto: estado,
      estado: marks.estadoDe(estado),
      registradaEl: momentIn(fecha, turn.at, zone),
      ...(metros !== undefined && { metros: Number(metros) }),
      vecinos: 1,
      propia: own !== undefined,
    }
  })
}

/** The petition that a button of the question stands for. */
function folioIn({ id, label }: { id: string; label: string }): { folio: string; label: string } | undefined {
  const folio = /^cercana\/(.+\d)$/.exec(id)?.[1]
  return folio === undefined ? undefined : { folio, label }
}

/** Of one that was joined, how many wanted it then. */
function vecinosIn(text: string, marks: Marks): number | undefined {
  if (marks['cerca.ya_no'](text)) return undefined
  const joined = marks['cerca.sumado'](text) ?? marks['cerca.sumado_con_avisos'](text)
  return Number(joined?.vecinos) || 2
}

/** How a day is written in each language. */
const DAYS = [
  { written: /\d{1,2} de \p{L}+/u, format: "d 'de' LLLL", locale: 'es' },
  { written: /\p{Lu}\p{L}+ \d{1,2}/u, format: 'LLLL d', locale: 'en' },
] as const

/** `el 22 de noviembre a las 18:00`, `hoy a las 9:30`, `20 de noviembre`, `November 20`: the moment nearest to the turn. */
function momentIn(words: string, at: string, zone: string): Date {
  const base = DateTime.fromISO(at, { zone })
  const hour = /(\d{1,2}):(\d{2})/.exec(words)
  const days = DAYS.flatMap(({ written, format, locale }) => {
    const date = written.exec(words)?.[0]
    return date === undefined ? [] : [DateTime.fromFormat(date, format, { zone, locale })]
  })
  const day = days.find(({ isValid }) => isValid) ?? base
  const near = day.isValid ? base.set({ month: day.month, day: day.day }) : base
  return near.set({ hour: Number(hour?.[1] ?? 12), minute: Number(hour?.[2] ?? 0), second: 0 }).toJSDate()
}
