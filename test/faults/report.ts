import { judgeInbound } from './judge-inbound.ts'
import { emptyOutbound, judgeChat, judgeReading, type OutboundVerdict } from './judge-outbound.ts'
import { judgePetitions } from './judge-petitions.ts'
import { answers, type Exit } from './member.ts'
import { conversationKey } from './notebook.ts'
import { recoveries, spread } from './recovery.ts'
import { byKey, messageRows, type Row } from './rows.ts'
import type { Performance } from './run-faults.ts'

/** One line of the table that is printed. */
export type Figure = readonly [name: string, value: string | number]

/** What a run showed. */
export interface Report {
  figures: Figure[]
  /** Everything that must not be, in words. */
  problems: string[]
}

/** Milliseconds that a graceful stop may take. */
const STOP_LIMIT = 20_000

/** A process that ends by itself with this says in a sentence that something it needs is away. */
const UNAVAILABLE = 69

/** Compares, counts, and names what is wrong. */
export async function judge(performance: Performance, waiting: Record<string, number>): Promise<Report> {
  const { stage, notebook, census, chaos, halfDone } = performance
  const rows = await messageRows(stage.database.url)
  const inbound = judgeInbound(notebook.notes, rows)
  const outbound = judgeSends(performance, rows)
  const petitions = await judgePetitions(stage.database.url, census)
  const stops = chaos.stops
  // One that was struck down by the chaos while it stopped tells nothing of stopping.
  const struck = (asked: string | undefined, took: number) => asked === 'SIGKILL' && took <= STOP_LIMIT
  const stuck = stops.filter(
    ({ took, code, running, asked }) => running && (took > STOP_LIMIT || code !== 0) && !struck(asked, took),
  )
  const crashed = stage.fleet.exits.filter(isCrash)
  const deaf = await asyncFilter(stage.fleet.members, async ({ url }) => !(await answers(url)))
  const problems = [
    ...inbound.lost.map((one) => `lost: ${one}`),
    ...inbound.repeated.map((one) => `second row: ${one}`),
    ...inbound.inverted.map((one) => `out of order: ${one}`),
    ...inbound.misjudged.map((one) => `wrongly failed or not: ${one}`),
    ...outbound.missing.map((one) => `never arrived: ${one}`),
    ...outbound.doubled.map((one) => `doubled: ${one}`),
    ...outbound.inverted.map((one) => `sent out of order: ${one}`),
    ...outbound.failed.map((one) => `not sent: ${one}`),
    ...petitions.wrong.map((one) => `petition: ${one}`),
    ...halfDone.map((one) => `half done: ${one}`),
    ...stuck.map(({ name, took, code }) => `graceful stop: ${name} took ${took} ms, code ${code}`),
    ...crashed.map(({ name, code, signal }) => `crash: ${name} ended by itself with ${code ?? signal}`),
    ...deaf.map(({ spec }) => `deaf: ${spec.name} lives and does not answer`),
    ...Object.entries(waiting).map(([kind, count]) => `not at rest: ${count} ${kind}`),
  ]
  const lines: Figure[] = [
    ...figuresOfLoad(performance),
    ...figuresOfBlows(performance),
    ['acknowledged and lost (I1)', inbound.lost.length],
    ['second rows of a message (I2)', inbound.repeated.length],
    ['handled out of order (I3)', inbound.inverted.length],
    [
      'petitions confirmed / registered / folios (I4)',
      `${petitions.confirmed} / ${petitions.petitions} / ${petitions.folios}`,
    ],
    ['petitions wrong (I4)', petitions.wrong.length],
    ['petitioners who waited in vain for a question', petitions.gaveUp],
    ['answers that arrived', outbound.arrived],
    ['answers lost', outbound.missing.length],
    ['answers doubled (I5)', outbound.doubled.length],
    ['answers out of order', outbound.inverted.length],
    ['copies allowed: outcome was unknown', outbound.allowedCopies],
    ['answers left ambiguous, for staff', outbound.ambiguous],
    ['poison set aside / wrongly judged (I7)', `${inbound.poison} / ${inbound.misjudged.length}`],
    ['graceful stops / slow or broken (I9)', `${stops.length} / ${stuck.length + halfDone.length}`],
    ['slowest graceful stop', seconds(Math.max(0, ...stops.map(({ took }) => took)))],
    ['crashes of their own', crashed.length],
    ...figuresOfRecovery(performance, rows),
  ]
  return { figures: lines, problems }
}

async function asyncFilter<T>(list: readonly T[], keep: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(list.map(keep))
  return list.filter((_one, index) => kept[index])
}

const isCrash = ({ asked, code, running }: Exit) => !asked && (running || code !== UNAVAILABLE)

function judgeSends({ stage, census }: Performance, rows: Row[]): OutboundVerdict {
  const verdict = emptyOutbound()
  const byConversation = byKey(rows, ({ key }) => key)
  for (const bot of [stage.platform.webhook, stage.platform.polled]) {
    const arrivals = byKey(bot.fake.sent(), ({ payload }) =>
      conversationKey({ channel: 'telegram', account: bot.account, address: String(payload.chat_id) }),
    )
    for (const [key, own] of byConversation) {
      if (!key.startsWith(`telegram/${bot.account}/`)) continue
      judgeChat(
        own.filter(({ direction }) => direction === 'out'),
        arrivals.get(key) ?? [],
        verdict,
      )
    }
  }
  for (const reading of census.readings) {
    const key = conversationKey({ channel: 'web-chat', account: 'default', address: reading.conversationId })
    judgeReading(reading, byConversation.get(key) ?? [], verdict)
  }
  return verdict
}

function figuresOfLoad({ options, notebook, census, stage, began }: Performance): Figure[] {
  const acknowledged = notebook.notes.filter(({ acknowledged }) => acknowledged !== undefined).length
  const { webhook, polled } = stage.platform
  const mishaps = [webhook, polled].flatMap((bot) => Object.entries(bot.mishaps))
  return [
    ['queue on', options.backend],
    ['seed', options.seed],
    ['minutes', ((Date.now() - began) / 60_000).toFixed(1)],
    ['messages said / acknowledged', `${notebook.notes.length} / ${acknowledged}`],
    ['conversations', census.conversations],
    ['deliveries by webhook and Direct Line / of them copies', `${notebook.deliveries} / ${census.copies}`],
    ['deliveries not answered by 200', notebook.refused],
    ['calls the platform made go wrong', mishaps.reduce((sum, [, count]) => sum + count, 0)],
  ]
}

function figuresOfBlows({ chaos, stage }: Performance): Figure[] {
  const kinds = [...byKey(chaos.blows, ({ kind }) => kind)].map(([kind, list]): Figure => [`  ${kind}`, list.length])
  const waited = stage.fleet.exits.filter(({ asked, running, code }) => !asked && !running && code === UNAVAILABLE)
  return [
    ['kills -9', chaos.kills],
    ...kinds,
    ['restarts of PostgreSQL', stage.database.restarts],
    ['starts refused while a server was away', waited.length],
  ]
}

function figuresOfRecovery({ chaos, stage, notebook }: Performance, rows: Row[]): Figure[] {
  const processes = recoveries(chaos.blows, rows, ['kill web', 'kill worker'])
  const servers = recoveries(chaos.blows, rows, ['crash postgres', 'stop postgres'])
  const ends = ({ p50, max }: { p50: number; max: number }) => `${seconds(p50)} / ${seconds(max)}`
  const starts = spread(stage.fleet.members.flatMap((member) => member.starts))
  return [
    ['recovery after the kill of a process, turns p50 / max', ends(processes.turns)],
    ['recovery after the kill of a process, sends p50 / max', ends(processes.sends)],
    ['recovery after the end of PostgreSQL, turns p50 / max', ends(servers.turns)],
    ['recovery after the end of PostgreSQL, sends p50 / max', ends(servers.sends)],
    ['start of a process until it listens p50 / max', ends(starts)],
    ['post to 200 under all this p50 / max', ends(spread(notebook.latencies))],
  ]
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`

/** The figures as a table for a terminal. */
export function printed({ figures, problems }: Report): string {
  const width = Math.max(...figures.map(([name]) => name.length))
  const lines = figures.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  const shown = problems.slice(0, 60).map((problem) => `  - ${problem}`)
  const more = problems.length > shown.length ? [`  … and ${problems.length - shown.length} more`] : []
  return [
    ...lines,
    '',
    problems.length === 0 ? 'Nothing is wrong.' : `${problems.length} things are wrong:`,
    ...shown,
    ...more,
  ].join('\n')
}
