import { parseArgs } from 'node:util'

/** Where BullMQ's jobs are kept. */
export type Backend = 'postgres' | 'redis'

/** How much is to be said and struck. */
export interface FaultOptions {
  backend: Backend
  messages: number
  /** Deaths by -9 of processes, and of servers. */
  kills: number
  seed: number
  /** How long messages and kills are spread over. */
  minutes: number
  /** Conversations at the same time. */
  atOnce: number
  /** Messages of one who only chats. */
  length: number
  /** Is everything stopped gracefully once, under load? */
  stopAll: boolean
  /** Are folder and logs kept though all went well? */
  keep: boolean
}

/** Reads the command line: one run for each backend asked for. @throws a sentence for a wrong argument. */
export function readOptions(args: string[]): FaultOptions[] {
  const { values } = parseArgs({
    args,
    options: {
      backend: { type: 'string', default: 'both' },
      messages: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string', default: '10' },
      'at-once': { type: 'string', default: '24' },
      keep: { type: 'boolean', default: false },
    },
  })
  const backends = { postgres: ['postgres'], redis: ['redis'], both: ['postgres', 'redis'] } as const
  const chosen = Object.entries(backends).find(([name]) => name === values.backend)?.[1]
  if (!chosen) throw new Error('--backend is postgres, redis or both')
  const number = (name: 'messages' | 'kills' | 'seed' | 'minutes' | 'at-once') => {
    const value = Number(values[name])
    if (!(value >= 0)) throw new Error(`--${name} is a number`)
    return value
  }
  return chosen.map((backend) => ({
    backend,
    messages: number('messages'),
    kills: number('kills'),
    seed: number('seed'),
    minutes: number('minutes'),
    atOnce: number('at-once'),
    length: 50,
    stopAll: true,
    keep: values.keep,
  }))
}
