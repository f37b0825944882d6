import { DateTime } from 'luxon'
import type { Municipio } from '../catalogo/municipio.ts'

/** Is it an hour at which nobody is reminded of anything? */
export function esDeNoche(ahora: Date, { zona_horaria: zone, conversacion }: Municipio): boolean {
  const { de, a } = conversacion.silencio
  const hora = DateTime.fromJSDate(ahora, { zone }).toFormat('HH:mm')
  return de < a ? hora >= de && hora < a : hora >= de || hora < a
}
