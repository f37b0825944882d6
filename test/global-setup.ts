import { spawn } from 'node:child_process'
import { access, constants, mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDataFolder } from '../src/runtime/data-folder.ts'
import { migrate } from '../src/runtime/database.ts'
import { startEmbeddedPostgres } from '../src/runtime/embedded-postgres/embedded-postgres.ts'
import { connected, urlOf } from './database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test databases are made: a URL whose user may create them, and the name of the migrated template. */
    databases: { server: string; template: string }
  }
}

// The data live as long as the run: what protects them from a power cut only costs time.
const FORGETFUL = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' }

/**
 * One PostgreSQL for the whole run (TEST_DATABASE_URL, or the embedded one in a temporary folder) with a migrated
 * database that tests copy: see `createTestDatabase`.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const { server, stop } = given ? { server: given, stop: async () => undefined } : await startServer()
  const template = `canaliza_template_${process.pid}`
  await connected(server, (client) => client.query(`create database ${template}`))
  await migrate(urlOf(server, template))
  project.provide('databases', { server, template })
  return async () => {
    await connected(server, (client) => client.query(`drop database ${template} with (force)`))
    await stop()
  }
}

/** Where Linux keeps files in memory, and the bytes that have to be free there. */
const MEMORY = { path: '/dev/shm', free: 4 * 2 ** 30 }

/** A copy of the template is some thousand small files, made and removed: in memory that takes a fifth of the time. */
async function placeForData(): Promise<string> {
  try {
    await access(MEMORY.path, constants.W_OK)
    const { bavail, bsize } = await statfs(MEMORY.path)
    return bavail * bsize >= MEMORY.free ? MEMORY.path : tmpdir()
  } catch {
    // Another system, or nothing that may be written: the usual place is good.
    return tmpdir()
  }
}

async function startServer(): Promise<{ server: string; stop: () => Promise<void> }> {
  const path = await mkdtemp(join(await placeForData(), 'canaliza-test-'))
  const watchdog = clearAwayWhenWeDie(path)
  const folder = await openDataFolder(path)
  const log = { info: () => undefined, warn: console.warn, error: console.error }
  const postgres = await startEmbeddedPostgres({ dataDir: path, log, settings: FORGETFUL })
  return {
    server: postgres.url,
    stop: async () => {
      watchdog.kill()
      await postgres.stop()
      await folder.close()
      await rm(path, { recursive: true })
    },
  }
}

/** PostgreSQL outlives a killed test run: a shell that reads from us notices the end of file, and stops it. */
function clearAwayWhenWeDie(path: string) {
  const script = `
    cat > /dev/null
    pid=$(head -n 1 "$0/postgres/data/postmaster.pid") && kill -INT "$pid" && while kill -0 "$pid"; do sleep 0.1; done
    rm -rf "$0"`
  const watchdog = spawn('/bin/sh', ['-c', script, path], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  watchdog.unref()
  return watchdog
}
