import { type Explored, PERSON, type Place, REST, type Way } from './explore.ts'

/** Letters of a question shown in a picture, and ways of taking an arrow. */
const QUESTION = 70
const WAYS = 3

/** A flow as a Mermaid flowchart: its questions, how they begin, and the ways between them and out of it that were found. */
export function pictureOf(flow: string, { asked, ways }: Explored): string {
  const own = [...asked.keys()].filter((place) => flowOf(place) === flow).sort()
  const arrows = merged(ways.filter(({ from, to }) => flowOf(from) === flow && from !== to))
  const outside = [...new Set(arrows.map(({ to }) => to))].filter((place) => flowOf(place) !== flow).sort()
  return [
    'flowchart TD',
    ...own.map((place) => `  ${idOf(place)}["${stepOf(place)}<br/>${quoted(asked.get(place) ?? '', QUESTION)}"]`),
    ...outside.map((place) => `  ${idOf(place)}(["${place}"])`),
    ...arrows.map(({ from, to, by }) => `  ${idOf(from)} -->|"${by}"| ${idOf(to)}`),
  ].join('\n')
}

/** The flow of a question; '' where none is asked. */
export const flowOf = (place: Place): string => (place === PERSON || place === REST ? '' : (place.split('/')[0] ?? ''))

const stepOf = (place: Place): string => place.split('/')[1] ?? ''

const idOf = (place: Place): string => place.replaceAll(/\W/g, '_')

/** One arrow from a question to another, with the ways of taking it. */
function merged(ways: readonly Way[]): Way[] {
  const arrows = new Map<string, { from: Place; to: Place; by: Set<string> }>()
  for (const { from, to, by } of ways) {
    const key = `${from} ${to}`
    const arrow = arrows.get(key) ?? { from, to, by: new Set() }
    arrow.by.add(quoted(by, 30))
    arrows.set(key, arrow)
  }
  return [...arrows.values()]
    .map(({ from, to, by }) => ({ from, to, by: labelOf([...by].sort()) }))
    .sort((one, other) => `${one.from} ${one.to}`.localeCompare(`${other.from} ${other.to}`, 'es'))
}

const labelOf = (by: readonly string[]): string =>
  by.length > WAYS ? `${by.slice(0, WAYS).join(' · ')} · …` : by.join(' · ')

/** Words as Mermaid takes them between quotes: one line, without what has a meaning there. */
function quoted(text: string, limit: number): string {
  const line = text
    .replaceAll(/https?:\/\/\S+/g, '…')
    .replaceAll(/["`#;<>{}[\]|]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1).trim()}…` : line
}
