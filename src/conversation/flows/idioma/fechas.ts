import type { DateTime } from 'luxon'
import type { Locale } from '../../state.ts'

/** How dates are written in each language, in luxon's tokens. */
const FORMATOS = {
  dia: { es: "d 'de' LLLL", en: 'LLLL d' },
  dia_de_semana: { es: "cccc d 'de' LLLL", en: 'cccc, LLLL d' },
  completa: { es: "d 'de' LLLL 'de' yyyy", en: 'LLLL d, yyyy' },
} as const satisfies Record<string, Record<Locale, string>>

/** `20 de noviembre`, `November 20`: a date in words, in its own zone. */
export const fechaEscrita = (fecha: DateTime, como: keyof typeof FORMATOS, locale: Locale): string =>
  fecha.setLocale(locale).toFormat(FORMATOS[como][locale])

/** `agua, luz y gas`, `water, light, and gas`. */
export const listaEscrita = (cosas: readonly string[], locale: Locale): string =>
  new Intl.ListFormat(locale).format(cosas)
