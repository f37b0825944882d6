import Holidays from 'date-holidays'
import { DateTime } from 'luxon'

/** Tamaulipas's central zone: no daylight saving since 2022. */
export const ZONA = 'America/Mexico_City'

/** Longer terms are a mistake, not a term. */
const MAXIMO = 2_000

/** A range of days off, both ends included, as ISO dates. */
export interface Periodo {
  desde: string
  hasta: string
}

/** The day of `at` in the municipality, as an ISO date. */
export const diaDe = (at: Date, zona = ZONA): string => iso(DateTime.fromJSDate(at, { zone: zona }))

/**
 * The last day of a term of working days, as an ISO date. The first day that counts is the working day after that of
 * `from`; `inhabiles` holds ISO dates (see `diasInhabiles`).
 * @throws {RangeError} when `diasHabiles` is not a whole number from 1 to 2000.
 */
export function vencimiento(from: Date, diasHabiles: number, inhabiles: ReadonlySet<string>, zona = ZONA): string {
  if (!Number.isInteger(diasHabiles) || diasHabiles < 1 || diasHabiles > MAXIMO) {
    throw new RangeError(`${diasHabiles} is not a number of working days from 1 to ${MAXIMO}`)
  }
  let day = DateTime.fromJSDate(from, { zone: zona })
  for (let left = diasHabiles; left > 0; ) {
    day = day.plus({ days: 1 })
    if (esHabil(iso(day), inhabiles)) left -= 1
  }
  return iso(day)
}

/** Working days after `desde` up to and including `hasta` (ISO dates); negative when `hasta` comes first. */
export function diasHabilesEntre(desde: string, hasta: string, inhabiles: ReadonlySet<string>): number {
  if (hasta < desde) return -diasHabilesEntre(hasta, desde, inhabiles) || 0
  return daysAfter(desde, hasta).filter((day) => esHabil(day, inhabiles)).length
}

/** The last day since whose end `dias` working days have passed by `hasta`, both as ISO dates: what was due then is so long overdue. */
export function haceDiasHabiles(hasta: string, dias: number, inhabiles: ReadonlySet<string>): string {
  let day = DateTime.fromISO(hasta, { zone: 'utc' })
  for (let left = dias; left > 0; day = day.minus({ days: 1 })) {
    if (esHabil(iso(day), inhabiles)) left -= 1
  }
  return iso(day)
}

/** Monday to Friday and not in `inhabiles`; `day` is an ISO date. */
export function esHabil(day: string, inhabiles: ReadonlySet<string>): boolean {
  return DateTime.fromISO(day, { zone: 'utc' }).weekday <= 5 && !inhabiles.has(day)
}

/**
 * Every day off that is no weekend rule: the obligatory holidays of the years `desde` to `hasta`, with the
 * municipality's own days and periods.
 */
export function diasInhabiles(
  desde: number,
  hasta: number,
  propios: Iterable<string> = [],
  periodos: Iterable<Periodo> = [],
): Set<string> {
  const years = Array.from({ length: hasta - desde + 1 }, (_, at) => desde + at)
  const ranges = [...periodos].flatMap((one) => [one.desde, ...daysAfter(one.desde, one.hasta)])
  return new Set([...years.flatMap(descansosDe), ...propios, ...ranges])
}

const calendar = new Holidays('MX', { types: ['public'] })
const CAMBIO_DE_GOBIERNO = 'Transmisión del Poder Ejecutivo Federal'

// Half a millisecond a year to compute, and every registration asks.
const computed = new Map<number, readonly string[]>()

function descansosDe(year: number): readonly string[] {
  const days = computed.get(year) ?? descansosObligatorios(year)
  computed.set(year, days)
  return days
}

/** Ley Federal del Trabajo, art. 74; its fraction VII moved the handover of power to 1 October in 2024, which the library lacks. */
function descansosObligatorios(year: number): string[] {
  const listed = calendar
    .getHolidays(year)
    .filter((day) => day.name !== CAMBIO_DE_GOBIERNO)
    .map((day) => day.date.slice(0, 10))
  return year % 6 === 2 ? [...listed, `${year}-10-01`] : listed
}

function daysAfter(desde: string, hasta: string): string[] {
  const start = DateTime.fromISO(desde, { zone: 'utc' })
  const count = Math.round(DateTime.fromISO(hasta, { zone: 'utc' }).diff(start, 'days').days)
  return Array.from({ length: Math.max(0, count) }, (_, at) => iso(start.plus({ days: at + 1 })))
}

function iso(day: DateTime): string {
  return day.toFormat('yyyy-MM-dd')
}
