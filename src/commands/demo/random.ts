/** Chance that is the same each time: everything of the demo comes from one seed. */
export interface Random {
  /** From 0 to below 1. */
  next(): number
  /** A whole number from 0 to max - 1. */
  below(max: number): number
  /** True in `share` of all cases. */
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** By the weight of each. */
  weighted<T extends { peso: number }>(list: readonly T[]): T
  /** Around `middle`, rarely beyond a third or thrice of it: how long things take. */
  spread(middle: number): number
}

/** Mulberry32, a generator of 32 bits. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (max: number) => Math.floor(next() * max)
  const pick = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
  return {
    next,
    below,
    pick,
    chance: (share) => next() < share,
    weighted(list) {
      let left = next() * list.reduce((sum, one) => sum + one.peso, 0)
      for (const one of list) {
        left -= one.peso
        if (left < 0) return one
      }
      return pick(list)
    },
    // Three throws make a bell; its exponent makes it lopsided, as waiting times are.
    spread: (middle) => middle * Math.exp((next() + next() + next() - 1.5) * 1.1),
  }
}
