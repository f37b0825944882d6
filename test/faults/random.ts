/** Numbers that the same seed repeats. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** An item by weight; weights need not add up to anything. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T
  /** A series of its own, so that what runs beside does not change it. */
  fork(name: string): Random
}

/** Mulberry32, by Tommy Ettinger: small, and good enough to choose victims. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const pick = <T>(list: readonly T[]): T => {
    const choice = list[Math.floor(next() * list.length)]
    if (choice === undefined) throw new Error('nothing to choose from')
    return choice
  }
  return {
    next,
    pick,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    weighted(choices) {
      let rest = next() * choices.reduce((sum, [weight]) => sum + weight, 0)
      const chosen = choices.find(([weight]) => {
        rest -= weight
        return rest < 0
      })
      return (chosen ?? pick(choices))[1]
    },
    fork: (name) =>
      createRandom([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619), seed)),
  }
}
