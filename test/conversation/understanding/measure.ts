import type { Comprension } from '../../../src/conversation/flows/comprension/comprension.ts'
import type { Labelled } from './labelled.ts'

/** How well labelled messages are understood; every share is from 0 to 1. */
export interface Figures {
  /** Messages with a category, and how many of these had it first and among the first three. */
  messages: number
  top1: number
  top3: number
  emergencies: number
  found: number
  /** Messages that tell of no danger, and how many of them were taken for one. */
  calm: number
  falseAlarms: number
  /** Messages of one problem that were taken for several. */
  split: number
  /** Milliseconds a message costs. */
  p50: number
  p99: number
}

/** What was understood of one message, beside its label; the topics are those that a citizen would be offered. */
export interface Result extends Labelled {
  topics: string[]
  danger: boolean
  several: boolean
  took: number
}

/** Understands each message once, timed. */
export const understandAll = (labelled: readonly Labelled[], comprension: Comprension): Result[] =>
  labelled.map((one) => {
    const start = performance.now()
    const { peligro, partes } = comprension.comprender(one.text)
    const topics = comprension.parecidos(one.text).map(({ topic }) => topic)
    const took = performance.now() - start
    return { ...one, topics, danger: peligro !== undefined, several: partes.length > 0, took }
  })

/** Labels of messages that have no category, or more than one. */
const WITHOUT_CATEGORY = /^(?:NO_EMERGENCIA|CONSULTA|NADA|OTRO|VARIOS\b.*)$/

const share = (some: readonly unknown[], all: readonly unknown[]) => (all.length === 0 ? 1 : some.length / all.length)

/** The figures of these results. */
export function figuresOf(results: readonly Result[]): Figures {
  const emergencies = results.filter(({ label }) => label === 'EMERGENCIA')
  const calm = results.filter(({ label }) => label !== 'EMERGENCIA')
  const told = calm.filter(({ label }) => !WITHOUT_CATEGORY.test(label))
  const took = results.map((one) => one.took).sort((a, b) => a - b)
  return {
    messages: told.length,
    top1: share(
      told.filter(({ label, topics }) => topics[0] === label),
      told,
    ),
    top3: share(
      told.filter(({ label, topics }) => topics.slice(0, 3).includes(label)),
      told,
    ),
    emergencies: emergencies.length,
    found: share(
      emergencies.filter(({ danger }) => danger),
      emergencies,
    ),
    calm: calm.length,
    falseAlarms: share(
      calm.filter(({ danger }) => danger),
      calm,
    ),
    split: share(
      told.filter(({ several }) => several),
      told,
    ),
    p50: took[Math.floor(took.length / 2)] ?? 0,
    p99: took[Math.floor(took.length * 0.99)] ?? 0,
  }
}
