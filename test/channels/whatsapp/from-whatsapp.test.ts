import { proto, type WAMessage } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { fromWhatsapp, phoneOf } from '../../../src/channels/whatsapp/from-whatsapp.ts'

const NOW = new Date('2026-11-22T18:00:00Z')
const arrival = { account: 'default', now: NOW, maxAge: 86_400_000, isOurs: (id: string) => id === 'OURS' }
const { Type } = proto.Message.ProtocolMessage
const { StubType } = proto.WebMessageInfo

function received(message: proto.IMessage | undefined, more: Partial<WAMessage> = {}) {
  const key = { remoteJid: '7001@lid', id: 'A1', fromMe: false, ...more.key }
  const messageTimestamp = Math.floor(NOW.getTime() / 1000) - 60
  return fromWhatsapp({ messageTimestamp, pushName: 'Rosa', ...(message && { message }), ...more, key }, arrival)
}

// What people send comes to is in ../conformance.

it('what could not be decrypted is a message of its own, for the real one may still come', () => {
  expect(received(undefined, { messageStubType: StubType.CIPHERTEXT })).toMatchObject({
    message: { kind: 'unsupported', externalId: '7001@lid//A1/unreadable' },
  })
})

describe('what is none of our conversation', () => {
  it.each<[string, Partial<WAMessage>, proto.IMessage | undefined]>([
    ['a group', { key: { remoteJid: '120363@g.us' } }, { conversation: 'Hola' }],
    ['a status', { key: { remoteJid: 'status@broadcast' } }, { conversation: 'Hola' }],
    ['a newsletter', { key: { remoteJid: '1@newsletter' } }, { conversation: 'Hola' }],
    ['history', { messageTimestamp: 1_700_000_000 }, { conversation: 'Hola' }],
    ['our own message', { key: { fromMe: true, id: 'OURS' } }, { conversation: 'Hola' }],
    ['the owner’s reaction', { key: { fromMe: true } }, { reactionMessage: { key: { id: 'A0' }, text: '👍' } }],
    ['keys between devices', {}, { senderKeyDistributionMessage: { groupId: 'g' } }],
    ['the protocol', {}, { protocolMessage: { type: Type.EPHEMERAL_SETTING } }],
    ['nothing', {}, undefined],
  ])('%s', (_what, more, message) => {
    expect(received(message, more)).toHaveProperty('ignored')
  })
})

it('what the owner writes on the telephone is an echo to the person it was written to', () => {
  expect(received({ conversation: 'Ya vamos' }, { key: { fromMe: true } })).toMatchObject({
    message: { kind: 'echo', text: 'Ya vamos', from: { address: '7001@lid' }, externalId: '7001@lid/me/A1' },
  })
})

it('the telephone is known by LID too, when WhatsApp tells it', () => {
  expect(phoneOf({ remoteJid: '7001@lid', remoteJidAlt: '5218331234567@s.whatsapp.net' })).toBe('5218331234567')
  expect(phoneOf({ remoteJid: '5218331234567:3@s.whatsapp.net' })).toBe('5218331234567')
  expect(phoneOf({ remoteJid: '7001@lid' })).toBeUndefined()
})

it('a message tells the telephone of its sender as the one text by which telephones are compared, or none', () => {
  const from = (remoteJidAlt?: string) =>
    received({ conversation: 'Hola' }, { key: { ...(remoteJidAlt && { remoteJidAlt }) } })
  expect(from('5218331234567@s.whatsapp.net')).toMatchObject({ message: { from: { phone: '+528331234567' } } })
  expect(from('528331234567@s.whatsapp.net')).toMatchObject({ message: { from: { phone: '+528331234567' } } })
  expect(from('12105550147@s.whatsapp.net')).toMatchObject({ message: { from: { phone: '+12105550147' } } })
  expect(from()).not.toHaveProperty('message.from.phone')
})
