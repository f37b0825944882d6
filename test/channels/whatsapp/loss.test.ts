import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openSpool } from '../../../src/channels/whatsapp/spool.ts'
import { readStatus } from '../../../src/channels/whatsapp/status.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { createWhatsappServer } from '../../fakes/whatsapp-server.ts'
import { databaseAway, eventually } from '../telegram/context.ts'
import { createNumber } from './number.ts'
import { createVault, QUIET, SECRET_KEY } from './vault.ts'

/** A write of keys that waits. */
const BLOCKED = `select 1 from pg_locks where not granted`

const LEFT = 'select external_id, content from whatsapp_arrival'

const texts = (inbox: { text?: string }[]) => inbox.map(({ text }) => text)

it('what WhatsApp was given a receipt for, and nobody stored before the process died, is stored by the next one', async () => {
  const number = await createNumber()
  await number.paired()
  number.failAllSaves(new Error('this process is about to die'))
  const id = await number.server.says('7001', 'Se cayó un árbol', { name: 'Rosa' })
  await eventually(() => [...number.server.receipted]).toContain(id)
  expect(number.inbox).toEqual([])
  const rows = await sql<{ external_id: string }>(
    number.vault.database.fork(),
    'select external_id from whatsapp_arrival',
  )
  expect(rows).toEqual([{ external_id: `7001@lid//${id}` }])
  number.failAllSaves(undefined)
  number.server.cut()
  await eventually(() => number.inbox).toMatchObject([
    { externalId: `7001@lid//${id}`, text: 'Se cayó un árbol', from: { address: '7001@lid', name: 'Rosa' } },
  ])
  await eventually(() => sql(number.vault.database.fork(), LEFT)).toEqual([{ external_id: null, content: null }])
})

it('a message that is redelivered after its keys were used is still read, and stored once', async () => {
  const number = await createNumber()
  await number.paired()
  number.failAllSaves(databaseAway())
  number.server.losesReceipts = true
  const id = await number.server.says('7001', 'uno')
  await eventually(() => [...number.server.receipted]).toEqual([id])
  number.server.receipted.clear()
  number.server.again()
  await eventually(() => [...number.server.receipted]).toEqual([id])
  number.failAllSaves(undefined)
  await eventually(() => texts(number.inbox)).toEqual(['uno'])
  expect(number.server.refused.size).toBe(0)
})

it('a message that is redelivered after it was stored is known, and nothing is asked again', async () => {
  const number = await createNumber()
  await number.paired()
  number.server.losesReceipts = true
  const id = await number.server.says('7001', 'uno')
  await eventually(() => texts(number.inbox)).toEqual(['uno'])
  await eventually(() => sql(number.vault.database.fork(), LEFT)).toEqual([{ external_id: null, content: null }])
  number.server.receipted.clear()
  number.server.again()
  await eventually(() => [...number.server.receipted]).toEqual([id])
  expect(number.server.askedAgain).toEqual([])
  expect(texts(number.inbox)).toEqual(['uno'])
})

it('no message leaves before the keys that it used are kept', async () => {
  const number = await createNumber()
  await number.paired()
  await number.server.says('7001', 'uno')
  await eventually(() => texts(number.inbox)).toEqual(['uno'])
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const em = number.vault.database.fork()
  const holding = em.transactional(async (inside) => {
    await sql(inside, 'select 1 from whatsapp_account for update')
    await held
  })
  const saying = number.say('7001', '¿En qué le ayudo?')
  await eventually(() => sql(number.vault.database.fork(), BLOCKED)).toHaveLength(1)
  // Whatever left before this has arrived when this has.
  await number.channel.typing?.('7002@lid', AbortSignal.timeout(5_000))
  await eventually(() => number.server.composing).toContain('7002@lid')
  expect(number.server.heard).toEqual([])
  letGo()
  await holding
  await saying
  expect(number.server.heard).toHaveLength(1)
})

it('while the database does not take messages they wait on disk, encrypted, and go in order before the new ones', async () => {
  const number = await createNumber({ timings: { spool: 60_000 } })
  await number.paired()
  number.failAllSaves(databaseAway())
  for (const text of ['uno', 'dos', 'tres']) await number.server.says('7001', text)
  await eventually(() => number.server.receipted.size).toBe(3)
  await eventually(() => readdir(join(number.folder, 'default'))).toContain('000000000001')
  const kept = await readFile(join(number.folder, 'default', '000000000001'), 'utf8')
  expect(Buffer.from(kept, 'base64').toString('latin1')).not.toContain('uno')
  number.failAllSaves(undefined)
  await number.server.says('7001', 'cuatro')
  await eventually(() => texts(number.inbox)).toEqual(['uno', 'dos', 'tres', 'cuatro'])
  expect(await readdir(join(number.folder, 'default'))).toEqual([])
})

it('what lies on disk is stored by itself once the database is back', async () => {
  const number = await createNumber()
  await number.paired()
  number.failAllSaves(databaseAway())
  await number.server.says('7001', 'uno')
  await eventually(() => readdir(join(number.folder, 'default'))).toHaveLength(1)
  number.failAllSaves(undefined)
  await eventually(() => texts(number.inbox)).toEqual(['uno'])
})

it('a file that cannot be read is set aside, and what comes after it goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-spool-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const other = await openSpool(folder, createSecretBox('another secret key, of 32 characters', 'whatsapp'), QUIET)
  await other.put([])
  const spool = await openSpool(folder, createSecretBox(SECRET_KEY, 'whatsapp'), QUIET)
  const message = {
    channel: 'whatsapp',
    account: 'default',
    externalId: 'a',
    from: { address: '7001@lid' },
    kind: 'text',
    text: 'Hola',
    sentAt: new Date('2026-11-22T18:00:00Z'),
  } as const
  await spool.put([message])
  const batches = await spool.batches()
  expect(batches.map(({ messages }) => messages)).toEqual([[message]])
  await batches[0]?.done()
  expect(spool.isEmpty).toBe(true)
  expect(await readdir(folder)).toEqual(['000000000001.refused'])
})

it('processes killed at any moment lose nothing that WhatsApp was given a receipt for', {
  timeout: 180_000,
}, async () => {
  const vault = await createVault()
  const server = await createWhatsappServer()
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-killed-'))
  onTestFinished(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  const authorities = join(folder, 'authorities.pem')
  await writeFile(authorities, server.certificate)
  const start = () => {
    const script = new URL('./number-process.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [script, vault.url, server.url, folder], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authorities },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  let child = start()
  server.scan((await until(async () => (await readStatus(vault)).qr, { timeout: 60_000 })) ?? '')
  await until(() => server.connected === 1, { timeout: 60_000 })
  let said = 0
  for (let round = 0; round < 5; round++) {
    const before = server.receipted.size
    const sending = (async () => {
      for (let n = 0; n < 40; n++) await server.says(`7${round}0${n % 4}`, `mensaje ${++said}`)
    })()
    // At the very receipt: the library tells us of the message only after it.
    await until(() => server.receipted.size > before + round * 3, { every: 1, timeout: 60_000 })
    await kill(child)
    await sending
    child = start()
    await until(() => server.connected === 1, { timeout: 60_000 })
  }
  const stored = async () =>
    (await sql<{ id: string }>(vault.database.fork(), 'select provider_id as id from message')).map(({ id }) => id)
  await until(async () => server.receipted.size === said && (await stored()).length >= said, {
    every: 100,
    timeout: 90_000,
  })
  await kill(child)
  const ids = await stored()
  expect([...server.receipted].filter((id) => !ids.includes(id))).toEqual([])
  expect(ids).toHaveLength(said)
  expect(new Set(ids).size).toBe(said)
})
