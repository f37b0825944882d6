import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { linkLibraries, prepareBinaries } from '../../../src/runtime/embedded-postgres/binaries.ts'

test('the links that an install script would have made are made, and those that are there stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-programs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const library = join(folder, 'native', 'lib')
  await mkdir(library, { recursive: true })
  await writeFile(join(library, 'libpq.so.5.18'), '')
  const links = [
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
  ]
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  expect(await Promise.all([linkLibraries(folder), linkLibraries(folder)])).toEqual([true, true])
  expect(await readlink(join(library, 'libpq.so'))).toBe('libpq.so.5.18')
  expect(await readlink(join(library, 'libpq.so.5'))).toBe('libpq.so.5.18')
})

test('the programs of this platform are found', async () => {
  const home = { path: '/nonexistent', account: undefined }
  expect(await prepareBinaries(home)).toMatchObject({
    major: 18,
    postgres: expect.stringMatching(/native\/bin\/postgres$/),
  })
})
