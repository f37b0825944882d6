/** What happens, each thing at its time. */
export interface Agenda {
  add(at: Date, happen: () => Promise<void>): void
  /** Lets everything before `until` happen, the earliest first; `set` is told each time before. */
  run(until: Date, set: (at: Date) => void): Promise<void>
}

interface Entry {
  at: Date
  happen(): Promise<void>
}

export function createAgenda(): Agenda {
  const entries: Entry[] = []
  return {
    add(at, happen) {
      const later = entries.findIndex((one) => one.at > at)
      entries.splice(later === -1 ? entries.length : later, 0, { at, happen })
    },
    async run(until, set) {
      for (let next = entries.shift(); next && next.at < until; next = entries.shift()) {
        set(next.at)
        await next.happen()
      }
    },
  }
}
