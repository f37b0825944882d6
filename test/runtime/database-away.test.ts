import { expect, it } from 'vitest'
import { isDatabaseAway } from '../../src/runtime/database-away.ts'

const failing = (code: string, more: object = {}) => Object.assign(new Error('no'), { code, ...more })

it.each([
  ['refuses', failing('ECONNREFUSED')],
  ['has no address: its container is stopped', failing('ENOTFOUND', { syscall: 'getaddrinfo' })],
  ['has no address now', failing('EAI_AGAIN', { syscall: 'getaddrinfo' })],
  ['cannot be reached', failing('EHOSTUNREACH')],
  ['does not answer', failing('ETIMEDOUT')],
  ['has no socket file', failing('ENOENT', { syscall: 'connect' })],
  ['is shutting down', failing('57P01')],
  ['cut a transaction that stood still', failing('25P03')],
  ['became a copy that takes no writes', failing('25006')],
  ['is away, says somebody in between', new Error('wrapped', { cause: failing('ECONNRESET') })],
])('a database that %s is away', (_how, error) => expect(isDatabaseAway(error)).toBe(true))

it.each([
  ['a file that is not there', new Error('Cannot read file', { cause: failing('ENOENT', { syscall: 'open' }) })],
  ['a statement that is wrong', failing('42601')],
  ['a statement that took too long', failing('57014')],
  ['no error at all', 'ECONNREFUSED'],
])('%s is no absence of the database', (_what, error) => expect(isDatabaseAway(error)).toBe(false))
