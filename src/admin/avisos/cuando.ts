import { DateTime } from 'luxon'

/** Hours of a day as 'HH:mm'; over midnight when `a` comes before `de`. */
export interface Horas {
  de: string
  a: string
}

/** When nobody is disturbed any more: now, or the end of these hours when `now` is within them. */
export function despuesDelSilencio(now: Date, { de, a }: Horas, zone: string): Date {
  const local = DateTime.fromJSDate(now, { zone })
  const hora = local.toFormat('HH:mm')
  const overMidnight = de > a
  const quiet = overMidnight ? hora >= de || hora < a : hora >= de && hora < a
  if (!quiet) return now
  const [hour, minute] = a.split(':').map(Number)
  const end = local.set({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0 })
  return (end <= local ? end.plus({ days: 1 }) : end).toJSDate()
}

/** Hours after its time in which a digest is still made: the program may have been off. */
const TARDE = 4

/** The digests whose time came a while ago, by name, with a key that names the day too. */
export function resumenesDe(
  now: Date,
  horas: Readonly<Record<'manana' | 'mediodia', string>>,
  zone: string,
): { cual: 'manana' | 'mediodia'; clave: string }[] {
  const local = DateTime.fromJSDate(now, { zone })
  return (['manana', 'mediodia'] as const).flatMap((cual) => {
    const [hour = 0, minute = 0] = horas[cual].split(':').map(Number)
    const at = local.set({ hour, minute, second: 0, millisecond: 0 })
    const late = local.diff(at, 'hours').hours
    return late >= 0 && late < TARDE ? [{ cual, clave: `${local.toFormat('yyyy-MM-dd')}-${cual}` }] : []
  })
}
