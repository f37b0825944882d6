import { DateTime } from 'luxon'
import type { Mensajes } from '../../mensajes.ts'
import { saysOnly, wordsOf } from '../../words.ts'

/** A day as people write it, read in the zone of `now`; undefined when it cannot be one. Without a year, the last such day. */
export function leerFecha(escrita: string, now: DateTime, mensajes: Mensajes): DateTime | undefined {
  const today = now.startOf('day')
  if (saysOnly(escrita, mensajes.words('hoy'))) return today
  if (saysOnly(escrita, mensajes.words('ayer'))) return today.minus({ days: 1 })
  const [day, month, year] = partes(escrita, mensajes)
  if (day === undefined || month === undefined) return undefined
  const full = year === undefined ? now.year : year < 100 ? 2000 + year : year
  const date = DateTime.fromObject({ year: full, month, day }, { zone: now.zone })
  if (!date.isValid) return undefined
  return year === undefined && date > today ? date.minus({ years: 1 }) : date
}

function partes(escrita: string, mensajes: Mensajes): (number | undefined)[] {
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(escrita)
  if (iso) return [iso[3], iso[2], iso[1]].map(Number)
  const numeric = /(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?/.exec(escrita)
  if (numeric)
    return [numeric[1], numeric[2], numeric[3]].map((part) => (part === undefined ? undefined : Number(part)))
  const words = wordsOf(escrita)
  const month = mensajes.words('meses').findIndex((name) => words.includes(wordsOf(name)[0] ?? '')) + 1
  const numbers = words.filter((word) => /^\d{1,4}$/.test(word)).map(Number)
  return month === 0 ? [] : [numbers[0], month, numbers[1]]
}
