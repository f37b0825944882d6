import { z } from 'zod'
import { metrosEntre } from '../cercania/distancia.ts'
import type { Punto } from '../cercania/services.ts'

/** GeoJSON's order: longitude first. */
const vertice = z.tuple([
  z.number().min(-180).max(180, 'expected a longitude first, as in [-97.93, 22.40]'),
  z.number().min(-90).max(90, 'expected a latitude second, as in [-97.93, 22.40]'),
])
const anillo = z.array(vertice).min(4, 'expected at least four corners')

const igual = (a: readonly number[] | undefined, b: readonly number[] | undefined) =>
  a?.[0] === b?.[0] && a?.[1] === b?.[1]

const poligono = anillo.refine((ring) => igual(ring[0], ring.at(-1)), 'expected the last corner to be the first again')

/** config/limites.yaml: where the municipality ends, and who is beyond. */
export const limitesSchema = z.strictObject({
  /** How far outside a point still counts as inside: maps and telephones err. */
  tolerancia_m: z.int().min(0).max(5000),
  /** Several when there are islands or parts apart. */
  municipio: z.array(poligono).min(1),
  vecinos: z
    .array(
      z.strictObject({
        nombre: z.string().trim().min(1).max(60),
        /** Whom to ask there, as a sentence; '' when it is not known. */
        a_quien: z.string().trim().max(120).default(''),
        poligonos: z.array(poligono).min(1),
      }),
    )
    .default([]),
})

/** The municipality's limits, validated. */
export type Limites = z.output<typeof limitesSchema>
type Anillo = z.output<typeof anillo>

/** Whose ground a point is: ours, a neighbour's that is known, or somebody else's. */
export type Suelo = { kind: 'nuestro' } | { kind: 'vecino'; nombre: string; aQuien: string } | { kind: 'lejos' }

/** Whose ground the point is. On the border, as far as the tolerance goes, it is ours. */
export function sueloDe({ municipio, tolerancia_m, vecinos }: Limites, punto: Punto): Suelo {
  const nuestro = municipio.some((ring) => dentro(ring, punto) || metrosAlBorde(ring, punto) <= tolerancia_m)
  if (nuestro) return { kind: 'nuestro' }
  const vecino = vecinos.find(({ poligonos }) => poligonos.some((ring) => dentro(ring, punto)))
  return vecino ? { kind: 'vecino', nombre: vecino.nombre, aQuien: vecino.a_quien } : { kind: 'lejos' }
}

/** Does a ray from the point cross the ring an odd number of times? */
function dentro(ring: Anillo, { latitud, longitud }: Punto): boolean {
  let inside = false
  for (const [[x1, y1], [x2, y2]] of lados(ring)) {
    const crosses = y1 > latitud !== y2 > latitud && longitud < ((x2 - x1) * (latitud - y1)) / (y2 - y1) + x1
    if (crosses) inside = !inside
  }
  return inside
}

type Lado = [Anillo[number], Anillo[number]]

const lados = (ring: Anillo): Lado[] => ring.slice(1).map((end, index): Lado => [ring[index] ?? end, end])

/** To the nearest side, taken as flat: sides are short against the earth. */
function metrosAlBorde(ring: Anillo, punto: Punto): number {
  return Math.min(...lados(ring).map((lado) => metrosEntre(punto, masCercano(lado, punto))))
}

function masCercano([[x1, y1], [x2, y2]]: Lado, { latitud, longitud }: Punto): Punto {
  const shrink = Math.cos((latitud * Math.PI) / 180)
  const [dx, dy] = [(x2 - x1) * shrink, y2 - y1]
  const length = dx ** 2 + dy ** 2
  const along = length === 0 ? 0 : ((longitud - x1) * shrink * dx + (latitud - y1) * dy) / length
  const at = Math.min(1, Math.max(0, along))
  return { latitud: y1 + (y2 - y1) * at, longitud: x1 + (x2 - x1) * at }
}
