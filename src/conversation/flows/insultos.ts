import type { Mensajes } from '../mensajes.ts'
import { rememberingEach } from '../remember.ts'
import { saysOnly } from '../words.ts'

/** Stretches of a text, each with the mark that ends it. */
const TRAMO = /[^,.;:!\n]+[,.;:!\n]*\s*/g

/** A text of more stretches is no outburst. */
const TRAMOS = 40

const entre = rememberingEach((mensajes: Mensajes) => [
  ...mensajes.words('relleno'),
  ...mensajes.words('insultos_entre'),
])

const insulta = (tramo: string, mensajes: Mensajes): boolean =>
  saysOnly(tramo, mensajes.words('insultos'), entre(mensajes))

/** A text without the stretches that do nothing but insult: nobody who attends needs them, and who wrote them need not read them again. */
export function sinInsultos(text: string, mensajes: Mensajes): string {
  const tramos = text.match(TRAMO) ?? []
  if (tramos.length > TRAMOS) return text
  const dicen = tramos.filter((one) => !insulta(one, mensajes))
  if (dicen.length === tramos.length) return text
  return dicen
    .join('')
    .trim()
    .replace(/[,;:]+$/, '')
}

/** Who writes so many characters tells something. */
const LARGO = 300

/** Does the text insult, and say nothing else? */
export const soloInsulta = (text: string, mensajes: Mensajes): boolean =>
  text.length < LARGO && /\p{L}/u.test(text) && sinInsultos(text, mensajes) === ''
