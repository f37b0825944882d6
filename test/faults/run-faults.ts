import { until } from '../../src/runtime/until.ts'
import { type Chaos, createChaos } from './chaos.ts'
import { type Census, type Crowd, populate } from './citizens.ts'
import { drained, withClient } from './database-rows.ts'
import { createNotebook, type Notebook } from './notebook.ts'
import type { FaultOptions } from './options.ts'
import { createRandom } from './random.ts'
import { judge, type Report } from './report.ts'
import { type Stage, setStage } from './stage.ts'

/** How long everything may take to come to rest after the last message, in milliseconds. */
const DRAIN = 180_000

/**
 * Lets citizens write to the real processes while these are killed, then compares what the senders noted and what the
 * platform received with the rows. Everything started is ended, also when `signal` aborts.
 */
export async function runFaults(
  options: FaultOptions,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Report> {
  const began = Date.now()
  const random = createRandom(options.seed)
  const stage = await setStage(options.backend, random, log)
  let report: Report | undefined
  try {
    log(`stage set in ${Math.round((Date.now() - began) / 1000)} s: ${stage.folder}`)
    const chaos = createChaos(stage, random.fork('chaos'), log)
    const notebook = createNotebook()
    const { census, halfDone } = await perform(stage, options, chaos, notebook, log, signal)
    signal.throwIfAborted()
    report = await settle({ options, stage, chaos, notebook, census, halfDone, began }, log)
    return report
  } finally {
    await stage.close(options.keep || report === undefined || report.problems.length > 0)
  }
}

/** Citizens and blows at the same time, until there were enough of both. */
async function perform(
  stage: Stage,
  options: FaultOptions,
  chaos: Chaos,
  notebook: Notebook,
  log: (line: string) => void,
  signal: AbortSignal,
) {
  const { kills, minutes, messages, atOnce, length, seed } = options
  const milliseconds = minutes * 60_000
  const crowd: Crowd = { messages, atOnce, length, rate: messages / (minutes * 57) }
  const parts = {
    platform: stage.platform,
    front: stage.front,
    notebook,
    chaos,
    random: createRandom(seed).fork('crowd'),
  }
  const telling = setInterval(() => log(`${notebook.notes.length} messages, ${chaos.kills} kills`), 20_000)
  try {
    const [census, halfDone] = await Promise.all([
      populate(crowd, parts, () => chaos.kills >= kills, signal),
      options.stopAll ? stopAllOnce(stage, chaos, kills / 2, signal) : [],
      // Some blows are no kills, so they come a little quicker than kills are wanted.
      chaos.run(kills, milliseconds / (kills * 1.3 + 1), () => notebook.notes.length / messages, signal),
    ])
    return { census, halfDone }
  } finally {
    clearInterval(telling)
  }
}

/** Stops all processes under load, and looks for messages that a stopped process left half sent. */
async function stopAllOnce(stage: Stage, chaos: Chaos, afterKills: number, signal: AbortSignal): Promise<string[]> {
  await until(() => chaos.kills >= afterKills || signal.aborted, { every: 100 })
  if (signal.aborted) return []
  const left: string[] = []
  await chaos.stopAll(async (lastKill) => {
    const { rows } = await withClient(stage.database.url, (client) =>
      client.query<{ id: string }>(HALF_DONE, [lastKill + CLAIM_MS]),
    )
    left.push(...rows.map(({ id }) => `message ${id} was left half sent by a process that was stopped gracefully`))
  })
  return left
}

/** Longer than a claim lives after its process was killed. */
const CLAIM_MS = 8_100

const HALF_DONE = `select id from message where status = 'sending' and claimed_until > to_timestamp($1::float8 / 1000)`

/** What the verdict is made of. */
export interface Performance {
  options: FaultOptions
  stage: Stage
  chaos: Chaos
  notebook: Notebook
  census: Census
  halfDone: string[]
  began: number
}

async function settle(performance: Performance, log: (line: string) => void): Promise<Report> {
  const { stage, census } = performance
  log('all was said; waiting until nothing is left to do')
  await stage.fleet.ready(60_000)
  const from = Date.now()
  const waiting = await drained(stage.database.url, DRAIN)
  log(`at rest after ${((Date.now() - from) / 1000).toFixed(1)} s`)
  for (const reading of census.readings) {
    for (let before = -1; before < reading.ids.length; ) {
      before = reading.ids.length
      await reading.readOn()
    }
  }
  return judge(performance, waiting)
}
