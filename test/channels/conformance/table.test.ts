import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ChannelCases, isReason } from './case.ts'
import { CHANNELS } from './channels.ts'
import { conformidad } from './table.ts'

const at = (path: string) => new URL(path, import.meta.url)

it('docs/conformidad.md is what `npm run conformidad` writes', () => {
  expect(readFileSync(at('../../../docs/conformidad.md'), 'utf8')).toBe(conformidad())
})

it('every channel of the registry is in the table, and each is run', () => {
  const tests = readdirSync(at('.')).filter((file) => file.endsWith('.test.ts') && file !== 'table.test.ts')
  expect(tests.map((file) => file.replace('.test.ts', '')).toSorted()).toEqual(
    CHANNELS.map(({ name }) => name).toSorted(),
  )
})

describe.each(CHANNELS)('$name', (channel: ChannelCases) => {
  const files = Object.values(channel.inputs).flatMap((cell) => (isReason(cell) ? [] : cell.map(({ file }) => file)))

  it('has no cell that is empty without a reason', () => {
    for (const cell of [...Object.values(channel.inputs), ...Object.values(channel.abuses)]) {
      expect(cell).not.toEqual([])
      expect(cell).not.toBe('')
    }
  })

  it('tries each of its payloads once', () => {
    const all = readdirSync(at(`../${channel.folder}`)).map((file) => file.replace('.json', ''))
    const elsewhere = TRIED_ELSEWHERE[channel.name] ?? []
    expect(files.toSorted()).toEqual(all.filter((file) => !elsewhere.includes(file)).toSorted())
  })
})

/** Payloads of what is no conversation, or of none of the kinds. */
const TRIED_ELSEWHERE: Record<string, string[]> = {
  telegram: ['not-an-update'],
  // What is said in public goes to the tray of redes.
  instagram: ['comment'],
}
