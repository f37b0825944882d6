import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { play } from './transcript.ts'

const FOLDER = join(import.meta.dirname, 'transcripts')
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.txt')).sort()

// What the bot says is written by `vitest -u` and read by a person before it is committed.
describe('conversations are answered as written', () => {
  test.each(files)('%s', async (name) => {
    const file = join(FOLDER, name)
    await expect(await play(await readFile(file, 'utf8'))).toMatchFileSnapshot(file)
  })
})
