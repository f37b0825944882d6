import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { SendError } from '../../src/channels/send-error.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { sql } from '../../src/runtime/sql.ts'
import { testDatabase } from '../workflow/way-fixture.ts'

/** A log that is kept. */
function kept() {
  const lines: string[] = []
  const to = new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) })
  return { log: createLogger('trace', to), lines, last: () => JSON.parse(lines.at(-1) ?? '{}') }
}

it.each([
  [
    'a row that breaks a rule',
    "insert into ciudadano (id, nombre) overriding system value values (null, 'Juan Secreto')",
  ],
  ['a value of another type', "select 'Juan Secreto'::int"],
  ['JSON that is none', `select '{"nombre": "Juan Secreto'::jsonb`],
])('what PostgreSQL says of %s is told without the data', async (_what, statement) => {
  const database = await testDatabase()
  const { log, lines, last } = kept()
  const error = await sql(database.fork(), statement).catch((reason: unknown) => reason)
  log.error({ err: error }, 'it failed')
  expect(lines.join()).not.toContain('Secreto')
  expect(last()).toMatchObject({ err: { code: expect.stringMatching(/^2/), message: expect.stringMatching(/^\w/) } })
})

it('tells of an error what it is, where it happened and what caused it, and nothing that hangs on it', () => {
  const { log, lines, last } = kept()
  const payload = { text: 'hay un bache frente a mi casa' }
  const cause = Object.assign(new Error('socket hang up\nhay un bache'), { code: 'ECONNRESET', on: { payload } })
  log.warn({ err: new SendError('unavailable', 'no answer', { retryable: true, cause }) }, 'a send failed')
  expect(lines.join()).not.toContain('bache')
  expect(last().err).toMatchObject({
    type: 'SendError',
    code: 'unavailable',
    message: 'no answer',
    stack: expect.stringMatching(/^\s+at /),
    cause: { type: 'Error', code: 'ECONNRESET', message: 'socket hang up' },
  })
  log.warn({ err: 'hay un bache' }, 'thrown, and no error')
  expect(lines.join()).not.toContain('bache')
})
