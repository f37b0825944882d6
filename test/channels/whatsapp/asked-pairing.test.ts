import { expect, it } from 'vitest'
import { askOf } from '../../../src/channels/whatsapp/status.ts'
import { until } from '../../../src/runtime/until.ts'
import { createNumber } from './number.ts'

it('a number is paired by the code on the telephone that staff named, or by a QR again', {
  timeout: 60_000,
}, async () => {
  const number = await createNumber()
  number.run()
  await until(async () => (await number.status()).qr !== undefined)
  await askOf(number.vault, 'pair', '528330000001')
  const code = await until(async () => (await number.status()).code)
  expect(number.server.codeRequests.join()).toContain('528330000001')
  expect((await number.status()).qr).toBeUndefined()
  await askOf(number.vault, 'pair', '')
  await until(async () => (await number.status()).qr !== undefined)
  await askOf(number.vault, 'pair', '528330000001')
  const again = await until(async () => (await number.status()).code)
  await number.server.type(again ?? '')
  await until(async () => (await number.status()).state === 'open')
  expect(code).toMatch(/^\w{8}$/)
})

it('the wait for a connection is one wait, however often it is tried', { timeout: 60_000 }, async () => {
  const number = await createNumber()
  await number.paired()
  number.server.refuseLogins(503)
  number.server.cut()
  const first = await until(async () => {
    const status = await number.status()
    return status.state === 'waiting' && status
  })
  const logins = number.server.refusedLogins
  await until(() => number.server.refusedLogins > logins + 2)
  const later = await until(async () => {
    const status = await number.status()
    return status.state === 'waiting' && status
  })
  expect(later?.since).toEqual(first?.since)
})
