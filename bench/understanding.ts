import { BLIND, readLabelled, UNTOUCHED } from '../test/conversation/understanding/labelled.ts'
import { type Figures, figuresOf, understandAll } from '../test/conversation/understanding/measure.ts'
import { shippedComprension, shippedEnglish } from '../test/conversation/understanding/shipped.ts'
import type { Line } from './table.ts'

/** How often each message is understood, so that the cost is that of a program that has been running. */
const ROUNDS = 20

/** How well and how fast the shipped understanding reads labelled messages; aims hold for those held out from tuning. */
export async function benchUnderstanding(): Promise<Line[]> {
  const start = performance.now()
  const comprension = await shippedComprension()
  const learnt = performance.now() - start
  const held = await readLabelled('held-out')
  const tuning = await readLabelled('tuning')
  understandAll([...held, ...tuning], comprension)
  const rounds = Array.from({ length: ROUNDS }, () => understandAll(held, comprension))
  const first = rounds[0] ?? []
  // The median of each message: what else the machine does meanwhile is no cost of the understanding.
  const costs = first.map((one, at) => ({ ...one, took: median(rounds.map((round) => round[at]?.took ?? 0)) }))
  return [
    ...lines('blind, never among the examples', figuresOf(understandAll(await readLabelled(UNTOUCHED), comprension))),
    ...lines('held out from tuning', figuresOf(first)),
    ...lines('among the examples by now', figuresOf(understandAll(tuning, comprension))),
    ...lines(
      'fresh, among the examples by now',
      figuresOf(understandAll(await readLabelled('fresh-tuning'), comprension)),
    ),
    ...lines(
      'blind once, among the examples by now',
      figuresOf(understandAll((await Promise.all(BLIND.map(readLabelled))).flat(), comprension)),
    ),
    ...lines(
      'more fresh ones, among the examples by now',
      figuresOf(understandAll(await readLabelled('fresh-held-out'), comprension)),
    ),
    ...lines(
      'in English, held out',
      figuresOf(understandAll(await readLabelled('english-held-out'), await shippedEnglish())),
    ),
    ['understanding a message, p50', '', milliseconds(figuresOf(costs).p50)],
    ['understanding a message, p99', '< 5 ms', milliseconds(figuresOf(costs).p99)],
    ['reading config/ and what was learnt from it, once', '', milliseconds(learnt)],
  ]
}

function lines(part: string, figures: Figures): Line[] {
  const { messages, top1, top3, emergencies, found, calm, falseAlarms, split } = figures
  return [
    [`messages with their category first, ${part}`, '≥ 90 %', `${percent(top1)} of ${messages}`],
    ['  among the first three', '≥ 98 %', percent(top3)],
    ['  one problem taken for several', '', percent(split)],
    [`emergencies found, ${part}`, '100 %', `${percent(found)} of ${emergencies}`],
    ['  false alarms', '≤ 2 %', `${percent(falseAlarms)} of ${calm}`],
  ]
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const milliseconds = (value: number) => `${value.toFixed(2)} ms`

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
