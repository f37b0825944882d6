/** Several steps of a turn ask the same of the same text: what was made of the last one is kept. */
export function rememberingLast<T>(make: (text: string) => T): (text: string) => T {
  let last: { text: string; made: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) }
    return last.made
  }
}

/** What is made of a thing that never changes is kept as long as the thing. */
export function rememberingEach<K extends object, T>(make: (thing: K) => T): (thing: K) => T {
  const made = new WeakMap<K, { it: T }>()
  return (thing) => {
    const known = made.get(thing)
    if (known) return known.it
    const it = make(thing)
    made.set(thing, { it })
    return it
  }
}
