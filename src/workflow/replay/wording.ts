import { TEXTOS } from '../../conversation/flows/textos.ts'
import type { Mensajes, Placeholder, TextKey } from '../../conversation/mensajes.ts'

/** Finds a text in an answer: what its placeholders were filled with, or undefined when it is not there. */
export type Finder = (answer: string) => Readonly<Record<string, string>> | undefined

const HOLE = '\u0001'

const NAMES = Object.values(TEXTOS)
  .flatMap((section) => Object.values<readonly string[]>(section).flat())
  .map((name) => name.replace('!', ''))

/** Every placeholder there is, filled with its own name between marks. */
const HOLES = Object.fromEntries(NAMES.map((name) => [name, `${HOLE}${name}${HOLE}`])) as Record<
  Placeholder<TextKey>,
  string
>

/** Finds a text as `mensajes` words it, however a channel broke its lines. */
export function finderOf(mensajes: Mensajes, key: TextKey): Finder {
  const seen = new Set<string>()
  const source = mensajes
    .text(key, HOLES)
    .split(HOLE)
    .map((part, index) => (index % 2 === 0 ? literally(part) : group(part, seen)))
    .join('')
  const pattern = new RegExp(`${source}(?=\\s|$)`, 'u')
  return (answer) => {
    const match = pattern.exec(answer)
    return match ? { ...match.groups } : undefined
  }
}

const literally = (text: string): string =>
  text
    .split(/\s+/)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('\\s+')

/** A name twice is the same text twice. */
function group(name: string, seen: Set<string>): string {
  if (seen.has(name)) return `\\k<${name}>`
  seen.add(name)
  return `(?<${name}>[^\\n]*?)`
}
