/** A text as its features, what it is (a number from 0), and how much it counts beside others. */
export interface Sample {
  features: readonly string[]
  label: number
  worth: number
}

/** What was learnt: how much each feature speaks for each label, in nats. */
export interface Weights {
  /** Where a feature's weights begin in `all`, one for each label; undefined for one never seen. */
  readonly from: ReadonlyMap<string, number>
  readonly all: Float32Array
  /** What speaks for each label before anything is said. */
  readonly bias: Float64Array
}

/** How often all samples are gone through, and how fast a weight that nothing asks for is forgotten. */
const ROUNDS = 15
const DECAY = 0.001
/** A step is the smaller the more was learnt of a feature already: how much counts as learnt before the first. */
const LEARNT = { feature: 0.01, bias: 1 } as const
/** Errors less than this teach nothing. */
const SLIGHT = 0.001

/** What the weights of a text with so many features are multiplied by: long texts are no surer than short ones. */
export const damping = (features: number): number => 1 / Math.sqrt(Math.max(features, 1))

/**
 * Learns to tell labels apart: logistic regression by descending gradients, the same each time; some tenths of a second. Of each
 * sample only numbers are kept, so that samples may be made one by one.
 */
export function learnWeights(samples: Iterable<Sample>, labels: number, rate: number): Weights {
  const from = new Map<string, number>()
  const lessons = Array.from(samples, ({ features, label, worth }) => {
    const row = Int32Array.from(features, (feature) => {
      const known = from.get(feature) ?? from.size * labels
      from.set(feature, known)
      return known
    })
    return { row, label, worth }
  })
  const all = new Float32Array(from.size * labels)
  const learnt = new Float32Array(all.length).fill(LEARNT.feature)
  const bias = new Float64Array(labels)
  const biasLearnt = new Float64Array(labels).fill(LEARNT.bias)
  const chances = new Float64Array(labels)
  for (const at of shuffled(lessons.length)) {
    const { row, label, worth } = lessons[at] ?? NONE
    const damp = damping(row.length)
    likelihoods(row, { all, bias, damp }, chances)
    for (let one = 0; one < labels; one++) {
      const error = ((chances[one] ?? 0) - (one === label ? 1 : 0)) * worth
      if (Math.abs(error) < SLIGHT) continue
      step(bias, biasLearnt, one, error, rate)
      for (const start of row) step(all, learnt, start + one, error * damp + DECAY * (all[start + one] ?? 0), rate)
    }
  }
  return { from, all, bias }
}

const NONE = { row: new Int32Array(0), label: 0, worth: 0 }

type Numbers = Float32Array | Float64Array

function step(weights: Numbers, learnt: Numbers, at: number, gradient: number, rate: number): void {
  const sum = (learnt[at] ?? 0) + gradient * gradient
  learnt[at] = sum
  weights[at] = (weights[at] ?? 0) - (rate * gradient) / Math.sqrt(sum)
}

type Believed = { all: Float32Array; bias: Float64Array; damp: number }

/** Writes how likely each label is into `chances`. */
function likelihoods(row: Int32Array, { all, bias, damp }: Believed, chances: Float64Array): void {
  chances.set(bias)
  for (const from of row)
    for (let one = 0; one < chances.length; one++) chances[one] = (chances[one] ?? 0) + damp * (all[from + one] ?? 0)
  let most = Number.NEGATIVE_INFINITY
  for (const sum of chances) most = Math.max(most, sum)
  let total = 0
  for (let one = 0; one < chances.length; one++) {
    const odds = Math.exp((chances[one] ?? 0) - most)
    chances[one] = odds
    total += odds
  }
  for (let one = 0; one < chances.length; one++) chances[one] = (chances[one] ?? 0) / total
}

/** The places of all samples so many rounds long, each round in another order, which is the same whenever it is asked. */
function* shuffled(size: number): Generator<number> {
  const order = Int32Array.from({ length: size }, (_, at) => at)
  let seed = 7
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = size - 1; at > 0; at--) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      const other = seed % (at + 1)
      const one = order[at] ?? 0
      order[at] = order[other] ?? 0
      order[other] = one
    }
    yield* order
  }
}
