import { readFileSync } from 'node:fs'
import { DateTime, Duration } from 'luxon'
import { parse } from 'yaml'
import { z } from 'zod'

type Tree = { [key: string]: string | Tree }
const tree: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])))

const TEXTOS = tree.parse(parse(readFileSync(new URL('./views/textos.yaml', import.meta.url), 'utf8')))

/** What fills the `{gaps}` of a text. */
export type Valores = Record<string, string | number>

/** What the views say things with: texts by key, times in words. */
export interface Palabras {
  /** The text under a dotted key, with `{names}` filled in. @throws {Error} when there is none. */
  t(key: string, values?: Valores): string
  /** `key.uno` for 1, `key.otros` for any other number; `{n}` is the number. */
  n(key: string, count: number): string
  /** What to do about a channel that does not work, by the platform where that differs. */
  remedio(motivo: string, canal: string): string
  /** The label of a value, or the value itself when it has none. */
  etiqueta(list: string, value: string): string
  /** `3 de noviembre de 2026, 14:05`. */
  fechaHora(at: Date): string
  /** `3 nov 2026`; takes a Date or 'YYYY-MM-DD'. */
  fecha(at: Date | string): string
  /** Seconds as `4 minutos` or `1 hora 20 minutos`. */
  duracion(seconds: number): string
  /** `hace 5 minutos`. */
  hace(at: Date): string
  /** Whole days from today until that day; negative when it has passed. */
  diasHasta(day: string): number
  /** `vence hoy`, `vencida hace 2 días`. */
  vence(day: string): string
}

/** Texts of the staff in Spanish, times in the municipality's zone. */
export function createPalabras(zone: string, now: () => Date): Palabras {
  const local = (at: Date) => DateTime.fromJSDate(at, { zone }).setLocale('es-MX')
  const t = (key: string, values: Valores = {}) => fill(required(key), values)
  const n = (key: string, count: number) =>
    t(`${key}.${count === 1 ? 'uno' : 'otros'}`, { n: count.toLocaleString('es-MX') })
  const diasHasta = (day: string) =>
    Math.round(DateTime.fromISO(day, { zone: 'utc' }).diff(DateTime.fromISO(today(), { zone: 'utc' }), 'days').days)
  const today = () => local(now()).toISODate() ?? ''
  return {
    t,
    n,
    diasHasta,
    remedio: (motivo, canal) => lookUp(`canal_remedio.${motivo}_${canal}`) ?? t(`canal_remedio.${motivo}`),
    // A value may have dots of its own: `mensajes.es`.
    etiqueta: (list, value) => lookUp(list, value) ?? value,
    fechaHora: (at) => local(at).toFormat("d 'de' LLLL 'de' yyyy, HH:mm"),
    fecha: (at) =>
      (typeof at === 'string' ? DateTime.fromISO(at, { zone: 'utc' }).setLocale('es-MX') : local(at)).toFormat(
        'd LLL yyyy',
      ),
    duracion: (seconds) =>
      Duration.fromObject({ hours: 0, minutes: Math.max(1, Math.round(seconds / 60)) })
        .normalize()
        .reconfigure({ locale: 'es-MX' })
        .toHuman({ showZeros: false, listStyle: 'narrow' }),
    hace: (at) =>
      now().getTime() - at.getTime() < 60_000
        ? t('hace_un_momento')
        : (local(at).toRelative({ base: local(now()) }) ?? ''),
    vence: (day) => {
      const days = diasHasta(day)
      if (days === 0) return t('vence.hoy')
      if (days === 1) return t('vence.manana')
      return days > 0 ? n('vence.en', days) : n('vence.hace', -days)
    },
  }
}

function lookUp(key: string, last?: string): string | undefined {
  let at: string | Tree | undefined = TEXTOS
  for (const part of [...key.split('.'), ...(last === undefined ? [] : [last])])
    at = typeof at === 'object' ? at[part] : undefined
  return typeof at === 'string' ? at : undefined
}

function required(key: string): string {
  const text = lookUp(key)
  if (text === undefined) throw new Error(`views/textos.yaml has no text ${key}`)
  return text
}

const fill = (text: string, values: Valores) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
