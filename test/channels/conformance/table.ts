import { type ChannelCases, isReason, type Reason } from './case.ts'
import { CHANNELS } from './channels.ts'
import { ABUSES, FAILURES, INPUTS, OUTPUTS } from './kinds.ts'
import { SAID } from './said.ts'

/** How many cases a cell has, or why it has none. */
type Cell = number | Reason

const countOf = (cell: unknown): Cell => (isReason(cell) ? cell : Array.isArray(cell) ? cell.length : 1)

interface Section {
  title: string
  labels: Record<string, string>
  cell(channel: ChannelCases, kind: string): Cell
}

const at = <Value>(record: Record<string, Value>, kind: string): Value => {
  const value = record[kind]
  if (value === undefined) throw new Error(`nothing is said of ${kind}`)
  return value
}

const SECTIONS: Section[] = [
  { title: 'Lo que manda la gente', labels: INPUTS, cell: ({ inputs }, kind) => countOf(at(inputs, kind)) },
  {
    title: 'Lo que decimos',
    labels: OUTPUTS,
    cell: ({ outputs }, kind) => (isReason(at(outputs, kind)) ? countOf(at(outputs, kind)) : at(SAID, kind).length),
  },
  { title: 'Lo que llega mal', labels: ABUSES, cell: ({ abuses }, kind) => countOf(at({ ...abuses }, kind)) },
  { title: 'Lo que falla al enviar', labels: FAILURES, cell: ({ failures }, kind) => countOf(at(failures, kind)) },
]

/** The cases of one channel, as their tests run them; `unsigned` is tried in two ways. */
export const casesOf = (channel: ChannelCases): number =>
  SECTIONS.flatMap(({ labels, cell }) => Object.keys(labels).map((kind) => cell(channel, kind)))
    .filter((one) => typeof one === 'number')
    .reduce((sum, one) => sum + one, 0)

/** docs/conformidad.md. */
export function conformidad(): string {
  const reasons = new Map<Reason, number>()
  const noteOf = (reason: Reason) => {
    const note = reasons.get(reason) ?? reasons.size + 1
    reasons.set(reason, note)
    return note
  }
  const sections = SECTIONS.map((section) => sectionOf(section, noteOf))
  const totals = CHANNELS.map((channel) => `**${casesOf(channel)}**`)
  return [
    INTRODUCTION,
    ...sections,
    `## En total\n\n${row(['', ...CHANNELS.map(({ name }) => name)])}\n${rule()}\n${row(['Casos', ...totals])}`,
    `## Por qué no\n\n${[...reasons].map(([reason, note]) => `${note}. ${reason}`).join('\n')}`,
    '',
  ].join('\n\n')
}

const INTRODUCTION = `# Conformidad de los canales

Qué se prueba de cada canal, con cuántos casos. Cada caso es un mensaje con la forma que le da su plataforma
(\`test/channels/*/fixtures\`) o algo que decimos (\`test/channels/conformance/said.ts\`, y cómo queda en
\`test/channels/conformance/wire\`), y pasa por el protocolo de verdad: HTTP con su firma, Direct Line sobre PostgreSQL, el socket
cifrado de Baileys. Una celda con una nota no tiene casos porque la plataforma no tiene tal cosa, o se prueba en otra parte; la nota
dice cuál de las dos.

Este archivo lo escribe \`npm run conformidad\`; una prueba revisa que esté al día.`

function sectionOf({ title, labels, cell }: Section, noteOf: (reason: Reason) => number): string {
  const rows = Object.entries(labels).map(([kind, label]) => {
    const cells = CHANNELS.map((channel) => cell(channel, kind))
    return row([label, ...cells.map((one) => (typeof one === 'number' ? String(one) : `— [${noteOf(one)}]`))])
  })
  return `## ${title}\n\n${[row(['', ...CHANNELS.map(({ name }) => name)]), rule(), ...rows].join('\n')}`
}

const row = (cells: string[]) => `| ${cells.join(' | ')} |`
const rule = () => row(['---', ...CHANNELS.map(() => '--:')])
