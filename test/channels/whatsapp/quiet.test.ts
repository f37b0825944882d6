import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { quietLibsignal } from '../../../src/channels/whatsapp/quiet-libsignal.ts'
import { quietLog } from '../../../src/channels/whatsapp/quiet-log.ts'

it('private keys that libsignal prints do not reach the console, and nothing else is lost', () => {
  const printed = vi.spyOn(console, 'info').mockImplementation(() => undefined)
  quietLibsignal()
  console.info('Closing session:', { privKey: 'secret' })
  console.info('Closing the shop', 'tonight')
  expect(printed.mock.calls).toEqual([['Closing the shop', 'tonight']])
})

it('of what Baileys logs only its sentences are kept, without numbers', () => {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const log = quietLog(pino({ level: 'trace' }, sink), 'default').child({ class: 'socket' })
  log.error(
    { key: { remoteJid: '5218331234567@s.whatsapp.net' }, text: 'Vivo en la calle 5' },
    'failed to decrypt message',
  )
  log.warn('no session for 5218331234567')
  log.info({ node: 'everything' }, 'logging in')
  expect(lines).toHaveLength(2)
  expect(lines.join()).toContain('failed to decrypt message')
  expect(lines.join()).not.toMatch(/833|calle|everything/)
})
