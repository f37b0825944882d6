import type { Difference, OtherOutcome, Replayed } from '../../workflow/replay/replay.ts'

/** How a cause is told. */
const CAUSES: Readonly<Record<Difference['cause'], string>> = {
  settings: 'because of the settings',
  program: 'because of the program',
  rows: 'perhaps only because a replay does not have the petitions of that time',
}

/** The same lines that became the same other ones, and how often. */
interface Group {
  first: Difference
  before: string
  after: string
  times: number
}

/** What a replay showed, to be read in a terminal of `width` characters: only the lines that differ, and like differences once. */
export function sideBySide({ conversations, turns, differences, lost, gained }: Replayed, width: number): string {
  const groups = grouped(differences)
  const told = new Set(differences.map(({ conversation }) => conversation)).size
  return [
    ...groups.map((group) => shown(group, width)),
    `${conversations} conversations with ${turns} turns; ${told} are answered otherwise, in ${groups.length} ways.`,
    ...outcomes('no longer reach a folio', lost),
    ...outcomes('reach a folio that did not', gained),
  ].join('\n')
}

function grouped(differences: readonly Difference[]): Group[] {
  const groups = new Map<string, Group>()
  for (const one of differences) {
    const changed = changedLines(one)
    const key = JSON.stringify([changed, one.cause])
    const group = groups.get(key) ?? { first: one, ...changed, times: 0 }
    group.times += 1
    groups.set(key, group)
  }
  return [...groups.values()].sort((one, other) => other.times - one.times)
}

/** What differs, without the lines before and after that are the same. */
function changedLines({ before, after }: Difference): { before: string; after: string } {
  const then = before.split('\n')
  const now = after.split('\n')
  const shorter = Math.min(then.length, now.length)
  let head = 0
  while (head < shorter && then[head] === now[head]) head++
  let tail = 0
  while (tail < shorter - head && then.at(-1 - tail) === now.at(-1 - tail)) tail++
  const middle = (lines: string[]) =>
    [head > 0 ? '…' : [], lines.slice(head, lines.length - tail), tail > 0 ? '…' : []].flat().join('\n')
  return { before: middle(then), after: middle(now) }
}

function shown({ first, before, after, times }: Group, width: number): string {
  const { conversation, turn, said, cause } = first
  const column = Math.max(20, Math.floor((width - 3) / 2))
  const left = ['THEN', ...wrapped(before, column)]
  const right = ['NOW', ...wrapped(after || '(nothing is answered)', column)]
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
    `${(left[at] ?? '').padEnd(column)} │ ${right[at] ?? ''}`.trimEnd(),
  )
  const where = `conversation ${conversation}, turn ${turn}${times > 1 ? `, and ${times - 1} more like it` : ''}`
  return [`── ${where}, ${CAUSES[cause]}`, ...wrapped(`«${said}»`, width), ...rows, ''].join('\n')
}

function outcomes(what: string, list: readonly OtherOutcome[]): string[] {
  if (list.length === 0) return []
  return [
    `${list.length} ${what}:`,
    ...list.map(({ conversation, folios, cause, failure }) => {
      const why = failure === undefined ? CAUSES[cause] : `the program fails: ${failure}`
      return `  conversation ${conversation}: ${folios.before} then, ${folios.after} now, ${why}`
    }),
  ]
}

/** Lines of at most `width` characters, cut between words where there are any. */
function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = []
    for (let rest = line; rest !== ''; ) {
      const space = rest.length > width ? rest.lastIndexOf(' ', width) : rest.length
      const cut = space > 0 ? space : width
      lines.push(rest.slice(0, cut))
      rest = rest.slice(cut).trimStart()
    }
    return lines
  })
}
