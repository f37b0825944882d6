import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDataFolder } from '../../../src/runtime/data-folder.ts'
import { joinEmbeddedPostgres } from '../../../src/runtime/embedded-postgres/join.ts'
import { isAlive } from '../../../src/runtime/embedded-postgres/process.ts'
import { FolderInUse } from '../../../src/runtime/folder-lock.ts'
import { until } from '../../../src/runtime/until.ts'
import { listeningLog, problemOf, query, running, start, startForTest } from './fixture.ts'

// One database for all tests of this file, which stop it before they end: making it is what takes time.
let folder: string
let data: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canaliza-postgres-'))
  data = join(folder, 'postgres', 'data')
  await (await openDataFolder(folder)).close()
  await running(folder, ({ url }) => query(url, 'create table note (id int primary key)'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the embedded PostgreSQL', () => {
  test('is a PostgreSQL 18 in UTF-8 and UTC that knows upper and lower case of accented letters', async () => {
    await running(folder, async ({ url }) => {
      expect(await query(url, 'show server_version')).toEqual([expect.stringMatching(/^18\./)])
      expect(await query(url, 'show server_encoding')).toEqual(['UTF8'])
      expect(await query(url, 'show timezone')).toEqual(['UTC'])
      expect(await query(url, 'show max_connections')).toEqual(['200'])
      expect(await query(url, "select upper('petición ñ')")).toEqual(['PETICIÓN Ñ'])
      expect(
        await query(
          url,
          "select string_agg(w, ' ' order by w collate \"es-x-icu\") from unnest('{oso,ñu,nube}'::text[]) w",
        ),
      ).toEqual(['nube ñu oso'])
    })
  })

  test('gives an owner who is no superuser, and who may make what the application needs', async () => {
    await running(folder, async ({ url }) => {
      expect(await query(url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([false])
      await query(url, 'create extension if not exists pg_trgm')
      await query(url, 'create extension if not exists unaccent')
      await expect(query(url, "select pg_read_file('/etc/hostname')")).rejects.toThrow('permission denied')
    })
  })

  test('listens on this machine only, and with a password', async () => {
    await running(folder, async ({ url }) => {
      expect(await query(url, 'show listen_addresses')).toEqual(['127.0.0.1'])
      expect((await stat(join(data, 'canaliza.password'))).mode & 0o777).toBe(0o600)
      const wrong = new URL(url)
      wrong.password = 'wrong'
      await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
    })
  })

  test('writes no statement and no value to its log', async () => {
    await running(folder, async ({ url }) => {
      await query(url, 'create table if not exists secret (word text unique)')
      const insert = () => query(url, "insert into secret values ('hunter2')")
      await insert()
      await expect(insert()).rejects.toThrow('duplicate key')
    })
    const log = await readFile(join(folder, 'postgres', 'postgres.log'), 'utf8')
    expect(log).toContain('duplicate key')
    expect(log).not.toContain('hunter2')
  })

  test('loses nothing when it is stopped and started again, and leaves no process behind', async () => {
    const pids = await running(folder, async ({ url, pid }) => {
      await query(url, 'insert into note values (1)')
      return [pid, ...(await query(url, 'select pid from pg_stat_activity'))]
    })
    expect(pids.length).toBeGreaterThan(4)
    expect(await Promise.all(pids.map((pid) => isAlive(Number(pid))))).not.toContain(true)
    expect(await running(folder, ({ url }) => query(url, 'select id from note'))).toEqual([1])
  })

  test('may be stopped twice, with connections open and a statement running', async () => {
    const postgres = await startForTest(folder)
    const cut = expect(query(postgres.url, 'select pg_sleep(60)')).rejects.toThrow()
    await until(
      async () =>
        (await query(postgres.url, "select 1 from pg_stat_activity where query = 'select pg_sleep(60)'")).length > 0,
    )
    await Promise.all([postgres.stop(), postgres.stop()])
    await cut
    expect(await isAlive(postgres.pid)).toBe(false)
  })
})

describe('a second copy', () => {
  test('is refused while the first one runs', async () => {
    await running(folder, async () => {
      const problem = await problemOf(start(folder))
      expect(problem).toBeInstanceOf(FolderInUse)
      expect(problem.message).toContain(`Another Canaliza (process ${process.pid}) is running on the folder`)
    })
  })
})

describe('a command', () => {
  test('beside a running Canaliza uses its server, and leaves it running', async () => {
    const folderLock = await openDataFolder(folder)
    onTestFinished(() => folderLock.close())
    await running(folder, async ({ url }) => {
      const joined = await joinEmbeddedPostgres({ dataDir: folder, log: listeningLog().log })
      expect(joined.url).toBe(url)
      await joined.close()
      expect(await query(url, 'select 1')).toEqual([1])
    })
  })

  test('alone starts the server and stops it', async () => {
    const joined = await joinEmbeddedPostgres({ dataDir: folder, log: listeningLog().log })
    expect(await query(joined.url, 'select id from note')).toEqual([1])
    await joined.close()
    await expect(query(joined.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('in a folder that only its owner may enter', () => {
  test('root has the database elsewhere and finds it again when the project moves; anybody else has it there', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'canaliza-postgres-'))
    onTestFinished(() => rm(parent, { recursive: true, force: true }))
    const [home, elsewhere] = [join(parent, 'home'), join(parent, 'lib')]
    await mkdir(join(home, 'project'), { recursive: true })
    await mkdir(elsewhere)
    await Promise.all([chmod(parent, 0o711), chmod(home, 0o700)])
    const root = process.getuid?.() === 0
    const { lines, log } = listeningLog()
    const options = { log, fallbackParents: ['/nonexistent', elsewhere] }

    const first = await startForTest(join(home, 'project'), options)
    await query(first.url, 'create table moved as select 7 as id')
    await first.stop()
    await rename(join(home, 'project'), join(home, 'moved'))
    const second = await startForTest(join(home, 'moved'), options)
    expect(await query(second.url, 'select id from moved')).toEqual([7])
    await second.stop()

    expect(await readdir(elsewhere)).toHaveLength(root ? 1 : 0)
    expect(lines.filter((line) => line.includes('the database is kept in'))).toHaveLength(root ? 1 : 0)
  })
})
