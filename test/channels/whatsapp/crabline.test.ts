import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startWhatsAppServer } from '@openclaw/crabline'
import { expect, it, onTestFinished } from 'vitest'
import { openCredentials } from '../../../src/channels/whatsapp/credentials.ts'
import { readStatus } from '../../../src/channels/whatsapp/status.ts'
import { createWhatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { createTestContext, enough, eventually } from '../telegram/context.ts'
import { QUICK } from './number.ts'
import { createVault, SECRET_KEY } from './vault.ts'

const CITIZEN = '5218331234567@s.whatsapp.net'

it('a linked number hears and answers on a server made by others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-crabline-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const recorderPath = join(folder, 'recorded.jsonl')
  const server = await startWhatsAppServer({ selfJid: '5218330000001@s.whatsapp.net', recorderPath })
  onTestFinished(() => server.close())
  const vault = await createVault()
  const linked = await openCredentials(vault, enough())
  linked.creds.me = { id: '5218330000001:1@s.whatsapp.net' }
  await linked.saveCreds()
  const { context, inbox } = createTestContext()
  const { adminInboundUrl, baileysWebSocketUrl } = server.manifest.endpoints
  const channel = createWhatsapp(
    {
      account: 'default',
      database: vault.database,
      secretKey: SECRET_KEY,
      spoolFolder: folder,
      serverUrl: baileysWebSocketUrl,
      sentMessage: async () => undefined,
    },
    { ...context, now: () => new Date() },
    QUICK,
  )
  const stopping = new AbortController()
  const running = channel.run?.(stopping.signal)
  onTestFinished(async () => {
    stopping.abort()
    await running
  })
  await eventually(async () => (await readStatus(vault)).state).toBe('open')
  const told = await fetch(adminInboundUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.manifest.adminToken}` },
    body: JSON.stringify({ chatJid: CITIZEN, senderJid: CITIZEN, text: 'Hay un bache', pushName: 'Rosa' }),
  })
  expect(told.status).toBe(200)
  await eventually(() => inbox).toMatchObject([{ kind: 'text', text: 'Hay un bache', from: { name: 'Rosa' } }])
  const to = inbox[0]?.from.address ?? ''
  const sent = await channel.send({ id: '1', to, message: { text: '¿Dónde está?' } }, enough())
  expect(sent.providerId).toMatch(/^3EB0[0-9A-F]{18}$/)
})
