import Holidays from 'date-holidays'
import { diasInhabiles, esHabil } from '../peticion/plazo.ts'

/** A day by its name; the date in ISO. */
export interface Feriado {
  fecha: string
  nombre: string
}

const calendario = new Holidays('MX', { languages: ['es'] })

/** The year's obligatory days off, which count as such without being written anywhere. */
export function descansosDeLey(year: number): Feriado[] {
  const nombres = new Map(delAnio(year).map((one) => [one.fecha, one.nombre]))
  return [...diasInhabiles(year, year)]
    .sort()
    .map((fecha) => ({ fecha, nombre: nombres.get(fecha) ?? 'Transmisión del Poder Ejecutivo Federal' }))
}

/** Working days of the year that many offices close on: a municipality may declare them days off. */
export function diasPropuestos(year: number): Feriado[] {
  const deLey = diasInhabiles(year, year)
  return delAnio(year, ['bank', 'optional', 'observance']).filter(({ fecha }) => esHabil(fecha, deLey))
}

const delAnio = (year: number, types?: ('bank' | 'optional' | 'observance')[]): Feriado[] =>
  calendario
    .getHolidays(year)
    .filter(({ type }) => types === undefined || types.some((one) => one === type))
    .map(({ date, name }) => ({ fecha: date.slice(0, 10), nombre: name }))
