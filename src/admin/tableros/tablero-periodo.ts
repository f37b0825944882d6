import { DateTime } from 'luxon'
import type { Ancho } from './tablero-filas.ts'

/** Days from `del` up to and including `al`, as ISO dates. */
export interface Periodo {
  del: string
  al: string
}

const day = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })
const iso = (at: DateTime) => at.toFormat('yyyy-MM-dd')

/** No dashboard reads more than this, in days. */
const MAXIMO = 366 * 3

/** What was asked for, from the month of `hoy` where nothing was; the ends in their order, and not too far apart. */
export function periodoDe({ del, al }: { [key in keyof Periodo]?: string | undefined }, hoy: string): Periodo {
  const from = del ?? iso(day(al ?? hoy).startOf('month'))
  const to = al ?? (from > hoy ? from : hoy)
  const [first, last] = from <= to ? [from, to] : [to, from]
  const earliest = iso(day(last).minus({ days: MAXIMO - 1 }))
  return { del: first < earliest ? earliest : first, al: last }
}

/** The period before, to compare with: the month before for a whole month or its days so far, else as many days. */
export function periodoAnterior({ del, al }: Periodo): Periodo {
  const [from, to] = [day(del), day(al)]
  if (from.day === 1 && from.hasSame(to, 'month')) {
    const before = from.minus({ months: 1 })
    const whole = iso(to) === iso(to.endOf('month'))
    const end = whole ? before.endOf('month') : before.set({ day: Math.min(to.day, before.daysInMonth ?? 28) })
    return { del: iso(before), al: iso(end) }
  }
  const days = to.diff(from, 'days').days + 1
  return { del: iso(from.minus({ days })), al: iso(from.minus({ days: 1 })) }
}

/** Steps of a trend that a person can take in. */
export function anchoDe({ del, al }: Periodo): Ancho {
  const days = day(al).diff(day(del), 'days').days + 1
  if (days <= 45) return 'day'
  return days <= 200 ? 'week' : 'month'
}

/** The days of a step of the trend, within the period. */
export function tramoDe(dia: string, ancho: Ancho, { del, al }: Periodo): Periodo {
  const end = iso(day(dia).endOf(ancho))
  return { del: dia < del ? del : dia, al: end > al ? al : end }
}

/** Every first day of a step between the ends, also those on which nothing came. */
export function pasosDe({ del, al }: Periodo, ancho: Ancho): string[] {
  const all: string[] = []
  for (let at = day(del).startOf(ancho); iso(at) <= al; at = at.plus({ [ancho]: 1 })) all.push(iso(at))
  return all
}

/** The periods that are one press away. */
export function periodosUsuales(hoy: string): { clave: string; periodo: Periodo }[] {
  const today = day(hoy)
  const before = today.minus({ months: 1 })
  return [
    { clave: 'mes', periodo: { del: iso(today.startOf('month')), al: hoy } },
    { clave: 'mes_pasado', periodo: { del: iso(before.startOf('month')), al: iso(before.endOf('month')) } },
    { clave: 'noventa', periodo: { del: iso(today.minus({ days: 89 })), al: hoy } },
    { clave: 'anio', periodo: { del: iso(today.startOf('year')), al: hoy } },
  ]
}
