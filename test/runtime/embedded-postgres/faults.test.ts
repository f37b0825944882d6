import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDataFolder } from '../../../src/runtime/data-folder.ts'
import { isAlive } from '../../../src/runtime/embedded-postgres/process.ts'
import { EXIT } from '../../../src/runtime/problem.ts'
import { until } from '../../../src/runtime/until.ts'
import { listeningLog, problemOf, query, running, start, startForTest, startInOtherProcess } from './fixture.ts'

// One database for all tests of this file, which stop it before they end: making it is what takes time.
let folder: string
let data: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canaliza-postgres-'))
  data = join(folder, 'postgres', 'data')
  await (await openDataFolder(folder)).close()
  await running(folder, ({ url }) => query(url, 'create table note as select 1 as id'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a server that a killed process left behind', () => {
  test('is taken over with all its rows', async () => {
    const other = startInOtherProcess(folder)
    const orphan = await other.postgresPid()
    await other.kill()
    expect(await isAlive(orphan)).toBe(true)

    const { lines, log } = listeningLog()
    const postgres = await startForTest(folder, { log })
    expect(postgres.pid).toBe(orphan)
    expect(await query(postgres.url, 'select id from note')).toEqual([1])

    process.kill(postgres.pid, 'SIGKILL')
    await until(() => postgres.pid !== orphan)
    expect(await query(postgres.url, 'select id from note')).toEqual([1])
    expect(lines[0]).toContain('PostgreSQL ended unasked')
    await postgres.stop()
    expect(await isAlive(postgres.pid)).toBe(false)
  })

  test('is replaced when it was started with other settings', async () => {
    const other = startInOtherProcess(folder)
    const orphan = await other.postgresPid()
    await other.kill()
    const postgres = await startForTest(folder, { settings: { max_connections: '50' } })
    expect(await isAlive(orphan)).toBe(false)
    expect(await query(postgres.url, 'show max_connections')).toEqual(['50'])
    await postgres.stop()
  })

  test('and died since is no hindrance, nor is another program that got its process number', async () => {
    const other = startInOtherProcess(folder)
    const orphan = await other.postgresPid()
    await other.kill()
    process.kill(orphan, 'SIGKILL')
    await until(async () => !(await isAlive(orphan)))
    const bystander = spawn('sleep', ['60'])
    onTestFinished(() => void bystander.kill())
    const file = join(data, 'postmaster.pid')
    const lines = (await readFile(file, 'utf8')).split('\n')
    await writeFile(file, [bystander.pid, ...lines.slice(1)].join('\n'))
    expect(await running(folder, ({ url }) => query(url, 'select id from note'))).toEqual([1])
    expect(bystander.exitCode).toBeNull()
  })
})

describe('PostgreSQL killed under us', () => {
  test('runs again at the same URL, and what it had acknowledged is there', async () => {
    let restarts = 0
    const postgres = await startForTest(folder, { onRestart: () => restarts++ })
    await query(postgres.url, 'create table written (id int primary key)')
    const acknowledged: number[] = []
    let finished = false
    const writer = (async () => {
      for (let id = 1; !finished; id++) {
        await query(postgres.url, 'insert into written values ($1)', [id]).then(
          () => acknowledged.push(id),
          () => undefined,
        )
      }
    })()
    for (let kill = 1; kill <= 3; kill++) {
      const before = acknowledged.length
      await until(() => acknowledged.length >= before + 5)
      process.kill(postgres.pid, 'SIGKILL')
      await until(() => restarts === kill)
    }
    finished = true
    await writer
    const stored = await query(postgres.url, 'select id from written')
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([])
    await postgres.stop()
  })

  test('does not come back once it is being stopped', async () => {
    const postgres = await startForTest(folder)
    const { pid } = postgres
    process.kill(pid, 'SIGKILL')
    await postgres.stop()
    expect(await isAlive(pid)).toBe(false)
    expect(await isAlive(postgres.pid)).toBe(false)
    expect(await running(folder, ({ url }) => query(url, 'select id from note'))).toEqual([1])
  })
})

describe('a damaged or foreign database is refused with a sentence', () => {
  /** Changes a file for one start, and puts it back. */
  async function problemWith(file: string, change: (path: string) => Promise<void>) {
    const path = join(data, file)
    const before = await readFile(path)
    await change(path)
    const problem = await problemOf(start(folder)).finally(() => writeFile(path, before))
    expect(problem.exitCode).toBe(EXIT.folder)
    return problem.message
  }

  test.each<[string, string, (path: string) => Promise<void>, string]>([
    ['of another major version', 'PG_VERSION', (path) => writeFile(path, '17\n'), 'was made by PostgreSQL 17'],
    ['with an unreadable version', 'PG_VERSION', (path) => truncate(path), 'is damaged: its file PG_VERSION says ""'],
    ['whose password is gone', 'canaliza.password', (path) => truncate(path), 'holds no password'],
    [
      'whose password is another',
      'canaliza.password',
      (path) => writeFile(path, 'x'.repeat(32)),
      'password authentication failed',
    ],
    [
      'that PostgreSQL does not take',
      'global/pg_control',
      (path) => truncate(path, 100),
      'could not read file \\"global/pg_control\\"',
    ],
  ])('%s', async (_, file, change, expected) => {
    expect(await problemWith(file, change)).toContain(expected.replaceAll('\\"', '"'))
  })

  test('and works again when it is restored', async () => {
    expect(await running(folder, ({ url }) => query(url, 'select id from note'))).toEqual([1])
  })
})

describe('a start that died', () => {
  test('while the database was being made is begun anew', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'canaliza-postgres-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const home = join(dataDir, 'postgres')
    const dying = startInOtherProcess(dataDir)
    await until(() => existsSync(home) && readdirSync(home).some((entry) => entry.startsWith('new-')))
    await dying.kill()
    expect(await running(dataDir, ({ url }) => query(url, 'select 1'))).toEqual([1])
    expect((await readdir(home)).toSorted()).toEqual(['data', 'lock', 'postgres.log'])
  })
})
