import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { lastComplaint, limitLog, logFileOf, openLog } from '../../../src/runtime/embedded-postgres/log.ts'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'canaliza-log-'))
  return () => rm(home, { recursive: true })
})

test('the last complaint is found among what was written since the start, without its time stamp', async () => {
  await writeFile(logFileOf(home), '2026-11-22 10:00:00 UTC [1] FATAL:  of an earlier start\n')
  const { file, offset } = await openLog(home)
  await file.close()
  expect(await lastComplaint(home, offset)).toBe('')
  await appendFile(logFileOf(home), '2026-11-22 10:00:01 UTC [2] LOG:  starting\n')
  expect(await lastComplaint(home, offset)).toBe('starting')
  await appendFile(
    logFileOf(home),
    '2026-11-22 10:00:02 UTC [2] FATAL:  could not read "x"\n2026-11-22 10:00:03 UTC [2] LOG:  database system is shut down\n',
  )
  expect(await lastComplaint(home, offset)).toBe('could not read "x"')
})

test('a program that cannot even be loaded is a complaint too', async () => {
  await writeFile(logFileOf(home), 'postgres: error while loading shared libraries: libicu.so: no such file\n')
  expect(await lastComplaint(home, 0)).toContain('libicu.so')
})

test('a log of more than 10 MB is emptied into one older file, and a small one is left alone', async () => {
  await limitLog(home)
  await writeFile(logFileOf(home), 'x'.repeat(10_000_001))
  await limitLog(home)
  expect((await stat(logFileOf(home))).size).toBe(0)
  expect((await stat(`${logFileOf(home)}.1`)).size).toBe(10_000_001)
  await writeFile(logFileOf(home), 'small')
  await limitLog(home)
  expect((await stat(logFileOf(home))).size).toBe(5)
})
