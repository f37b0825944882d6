import type { Choosable } from '../flow.ts'
import type { Mensajes, Placeholder, TextKey } from '../mensajes.ts'

/** Labels of options that need nothing filled in. */
type Etiqueta = {
  [K in TextKey]: K extends `opciones.${infer N}` ? ([Placeholder<K>] extends [never] ? N : never) : never
}[TextKey]

/** An option named as its label is; `words` are other ways of saying it. */
export const opcion = (mensajes: Mensajes, name: Etiqueta, words?: readonly string[]): Choosable => ({
  id: name,
  label: mensajes.text(`opciones.${name}`),
  ...(words && { words }),
})
