import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDataFolder } from '../../src/runtime/data-folder.ts'
import { FolderInUse } from '../../src/runtime/folder-lock.ts'
import { EXIT, StartupProblem } from '../../src/runtime/problem.ts'
import { secretKey } from '../../src/runtime/secret-key.ts'

let folder: string

beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'canaliza-data-'))
  folder = join(parent, 'var')
  return () => rm(parent, { recursive: true })
})

async function problemOf(opening: Promise<unknown>): Promise<StartupProblem> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StartupProblem) return error
  throw new Error('no startup problem', { cause: error })
}

/** Another process that holds the folder and says so. */
async function otherProcess() {
  const module = new URL('../../src/runtime/data-folder.ts', import.meta.url).href
  const script = `await (await import('${module}')).openDataFolder('${folder}'); console.log('open'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

describe('the data folder', () => {
  test('is made with its format, for its owner only, and can be opened again', async () => {
    await (await openDataFolder(folder)).close()
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(await readFile(join(folder, 'format'), 'utf8')).toBe('1\n')
    await (await openDataFolder(folder)).close()
    expect((await readdir(folder)).toSorted()).toEqual(['format', 'lock'])
  })

  test('is refused to a second copy, naming the process that has it', async () => {
    const holder = await otherProcess()
    const problem = await problemOf(openDataFolder(folder))
    expect(problem).toBeInstanceOf(FolderInUse)
    expect(problem.exitCode).toBe(EXIT.busy)
    expect(problem.message).toContain(`Another Canaliza (process ${holder.pid}) is running on the folder ${folder}.`)
  })

  test('is free as soon as its process is killed, whatever files that left', async () => {
    const holder = await otherProcess()
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await readFile(join(folder, 'canaliza.pid'), 'utf8')).toBe(`${holder.pid}\n`)
    await (await openDataFolder(folder)).close()
  })

  test('is held within one process too, until it is closed', async () => {
    const first = await openDataFolder(folder)
    await expect(openDataFolder(folder)).rejects.toBeInstanceOf(FolderInUse)
    await first.close()
    await (await openDataFolder(folder)).close()
  })

  test('can be shared by processes whose rows are on a server', async () => {
    const first = await openDataFolder(folder, { shared: true })
    const second = await openDataFolder(folder, { shared: true })
    await Promise.all([first.close(), second.close()])
  })
})

describe('a folder that cannot be used is refused with a sentence', () => {
  test('of a newer version', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'format'), '2\n')
    const problem = await problemOf(openDataFolder(folder))
    expect(problem.exitCode).toBe(EXIT.folder)
    expect(problem.message).toContain('was made by a newer Canaliza (format 2, this one knows 1)')
    await writeFile(join(folder, 'format'), '1\n')
    await (await openDataFolder(folder)).close()
  })

  test('with a damaged format', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'format'), '\0\0\0\0')
    expect((await problemOf(openDataFolder(folder))).message).toContain('is damaged: its file format says')
  })

  test('with a database but without a format', async () => {
    await mkdir(join(folder, 'postgres'), { recursive: true })
    expect((await problemOf(openDataFolder(folder))).message).toContain('its file format is missing')
  })

  test('with a file in its place, or above it', async () => {
    await writeFile(folder, '')
    expect((await problemOf(openDataFolder(folder))).message).toContain('there is a file in its place')
    expect((await problemOf(openDataFolder(join(folder, 'deeper')))).message).toContain('there is a file in its place')
  })

  test('with a lock file that is none', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'lock'), 'this is not a lock file'.repeat(100))
    expect((await problemOf(openDataFolder(folder))).message).toContain(`The folder ${folder} cannot be locked`)
  })
})

describe('the secret key', () => {
  beforeEach(() => mkdir(folder).then(() => undefined))

  test('is the one given', async () => {
    expect(await secretKey({ SECRET_KEY: 'k'.repeat(40), DATA_DIR: folder })).toBe('k'.repeat(40))
    expect(await readdir(folder)).toEqual([])
  })

  test('is otherwise made once, even by processes that start together, for its owner only', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => secretKey({ DATA_DIR: folder })))
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[\w-]{64}$/)
    expect((await stat(join(folder, 'secret-key'))).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['secret-key'])
  })

  test('that is damaged stops the start', async () => {
    await writeFile(join(folder, 'secret-key'), 'short')
    const problem = await problemOf(secretKey({ DATA_DIR: folder }))
    expect(problem.message).toContain('it holds 5 characters, fewer than 32')
  })
})
