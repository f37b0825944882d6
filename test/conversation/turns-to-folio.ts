import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'transcripts')
const CITIZEN = 'ciudadano: '
const FOLIO = 'Su folio y su clave son:'

/** What a transcript says of its first message, by its remark `(el primer mensaje …)`, in how many turns a folio is aimed at, and in how many it is reached today. */
export const FIRST_MESSAGES = [
  { kind: 'todo', remark: '(el primer mensaje lo dice todo)', means: 'says everything', aim: 4, reached: 4 },
  { kind: 'nada', remark: '(el primer mensaje no dice nada)', means: 'says nothing', aim: 9, reached: 9 },
] as const
type Kind = (typeof FIRST_MESSAGES)[number]['kind']

/** Messages of the citizen from the first to the folio, the acceptance of the notice among them; undefined when there is no folio. */
export function turnsIn(transcript: string): number | undefined {
  const lines = transcript.split('\n')
  const end = lines.findIndex((line) => line.includes(FOLIO))
  return end === -1 ? undefined : lines.slice(0, end).filter((line) => line.startsWith(CITIZEN)).length
}

/** The turns of every transcript with such a remark, and their median. */
export async function turnsToFolio(): Promise<Record<Kind, { all: number[]; median: number }>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.txt'))
  const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), 'utf8')))
  const of = (kind: Kind) => {
    const remark = FIRST_MESSAGES.find((one) => one.kind === kind)?.remark ?? ''
    const marked = texts.filter((text) => text.split('\n').includes(remark))
    const all = marked.map((text) => turnsIn(text) ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
    return { all, median: all[Math.floor((all.length - 1) / 2)] ?? Number.POSITIVE_INFINITY }
  }
  return { todo: of('todo'), nada: of('nada') }
}
