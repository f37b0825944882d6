import { conversationKey, type Note } from './notebook.ts'
import { byKey, type Row } from './rows.ts'

/** What is wrong, in words; nothing when all is well. */
export interface InboundVerdict {
  /** I1: acknowledged, and no row that was handled, refused or set aside. */
  lost: string[]
  /** I2: more rows than messages. */
  repeated: string[]
  /** I3: handled before an earlier one of its conversation. */
  inverted: string[]
  /** I7: set aside without being poison, or poison that was not set aside after three attempts. */
  misjudged: string[]
  poison: number
}

const DONE = new Set(['handled', 'refused', 'failed'])

const nameOf = (one: Pick<Note, 'channel' | 'account' | 'externalId'>) =>
  `${one.channel}/${one.account}/${one.externalId}`

/** Compares what senders noted with the rows. */
export function judgeInbound(notes: readonly Note[], rows: readonly Row[]): InboundVerdict {
  const inbound = rows.filter(({ direction }) => direction === 'in')
  const byName = byKey(inbound, ({ channel, account, externalId }) =>
    nameOf({ channel, account, externalId: externalId ?? '' }),
  )
  const rowOf = (note: Note) => byName.get(nameOf(note))?.[0]
  const known = new Set(notes.map(nameOf))
  return {
    lost: notes.flatMap((note) => (note.acknowledged === undefined ? [] : lostness(note, rowOf(note)))),
    repeated: [...byName].flatMap(([name, same]) =>
      same.length > 1 || !known.has(name)
        ? [`${name}: ${same.length} rows, ${known.has(name) ? 'one' : 'no'} message`]
        : [],
    ),
    inverted: [...byKey(notes, conversationKey).values()].flatMap((said) => inversions(said, rowOf)),
    misjudged: notes.flatMap((note) => misjudgement(note, rowOf(note))),
    poison: notes.filter(({ nature }) => nature === 'poison').length,
  }
}

function lostness(note: Note, row: Row | undefined): string[] {
  if (!row) return [`${nameOf(note)}: acknowledged, and there is no row`]
  return DONE.has(row.status)
    ? []
    : [`${nameOf(note)}: row ${row.id} is still ${row.status} (${row.error ?? 'no error'})`]
}

/** The numbers under which a conversation's messages were handled must grow as they were said. */
function inversions(said: readonly Note[], rowOf: (note: Note) => Row | undefined): string[] {
  const inOrder = said.toSorted((a, b) => a.index - b.index).flatMap((note) => rowOf(note) ?? [])
  return inOrder.flatMap((row, index) => {
    const before = inOrder[index - 1]
    const grows = (before?.seq ?? 0) < (row.seq ?? Number.POSITIVE_INFINITY)
    return grows ? [] : [`${row.key}: message ${row.externalId} has seq ${row.seq}, after ${before?.seq}`]
  })
}

function misjudgement({ nature, externalId }: Note, row: Row | undefined): string[] {
  if (!row) return []
  if (nature === 'poison')
    return row.status === 'failed' && row.attempts === 3
      ? []
      : [`${row.key}: poison ${externalId} is ${row.status} after ${row.attempts} attempts`]
  return row.status === 'failed' ? [`${row.key}: ${externalId} failed: ${row.error}`] : []
}
