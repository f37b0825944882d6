import { DateTime } from 'luxon'
import { esHabil } from '../../workflow/peticion/plazo.ts'
import type { Random } from './random.ts'

/** Office hours of the demo's staff. */
const OPENS = 8
const CLOSES = 16

/** When citizens write: weight of each hour of the day, from midnight. */
const HOURS = [1, 0, 0, 0, 0, 1, 3, 7, 10, 12, 12, 11, 10, 9, 8, 8, 8, 9, 10, 10, 8, 6, 4, 2]
const SATURDAY = 0.5
const SUNDAY = 0.3

/** How much more is asked at the end than at the beginning: the town gets to know the channel. */
const GROWTH = 1.5

/** The working days and hours of the town. */
export interface Calendar {
  zone: string
  /** ISO dates. */
  inhabiles: ReadonlySet<string>
}

/** `count` moments of the `days` before `now`, oldest first: more on working days and at waking hours. */
export function moments(count: number, days: number, now: Date, calendar: Calendar, random: Random): Date[] {
  const today = DateTime.fromJSDate(now, { zone: calendar.zone }).startOf('day')
  const dates = Array.from({ length: days + 1 }, (_, ago) => {
    const day = today.minus({ days: ago })
    return { day, peso: weightOf(day, calendar) * (1 + GROWTH * (1 - ago / days)) }
  })
  const hours = HOURS.map((peso, hour) => ({ peso, hour }))
  const found: Date[] = []
  while (found.length < count) {
    const { day } = random.weighted(dates)
    const minutes = random.weighted(hours).hour * 60 + random.next() * 60
    const at = day.plus({ minutes }).toJSDate()
    if (at < now) found.push(at)
  }
  return found.sort((one, other) => one.getTime() - other.getTime())
}

function weightOf(day: DateTime, calendar: Calendar): number {
  if (isWorkingDay(day, calendar)) return 1
  return day.weekday === 6 ? SATURDAY : SUNDAY
}

/** The moment after `hours` of office time; what comes outside of it waits for the next morning. */
export function afterOfficeHours(from: Date, hours: number, calendar: Calendar): Date {
  let at = openAt(DateTime.fromJSDate(from, { zone: calendar.zone }), calendar)
  for (let left = hours; ; ) {
    const today = at.set({ hour: CLOSES, minute: 0, second: 0, millisecond: 0 }).diff(at, 'hours').hours
    if (left <= today) return at.plus({ hours: left }).toJSDate()
    left -= today
    at = openAt(at.plus({ days: 1 }).startOf('day'), calendar)
  }
}

function openAt(at: DateTime, calendar: Calendar): DateTime {
  let day = at.hour >= CLOSES ? at.plus({ days: 1 }).startOf('day') : at
  while (!isWorkingDay(day, calendar)) day = day.plus({ days: 1 }).startOf('day')
  return day.hour < OPENS ? day.set({ hour: OPENS, minute: 0, second: 0, millisecond: 0 }) : day
}

const isWorkingDay = (day: DateTime, { inhabiles }: Calendar) => esHabil(day.toFormat('yyyy-MM-dd'), inhabiles)
