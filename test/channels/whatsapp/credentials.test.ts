import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { proto } from '@whiskeysockets/baileys'
import { Client } from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { openCredentials, Superseded } from '../../../src/channels/whatsapp/credentials.ts'
import { UnreadableSecret } from '../../../src/runtime/secret-box.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { createVault, openVault, SECRET_KEY } from './vault.ts'

const forever = () => new AbortController().signal
const pair = (text: string) => ({ public: Buffer.from(`${text} public`), private: Buffer.from(`${text} private`) })

it('credentials and keys come back as they were, in another process too', async () => {
  const vault = await createVault()
  const one = await openCredentials(vault, forever())
  one.creds.me = { id: '5218330000001:3@s.whatsapp.net', lid: '77@lid' }
  await one.saveCreds()
  const syncKey = proto.Message.AppStateSyncKeyData.fromObject({ keyData: Buffer.from('sync key') })
  await one.keys.set({
    'pre-key': { '7': pair('pre-key') },
    session: { '77_1.0': Buffer.from('session') },
    'app-state-sync-key': { AAAA: syncKey },
    'device-list': { '77': ['0', '3'] },
  })
  const other = await openCredentials(await openVault(vault.url), forever())
  expect(other.creds).toEqual(one.creds)
  expect(await other.keys.get('pre-key', ['7', '8'])).toEqual({ '7': pair('pre-key') })
  expect(await other.keys.get('session', ['77_1.0'])).toEqual({ '77_1.0': Buffer.from('session') })
  expect(await other.keys.get('device-list', ['77'])).toEqual({ '77': ['0', '3'] })
  const { AAAA } = await other.keys.get('app-state-sync-key', ['AAAA'])
  expect(proto.Message.AppStateSyncKeyData.encode(AAAA ?? {}).finish()).toEqual(
    proto.Message.AppStateSyncKeyData.encode(syncKey).finish(),
  )
})

it('nothing of them can be read in the database', async () => {
  const vault = await createVault()
  const one = await openCredentials(vault, forever())
  one.creds.me = { id: '5218330000001:3@s.whatsapp.net' }
  await one.saveCreds()
  await one.keys.set({ session: { '77_1.0': Buffer.from('the session itself') } })
  const rows = await sql<{ text: string }>(
    vault.database.fork(),
    `select encode(creds, 'escape') as text from whatsapp_account union all select encode(value, 'escape') from whatsapp_key`,
  )
  const text = rows.map((row) => row.text).join('\n')
  expect(rows).toHaveLength(2)
  for (const secret of ['5218330000001', 'the session itself', one.creds.advSecretKey, 'noiseKey'])
    expect(text).not.toContain(secret)
})

it('a null deletes the key', async () => {
  const { keys } = await openCredentials(await createVault(), forever())
  await keys.set({ session: { a: Buffer.from('1'), b: Buffer.from('2') } })
  await keys.set({ session: { a: null, b: Buffer.from('3') } })
  expect(await keys.get('session', ['a', 'b'])).toEqual({ b: Buffer.from('3') })
})

it('with another SECRET_KEY the credentials are refused and left as they are', async () => {
  const vault = await createVault()
  const one = await openCredentials(vault, forever())
  await one.saveCreds()
  await expect(openCredentials(await openVault(vault.url, `${SECRET_KEY}!`), forever())).rejects.toThrow(
    UnreadableSecret,
  )
  expect((await openCredentials(vault, forever())).creds).toEqual(one.creds)
})

it('whoever held the number before can write nothing any more', async () => {
  const vault = await createVault()
  const before = await openCredentials(vault, forever())
  await before.keys.set({ session: { a: Buffer.from('old') } })
  const now = await openCredentials(await openVault(vault.url), forever())
  await now.keys.set({ session: { a: Buffer.from('new') } })
  await expect(async () => before.keys.set({ session: { a: Buffer.from('older') } })).rejects.toThrow(Superseded)
  await expect(before.saveCreds()).rejects.toThrow(Superseded)
  await expect(before.forget()).rejects.toThrow(Superseded)
  expect(await now.keys.get('session', ['a'])).toEqual({ a: Buffer.from('new') })
})

it('a write whose connection is cut in the middle is made whole afterwards', async () => {
  const vault = await createVault()
  const { keys } = await openCredentials(vault, forever())
  await keys.set({ session: { a: Buffer.from('1'), b: Buffer.from('1') } })
  const blocker = new Client({ connectionString: vault.url })
  await blocker.connect()
  await blocker.query(`begin; select 1 from whatsapp_key where id = 'b' for update`)
  const written = keys.set({ session: { a: Buffer.from('2'), b: Buffer.from('2') } })
  const cut = await until(async () => {
    const { rows } = await blocker.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return rows.length > 0
  })
  expect(cut).toBe(true)
  expect(await keys.get('session', ['a', 'b'])).toEqual({ a: Buffer.from('1'), b: Buffer.from('1') })
  await blocker.query('rollback')
  await blocker.end()
  await written
  expect(await keys.get('session', ['a', 'b'])).toEqual({ a: Buffer.from('2'), b: Buffer.from('2') })
})

it('a process killed in the middle of writing leaves both keys of a write or none', async () => {
  const vault = await createVault()
  const { keys } = await openCredentials(vault, forever())
  const child = spawn(process.execPath, [new URL('./key-writer.ts', import.meta.url).pathname, vault.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let confirmed = 0
  for await (const chunk of child.stdout) {
    confirmed = Number(String(chunk).trim().split('\n').at(-1))
    if (confirmed >= 20) break
  }
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const { a, b } = await keys.get('session', ['a', 'b'])
  expect(a).toEqual(b)
  expect(Number(Buffer.from(a ?? []).toString())).toBeGreaterThanOrEqual(confirmed)
})

it('forgotten credentials begin anew', async () => {
  const vault = await createVault()
  const one = await openCredentials(vault, forever())
  one.creds.registered = true
  await one.saveCreds()
  await one.keys.set({ session: { a: Buffer.from('1') } })
  await one.forget()
  const other = await openCredentials(vault, forever())
  expect(other.creds.registered).toBe(false)
  expect(other.creds.advSecretKey).not.toBe(one.creds.advSecretKey)
  expect(await other.keys.get('session', ['a'])).toEqual({})
})
