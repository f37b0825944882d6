import { expect, it } from 'vitest'
import { describeWithRedis } from '../parts.ts'
import type { Backend } from './options.ts'
import { printed } from './report.ts'
import { runFaults } from './run-faults.ts'

/** The run of `npm run faults` in small; as there, everything is compared. */
async function short(backend: Backend): Promise<string[]> {
  const log: string[] = []
  const options = {
    backend,
    messages: 400,
    kills: 8,
    seed: 20_261_122,
    minutes: 0.4,
    atOnce: 12,
    length: 16,
    stopAll: false,
    keep: false,
  }
  const report = await runFaults(options, (line) => log.push(line), new AbortController().signal)
  if (report.problems.length > 0) console.error([...log, printed(report)].join('\n'))
  return report.problems
}

// Where the blows fall depends on the machine. What a first run finds is printed in full; `npm run faults` allows no second.
const LIMITS = { timeout: 240_000 }

it('loses, doubles and reorders nothing while processes and PostgreSQL are killed', LIMITS, async () => {
  expect(await short('postgres')).toEqual([])
})

describeWithRedis('with queues on Redis', () => {
  it('loses, doubles and reorders nothing, Redis killed and emptied too', LIMITS, async () => {
    expect(await short('redis')).toEqual([])
  })
})
