import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ChannelCases, isReason } from './case.ts'
import { CHANNELS } from './channels.ts'
import { conformidad } from './table.ts'

const at = (path: string) => new URL(path, import.meta.url)

it('docs/conformidad.md is what `npm run conformidad` writes', () => {
  expect(readFileSync(at('../../../docs/conformidad.md'), 'utf8')).toBe(conformidad())
})

it('each channel of the table is run, and no other', () => {
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

  it('tries each of its payloads once, unless a test of the channel’s own does', () => {
    const all = readdirSync(at(`../${channel.folder}`)).map((file) => file.replace('.json', ''))
    expect(files.filter((file) => !all.includes(file))).toEqual([])
    expect(new Set(files).size).toBe(files.length)
    const own = ownTests(channel)
    expect(all.filter((file) => !files.includes(file) && !own.includes(file))).toEqual([])
  })
})

/** The text of the tests beside a channel's fixtures. */
function ownTests({ folder }: ChannelCases): string {
  const [own = ''] = folder.split('/')
  const tests = readdirSync(at(`../${own}`)).filter((file) => file.endsWith('.test.ts'))
  return tests.map((file) => readFileSync(at(`../${own}/${file}`), 'utf8')).join('\n')
}
