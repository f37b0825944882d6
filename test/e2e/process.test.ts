import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestDatabase } from '../database.ts'
import { type Ended, freePort, type Program, run, start } from './program.ts'

// Starts of a whole program, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 })

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'canaliza-process-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

async function started(options: Parameters<typeof start>[0]): Promise<Program> {
  const program = await start(options)
  onTestFinished(async () => void (await program.stop()))
  return program
}

async function database(): Promise<string> {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  return url
}

/** Everything on stderr, which must be for people: no stack, no name of an exception. */
function sentence({ stderr }: Ended): string {
  expect(stderr).not.toMatch(/^\s+at |Error:|node:internal/m)
  return stderr.trim()
}

describe('a start that cannot be ends with one sentence and its exit code', () => {
  it('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const ended = await run('src/main.ts', {
      cwd: await folder(),
      env: { PORT: port, DATABASE_URL: await database(), LOG_LEVEL: 'warn' },
    })
    expect(ended.code).toBe(75)
    expect(sentence(ended)).toBe(
      `PORT: another program already listens on 127.0.0.1:${port}. Stop it, or set PORT to another number.`,
    )
    expect(ended.stdout).not.toContain('"level":50')
  })

  it('when the database does not answer', async () => {
    const ended = await run('src/main.ts', {
      cwd: await folder(),
      env: { DATABASE_URL: `postgres://uac:secreta@127.0.0.1:${await freePort()}/town`, LOG_LEVEL: 'error' },
    })
    expect(ended.code).toBe(69)
    expect(sentence(ended)).toMatch(
      /^DATABASE_URL: the database town at 127\.0\.0\.1:\d+ cannot be used .*ECONNREFUSED/,
    )
    expect(ended.stdout + ended.stderr).not.toContain('secreta')
  })

  it('when variables are wrong, all of them named', async () => {
    const ended = await run('src/main.ts', { cwd: await folder(), env: { PORT: 'tres mil', SECRET_KEY: 'corta' } })
    expect(ended.code).toBe(78)
    expect(sentence(ended)).toMatch(/PORT is "tres mil", but must be a whole number from 0 to 65535\.\n/)
    expect(sentence(ended)).toMatch(/SECRET_KEY is set \(its 5 characters are not shown\), but must be/)
  })

  it('when the data folder was made by a newer version', async () => {
    const cwd = await folder()
    await writeFile(join(cwd, 'format'), '99\n')
    const ended = await run('src/main.ts', { cwd, env: { DATA_DIR: cwd, LOG_LEVEL: 'warn' } })
    expect(ended.code).toBe(73)
    expect(sentence(ended)).toContain('was made by a newer Canaliza')
  })

  it('of a command, too', async () => {
    const ended = await run('src/commands/migrate.ts', { cwd: await folder(), env: { DATABASE_URL: 'mysql://x' } })
    expect(ended.code).toBe(78)
    expect(sentence(ended)).toContain('DATABASE_URL is set')
  })
})

describe('a program on a folder of its own', () => {
  it('shares its database with npm run migrate, its folder with no other, ends soon on SIGTERM, and starts again, also when it was killed', async () => {
    const cwd = await folder()
    const options = { cwd, env: { PORT: String(await freePort()) } }
    const first = await started(options)
    const password = /admin@localhost\n\s+(\S+)\n/.exec(first.output())?.[1]
    expect(password).toMatch(/^[A-Z2-9-]{24}$/)

    const migrated = await run('src/commands/migrate.ts', { cwd })
    expect([migrated.code, migrated.stderr]).toEqual([0, ''])
    expect(migrated.stdout).toContain('The database and its configuration are of this version')

    const other = await run('src/main.ts', { cwd, env: { PORT: String(await freePort()), LOG_LEVEL: 'warn' } })
    expect(other.code).toBe(75)
    expect(sentence(other)).toContain(join(cwd, 'var'))
    expect(sentence(other)).toMatch(/^[^\n]+$/)
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200)

    const ended = await first.stop()
    expect(ended.code).toBe(0)
    expect(ended.took).toBeLessThan(20_000)
    const second = await started(options)
    expect(second.output()).not.toContain('First administrator')
    expect(await enters(second.url, password ?? '')).toBe(true)

    expect((await second.stop('SIGKILL')).signal).toBe('SIGKILL')
    const third = await started(options)
    expect((await fetch(`${third.url}/healthz`)).status).toBe(200)
  })
})

async function enters(url: string, password: string): Promise<boolean> {
  const body = new URLSearchParams({ email: 'admin@localhost', password })
  const answer = await fetch(`${url}/admin/login`, {
    method: 'POST',
    body,
    headers: { origin: url },
    redirect: 'manual',
  })
  return answer.headers.getSetCookie().length > 0
}
