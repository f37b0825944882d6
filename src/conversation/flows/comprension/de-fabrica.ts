import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Topic } from '../../understanding/model.ts'
import type { Weights } from '../../understanding/regression.ts'
import type { Aprendido } from './aprendido.ts'

/**
 * What was learnt of the examples that come with the program, one file a language, so that a start need not learn it
 * again; written by `npm run aprender`. Other examples are learnt when they are met.
 */
export const DE_FABRICA = (['es', 'en'] as const).map((locale) => ({
  locale,
  file: new URL(`./de-fabrica/${locale}.json.gz`, import.meta.url),
}))

/** By what the same lesson is known. */
export const huellaDe = (saber: unknown, topics: readonly Topic[]): string =>
  createHash('sha256')
    .update(JSON.stringify([saber, topics]))
    .digest('base64')

let leidos: readonly Guardado[] | undefined
/** What was learnt elsewhere, the last ones. */
const traidos = new Map<string, Aprendido>()
const TRAIDOS = 4

/** What was learnt, and of which lesson. */
export interface Guardado {
  huella: string
  aprendido: Aprendido
}

/** Keeps what was learnt elsewhere, for when its lesson is met. */
export function traer({ huella, aprendido }: Guardado): void {
  traidos.delete(huella)
  traidos.set(huella, aprendido)
  for (const viejo of [...traidos.keys()].slice(0, -TRAIDOS)) traidos.delete(viejo)
}

/** What was learnt of this lesson before it was shipped, or elsewhere; undefined for any other. */
export function deFabrica(huella: string): Aprendido | undefined {
  const traido = traidos.get(huella)
  if (traido) return traido
  leidos ??= DE_FABRICA.flatMap(({ file }) => (existsSync(file) ? [desempacar(readFileSync(file))] : []))
  return leidos.find((one) => one.huella === huella)?.aprendido
}

const pesos = z
  .object({ features: z.array(z.string()), weights: z.string(), bias: z.array(z.number()).min(1) })
  .transform(({ features, weights, bias }, context): Weights => {
    const all = new Int8Array(Buffer.from(weights, 'base64'))
    if (all.length !== features.length * bias.length)
      context.addIssue({ code: 'custom', message: 'expected a weight for each feature and label' })
    return { from: new Map(features.map((name, at) => [name, at * bias.length])), all, bias: Float64Array.from(bias) }
  })
const guardado = z
  .object({ huella: z.string(), asuntos: pesos, peligro: pesos, cuenta: pesos.optional() })
  .transform(({ huella, ...aprendido }): Guardado => ({ huella, aprendido }))

/** As a file. */
export function empacar({ huella, aprendido: { asuntos, peligro, cuenta } }: Guardado): Buffer {
  const weights = ({ from, all, bias }: Weights) => ({
    features: [...from.keys()],
    weights: Buffer.from(all.buffer, all.byteOffset, all.byteLength).toString('base64'),
    bias: [...bias],
  })
  const parts = { asuntos: weights(asuntos), peligro: weights(peligro), ...(cuenta && { cuenta: weights(cuenta) }) }
  return gzipSync(JSON.stringify({ huella, ...parts }), { level: 9 })
}

/** From such a file; throws when it is none. */
export const desempacar = (file: Buffer): Guardado => guardado.parse(JSON.parse(gunzipSync(file).toString('utf8')))
