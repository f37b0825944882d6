const METHODS = ['log', 'info', 'warn', 'error'] as const

/**
 * Keeps off the console what a library without a logger writes to it, by the first thing it writes. Everything else stays as it was.
 * Once for each `name`, however often it is called.
 */
export function quietConsole(name: string, isNoise: (first: unknown) => boolean): void {
  const silenced = Symbol.for(`canaliza quiet ${name}`)
  if (silenced in console) return
  Object.defineProperty(console, silenced, { value: true })
  for (const method of METHODS) {
    const original = console[method]
    console[method] = (first?: unknown, ...rest: unknown[]) => {
      if (!isNoise(first)) original.call(console, first, ...rest)
    }
  }
}
