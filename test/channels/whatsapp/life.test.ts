import { pino } from 'pino'
import { expect, it } from 'vitest'
import { askOf } from '../../../src/channels/whatsapp/status.ts'
import { createLease } from '../../../src/runtime/lease.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { eventually } from '../telegram/context.ts'
import { createNumber } from './number.ts'

const texts = (inbox: { text?: string }[]) => inbox.map(({ text }) => text)

/** One line of figures, for who reads the run. */
const figures = (what: string, of: Record<string, number>) =>
  console.info(
    `${what}: ${Object.entries(of)
      .map(([name, value]) => `${value} ${name}`)
      .join(', ')}`,
  )

it('18 messages that waited while the process was away are stored, all and in order', async () => {
  const number = await createNumber()
  const stop = await number.paired()
  await stop()
  expect(number.server.connected).toBe(0)
  const said = Array.from({ length: 18 }, (_, n) => `mensaje ${n + 1}`)
  for (const text of said) await number.server.says('7001', text)
  number.run()
  await eventually(() => number.server.receipted.size).toBe(18)
  await eventually(() => texts(number.inbox)).toEqual(said)
  figures('18 messages while away', { 'stored, in order': number.inbox.length, receipts: number.server.receipted.size })
})

it('a cut in the middle of a conversation loses nothing and doubles nothing', async () => {
  const number = await createNumber()
  await number.paired()
  const said = Array.from({ length: 30 }, (_, n) => `mensaje ${n + 1}`)
  const answered: (string | undefined)[] = []
  for (const [at, text] of said.entries()) {
    await number.server.says('7001', text)
    if (at % 10 !== 5) continue
    // What is answered meanwhile is not known to have arrived, and is sent again under its id.
    const answer = () => number.say('7001', `respuesta ${at}`, String(at))
    const first = answer().catch(() => undefined)
    number.server.cut()
    await first
    await eventually(() => number.server.connected).toBe(1)
    answered.push((await until(() => answer().catch(() => undefined)))?.providerId)
  }
  await eventually(() => texts(number.inbox)).toEqual(said)
  await eventually(() => [...new Set(number.server.heard.map(({ id }) => id))].sort()).toEqual([...answered].sort())
  expect(number.server.logins).toBe(4)
  figures('3 cuts in the middle', {
    'messages said': said.length,
    stored: number.inbox.length,
    answers: answered.length,
    'heard at least once': new Set(number.server.heard.map(({ id }) => id)).size,
  })
})

it.each([408, 428, 500, 503, 515, 999])('after %i it connects again', async (code) => {
  const number = await createNumber()
  await number.paired()
  number.server.end(code)
  await eventually(() => number.server.logins).toBe(2)
  await eventually(async () => (await number.status()).state).toBe('open')
})

it.each([401, 411])('after %i the link is forgotten and a new QR is shown', async (code) => {
  const number = await createNumber()
  await number.paired()
  number.server.refuseLogins(code)
  number.server.cut()
  await eventually(() => number.server.refusedLogins).toBeGreaterThan(1)
  number.server.refuseLogins(undefined)
  await eventually(number.status).toMatchObject({ state: 'pairing', qr: expect.stringContaining('linked_devices') })
})

it.each([
  [403, 'banned'],
  [463, 'restricted'],
])('after %i it stops until somebody looked', async (code, reason) => {
  const number = await createNumber()
  await number.paired()
  number.server.refuseLogins(code)
  number.server.cut()
  await eventually(number.status).toMatchObject({ state: 'stopped', reason })
  expect(number.channel.health?.()).toMatchObject({ ok: false })
  number.server.refuseLogins(undefined)
  await askOf(number.vault, 'restart')
  await eventually(async () => (await number.status()).state).toBe('open')
})

it('when somebody else uses the link it stops, and does not fight', async () => {
  const number = await createNumber()
  await number.paired()
  number.server.end('conflict')
  await eventually(number.status).toMatchObject({ state: 'stopped', reason: 'replaced' })
  expect(number.server.logins).toBe(1)
})

it('a socket that is connected and deaf is opened again', async () => {
  const number = await createNumber({ timings: { watch: 50, ping: 300, opening: 500 } })
  await number.paired()
  number.server.deaf(true)
  await eventually(async () => (await number.status()).state).not.toBe('open')
  number.server.deaf(false)
  await eventually(async () => (await number.status()).state).toBe('open')
})

it('staff disconnect it, and pair it again', async () => {
  const number = await createNumber()
  await number.paired()
  await askOf(number.vault, 'disconnect')
  await eventually(number.status).toMatchObject({ state: 'unlinked', reason: 'disconnected' })
  expect(number.server.connected).toBe(0)
  await askOf(number.vault, 'pair')
  await eventually(number.status).toMatchObject({ state: 'pairing', qr: expect.any(String) })
})

it('pairing by a code shows the code instead of a QR, and is done when it is typed into the telephone', async () => {
  const number = await createNumber({ pairingPhone: '+5218330000001' })
  number.run()
  await eventually(number.status).toMatchObject({ state: 'pairing', code: expect.stringMatching(/^[1-9A-Z]{8}$/) })
  expect(number.server.codeRequests).toEqual(['5218330000001@s.whatsapp.net'])
  const { code = '', qr } = await number.status()
  expect(qr).toBeUndefined()
  await number.server.type(code)
  await eventually(number.status).toMatchObject({ state: 'open', phone: '5218330000001', reason: null })
  await number.server.says('7001', 'Buenas tardes')
  await eventually(() => texts(number.inbox)).toEqual(['Buenas tardes'])
  await number.say('7001', '¿En qué le ayudo?')
  expect(number.server.heard).toHaveLength(1)
})

it('another code links nothing, and the telephone says so', async () => {
  const number = await createNumber({ pairingPhone: '+5218330000001' })
  number.run()
  await eventually(number.status).toMatchObject({ state: 'pairing', code: expect.any(String) })
  await number.server.type('AAAAAAAA')
  await eventually(() => number.server.wrongCodes).toBe(1)
  expect(await number.status()).not.toMatchObject({ state: 'open' })
  expect(number.server.logins).toBe(0)
})

/** Two processes' channels on one number, each under the lease in the database. */
async function contenders() {
  const number = await createNumber()
  number.context.withLease = createLease(number.vault.database, pino({ level: 'silent' }))
  const stop = await number.paired()
  number.context.withLease = createLease(number.vault.database, pino({ level: 'silent' }))
  number.run()
  return { number, stop }
}

it('two processes never hold two sockets, and the second takes over when the first is told to stop', async () => {
  const { number, stop } = await contenders()
  await number.server.says('7001', 'uno')
  await eventually(() => texts(number.inbox)).toEqual(['uno'])
  expect(await number.status()).toMatchObject({ held: true })
  await stop()
  await number.server.says('7001', 'dos')
  await eventually(() => texts(number.inbox)).toEqual(['uno', 'dos'])
  const { logins, mostConnected } = number.server
  expect({ logins, mostConnected }).toEqual({ logins: 2, mostConnected: 1 })
  figures('2 processes, 1 number', { logins, 'sockets at once, at most': mostConnected })
})

it('a lost lease closes the socket at once, and the process that has it now opens its own', async () => {
  const { number } = await contenders()
  await number.server.says('7001', 'uno')
  await eventually(() => texts(number.inbox)).toEqual(['uno'])
  await sql(
    number.vault.database.fork(),
    "update lease set holder = gen_random_uuid(), expires_at = now() + interval '2 seconds'",
  )
  await eventually(() => number.server.connected).toBe(0)
  await eventually(() => number.server.connected).toBe(1)
  await number.server.says('7001', 'dos')
  await eventually(() => texts(number.inbox)).toEqual(['uno', 'dos'])
  expect(number.server.mostConnected).toBe(1)
})
