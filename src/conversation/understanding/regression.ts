/** A text as its features, what it is (a number from 0), and how much it counts beside others. */
export interface Sample {
  features: readonly string[]
  label: number
  worth: number
}

/** What was learnt: how much each feature speaks for each label. */
export interface Weights {
  /** Where a feature's weights begin in `all`, one for each label; undefined for one never seen. */
  readonly from: ReadonlyMap<string, number>
  /** In parts of a nat, `PARTS` of which are one: to know it more exactly tells nothing. */
  readonly all: Int8Array
  /** What speaks for each label before anything is said, in nats. */
  readonly bias: Float64Array
}

/** Into how many parts a nat is divided in `Weights.all`. */
export const PARTS = 32
const MOST = 127

/**
 * How often all samples are gone through, how fast a weight that nothing asks for is forgotten, and how many samples must
 * have a feature: what only one of many has tells nothing of others.
 */
const PACE = {
  few: { rounds: 15, decay: 0.003, shared: 1 },
  many: { rounds: 7, decay: 0.003, shared: 2 },
} as const
/** So many samples are many. */
const MANY = 5000
/** A step is the smaller the more was learnt of a feature already: how much counts as learnt before the first. */
const LEARNT = { feature: 0.01, bias: 1 } as const
/** Errors less than this teach nothing. */
const SLIGHT = 0.001

/** What the weights of a text with so many features are multiplied by: long texts are no surer than short ones. */
export const damping = (features: number): number => 1 / Math.sqrt(Math.max(features, 1))

/**
 * Learns to tell labels apart: logistic regression by descending gradients, the same each time; a second or two for ten
 * thousand samples.
 */
export function learnWeights(samples: Iterable<Sample>, labels: number, rate: number): Weights {
  const read = [...samples]
  const { rounds, decay, shared } = read.length < MANY ? PACE.few : PACE.many
  const { from, lessons } = lessonsOf(read, labels, shared)
  const all = new Float32Array(from.size * labels)
  const learnt = new Float32Array(all.length).fill(LEARNT.feature)
  const bias = new Float64Array(labels)
  const biasLearnt = new Float64Array(labels).fill(LEARNT.bias)
  const chances = new Float64Array(labels)
  for (const at of shuffled(lessons.length, rounds)) {
    const { row, label, worth } = lessons[at] ?? NONE
    const damp = damping(row.length)
    likelihoods(row, { all, bias, damp }, chances)
    for (let one = 0; one < labels; one++) {
      const error = ((chances[one] ?? 0) - (one === label ? 1 : 0)) * worth
      if (Math.abs(error) < SLIGHT) continue
      step(bias, biasLearnt, one, error, rate)
      for (const start of row) step(all, learnt, start + one, error * damp + decay * (all[start + one] ?? 0), rate)
    }
  }
  return { from, all: Int8Array.from(all, (nats) => Math.max(-MOST, Math.min(MOST, Math.round(nats * PARTS)))), bias }
}

interface Lesson {
  /** Where the weights of its features begin. */
  row: Int32Array
  label: number
  worth: number
}

const NONE: Lesson = { row: new Int32Array(0), label: 0, worth: 0 }

/** Of each sample only numbers are kept; of features only those that so many have. */
function lessonsOf(
  samples: readonly Sample[],
  labels: number,
  shared: number,
): { from: Map<string, number>; lessons: Lesson[] } {
  const seen = new Map<string, { times: number; from: number }>()
  const rows = samples.map(({ features, label, worth }) => {
    const having = features.map((feature) => {
      const known = seen.get(feature) ?? { times: 0, from: -1 }
      known.times++
      seen.set(feature, known)
      return known
    })
    return { having, label, worth }
  })
  const from = new Map<string, number>()
  for (const [feature, known] of seen) {
    if (known.times < shared) continue
    known.from = from.size * labels
    from.set(feature, known.from)
  }
  const lessons = rows.map(({ having, label, worth }) => {
    const row = Int32Array.from(having.filter((one) => one.from >= 0).map((one) => one.from))
    return { row, label, worth }
  })
  return { from, lessons }
}

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
function* shuffled(size: number, rounds: number): Generator<number> {
  const order = Int32Array.from({ length: size }, (_, at) => at)
  let seed = 7
  for (let round = 0; round < rounds; round++) {
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
