import { Pool } from 'pg'
import type { InboundMessage } from '../src/channels/message.ts'
import { type Copies, createCopies } from './copies.ts'
import { inParallel, timed } from './in-parallel.ts'
import { recordStatements, type Unit } from './record.ts'
import { type Doing, scriptOf } from './script.ts'
import type { Line } from './table.ts'
import { ACCOUNT, AT_ONCE, onWay, type Stage, type Way } from './way.ts'

/** Milliseconds of ours and of the bare loop, for so many messages. */
interface Sum {
  ours: number
  bare: number
  units: number
}

const BASE = 'bench_base'
const COPY = 'bench_copy'

/** The rounds of the script that are played, and the first of them that counts: before it the program warms up. */
const ROUNDS = 8
const FIRST = 3

/**
 * Rates of the three steps of a message's way in one process, each beside a bare `pg` loop that executes the very statements
 * which that step executed, with the same values, as many at the same time, on a copy of the same rows.
 */
export async function benchTurns(
  folder: string,
  server: string,
  conversations: number,
  log: (line: string) => void,
): Promise<Line[]> {
  const sums: Record<Stage, Sum> = {
    save: { ours: 0, bare: 0, units: 0 },
    turn: { ours: 0, bare: 0, units: 0 },
    send: { ours: 0, bare: 0, units: 0 },
  }
  const copies = createCopies(server)
  await copies.copy('template1', BASE)
  await onWay(folder, copies.urlOf(BASE), async () => undefined)
  for (let round = 0; round < ROUNDS; round++) {
    const said = Array.from({ length: conversations }, (_, index) => messageOf(scriptOf(index)[round], round, index))
    for (const stage of ['save', 'turn', 'send'] as const) {
      if (round >= FIRST) add(sums[stage], await compare(folder, copies, stage, said))
      await onWay(folder, copies.urlOf(BASE), (way) => perform(way, stage, said))
    }
    log(`round ${round + 1} of ${ROUNDS}`)
  }
  return linesOf(sums)
}

/** Times the stage on a copy, records it on another, and replays the record on a third. */
async function compare(folder: string, copies: Copies, stage: Stage, said: readonly InboundMessage[]): Promise<Sum> {
  const url = copies.urlOf(COPY)
  await copies.copy(BASE, COPY)
  const ours = await onWay(folder, url, (way) => timed(() => perform(way, stage, said)))
  await copies.copy(BASE, COPY)
  const units = await onWay(folder, url, async (way) => {
    const recording = recordStatements()
    await perform(way, stage, said)
    return recording.stop()
  })
  await copies.copy(BASE, COPY)
  return { ours: ours.took, bare: await replay(url, units, AT_ONCE[stage]), units: ours.result }
}

async function perform(way: Way, stage: Stage, said: readonly InboundMessage[]): Promise<number> {
  if (stage === 'turn') return way.turn()
  if (stage === 'send') return way.send()
  await way.save(said)
  return said.length
}

/** @returns milliseconds. */
async function replay(url: string, units: readonly Unit[], atOnce: number): Promise<number> {
  const pool = new Pool({ connectionString: url, max: atOnce })
  await Promise.all(Array.from({ length: atOnce }, () => pool.query('select 1')))
  const { took } = await timed(() =>
    inParallel(units, atOnce, async (unit) => {
      const client = await pool.connect()
      for (const { text, values } of unit) await client.query(text, values)
      client.release()
    }),
  )
  await pool.end()
  return took
}

function add(sum: Sum, { ours, bare, units }: Sum): void {
  sum.ours += ours
  sum.bare += bare
  sum.units += units
}

function messageOf(doing: Doing | undefined, round: number, index: number): InboundMessage {
  if (!doing) throw new Error('the script is shorter than its rounds')
  const common = {
    ...ACCOUNT,
    externalId: `${round}-${index}`,
    from: { address: `vecina-${index}`, name: `Vecina ${index}` },
    sentAt: new Date(),
  }
  if ('press' in doing) return { ...common, kind: 'choice', choice: { id: doing.press } }
  return doing.text === '/start' ? { ...common, kind: 'start' } : { ...common, kind: 'text', text: doing.text }
}

function linesOf(sums: Record<Stage, Sum>): Line[] {
  const total: Sum = { ours: 0, bare: 0, units: 0 }
  for (const sum of Object.values(sums)) add(total, { ...sum, units: 0 })
  total.units = sums.turn.units
  return [
    ['turns in one process, beside the same statements in a bare pg loop', '≥ 60 %', beside(sums.turn)],
    ['  saving what arrives, one message a statement', '', beside(sums.save)],
    ['  sending what is pending, to a platform that takes it at once', '', beside(sums.send)],
    ['  the whole way, one step after the other', '', beside(total)],
  ]
}

function beside({ ours, bare, units }: Sum): string {
  const perSecond = (took: number) => Math.round((units / took) * 1000)
  return `${perSecond(ours)}/s beside ${perSecond(bare)}/s: ${Math.round((100 * bare) / ours)} %`
}
