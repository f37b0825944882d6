import type { Punto } from './services.ts'

/** Of the earth, in metres. */
const RADIO = 6_371_000

const rad = (grados: number) => (grados * Math.PI) / 180

/** Metres between two points, along the ground (haversine). */
export function metrosEntre(a: Punto, b: Punto): number {
  const dLat = rad(b.latitud - a.latitud)
  const dLon = rad(b.longitud - a.longitud)
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.latitud)) * Math.cos(rad(b.latitud)) * Math.sin(dLon / 2) ** 2
  return 2 * RADIO * Math.asin(Math.min(1, Math.sqrt(h)))
}
