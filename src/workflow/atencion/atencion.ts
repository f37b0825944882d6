import { DateTime } from 'luxon'
import type { Atencion } from '../../conversation/flows/vocabulary.ts'
import type { Municipio } from '../catalogo/municipio.ts'

const DIAS = ['lunes', 'martes', 'miercoles', 'jueves', 'viernes', 'sabado', 'domingo'] as const

/** So far ahead an open hour is looked for, in days. */
const LEJOS = 60

/** Does somebody attend at this moment, and if not, when next? By the town's hours without its days off (ISO dates). */
export function atencionEn(
  ahora: Date,
  { horario, zona_horaria: zone }: Pick<Municipio, 'horario' | 'zona_horaria'>,
  inhabiles: ReadonlySet<string>,
): Atencion {
  const now = DateTime.fromJSDate(ahora, { zone })
  for (let faltan = 0; faltan <= LEJOS; faltan++) {
    const day = now.plus({ days: faltan })
    const fecha = day.toFormat('yyyy-MM-dd')
    const tramos = inhabiles.has(fecha)
      ? []
      : horario.filter(({ dias }) => dias.includes(DIAS[day.weekday - 1] ?? 'domingo'))
    const hora = faltan === 0 ? now.toFormat('HH:mm') : ''
    if (tramos.some(({ de, a }) => de <= hora && hora < a)) return { abierto: true }
    const [next] = tramos.filter(({ de }) => de > hora).sort((one, other) => one.de.localeCompare(other.de))
    if (next) return { abierto: false, fecha, faltan }
  }
  return { abierto: false, fecha: now.plus({ days: LEJOS }).toFormat('yyyy-MM-dd'), faltan: LEJOS }
}
