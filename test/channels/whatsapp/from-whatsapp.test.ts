import { proto, type WAMessage } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { fromWhatsapp, phoneOf } from '../../../src/channels/whatsapp/from-whatsapp.ts'

const NOW = new Date('2026-11-22T18:00:00Z')
const arrival = { account: 'default', now: NOW, maxAge: 86_400_000, isOurs: (id: string) => id === 'OURS' }
const { Type } = proto.Message.ProtocolMessage
const { StubType } = proto.WebMessageInfo
const file = {
  mediaKey: Buffer.from('key'),
  directPath: '/v/t62.7118-24/1',
  url: 'https://mmg.whatsapp.net/v/t62.7118-24/1',
}

function received(message: proto.IMessage | undefined, more: Partial<WAMessage> = {}) {
  const key = { remoteJid: '7001@lid', id: 'A1', fromMe: false, ...more.key }
  const messageTimestamp = Math.floor(NOW.getTime() / 1000) - 60
  return fromWhatsapp({ messageTimestamp, pushName: 'Rosa', ...(message && { message }), ...more, key }, arrival)
}

describe('what people send', () => {
  it.each<[string, proto.IMessage, object]>([
    ['a text', { conversation: 'Hay un bache 🕳️' }, { kind: 'text', text: 'Hay un bache 🕳️' }],
    [
      'a reply',
      { extendedTextMessage: { text: 'Sí', contextInfo: { stanzaId: 'Q' } } },
      { kind: 'text', text: 'Sí', replyTo: 'Q' },
    ],
    [
      'a text that disappears',
      { ephemeralMessage: { message: { conversation: 'Hola' } } },
      { kind: 'text', text: 'Hola' },
    ],
    [
      'a photo',
      { imageMessage: { ...file, mimetype: 'image/jpeg', caption: 'Así' } },
      { kind: 'image', text: 'Así', media: [{ kind: 'image', mime: 'image/jpeg' }] },
    ],
    ['a photo to be seen once', { viewOnceMessageV2: { message: { imageMessage: file } } }, { kind: 'image' }],
    ['a voice note', { audioMessage: { ...file, ptt: true, seconds: 4 } }, { kind: 'voice', media: [{ duration: 4 }] }],
    ['music', { audioMessage: file }, { kind: 'audio' }],
    ['a video', { videoMessage: { ...file, seconds: 9 } }, { kind: 'video' }],
    ['a round video', { ptvMessage: file }, { kind: 'video' }],
    [
      'a document',
      { documentMessage: { ...file, mimetype: 'application/pdf', fileName: 'oficio.pdf' } },
      { kind: 'document', media: [{ fileName: 'oficio.pdf' }] },
    ],
    [
      'a document with a caption',
      { documentWithCaptionMessage: { message: { documentMessage: { ...file, caption: 'Oficio' } } } },
      { kind: 'document', text: 'Oficio' },
    ],
    ['a photo as a document', { documentMessage: { ...file, mimetype: 'image/png' } }, { kind: 'image' }],
    ['a sticker', { stickerMessage: file }, { kind: 'sticker' }],
    [
      'a place',
      { locationMessage: { degreesLatitude: 22.39, degreesLongitude: -97.93, name: 'Plaza' } },
      { kind: 'location', location: { latitude: 22.39, longitude: -97.93, name: 'Plaza' } },
    ],
    [
      'a live place',
      { liveLocationMessage: { degreesLatitude: 22.39, degreesLongitude: -97.93 } },
      { kind: 'location' },
    ],
    [
      'a contact',
      {
        contactMessage: {
          displayName: 'Luz',
          vcard: 'BEGIN:VCARD\nTEL;type=CELL;waid=5218331234567:+52 1 833 123 4567\nEND:VCARD',
        },
      },
      { kind: 'contact', contact: { name: 'Luz', phone: '5218331234567', own: false } },
    ],
    [
      'a press',
      { buttonsResponseMessage: { selectedButtonId: 'cat:bache', selectedDisplayText: 'Bache' } },
      { kind: 'choice', choice: { id: 'cat:bache', label: 'Bache' } },
    ],
    [
      'a row of a list',
      { listResponseMessage: { title: 'Bache', singleSelectReply: { selectedRowId: 'cat:bache' } } },
      { kind: 'choice', choice: { id: 'cat:bache' } },
    ],
    [
      'a reaction',
      { reactionMessage: { key: { id: 'OURS' }, text: '👍' } },
      { kind: 'reaction', text: '👍', replyTo: 'OURS' },
    ],
    [
      'a reaction taken back',
      { reactionMessage: { key: { id: 'OURS' }, text: '' } },
      { kind: 'reaction', replyTo: 'OURS' },
    ],
    [
      'an edit',
      { protocolMessage: { type: Type.MESSAGE_EDIT, key: { id: 'A0' }, editedMessage: { conversation: 'calle 6' } } },
      { kind: 'edit', text: 'calle 6', replyTo: 'A0' },
    ],
    ['a deletion', { protocolMessage: { type: Type.REVOKE, key: { id: 'A0' } } }, { kind: 'delete', replyTo: 'A0' }],
    ['a poll', { pollCreationMessage: { name: '¿Cuándo?' } }, { kind: 'unsupported' }],
  ])('%s', (_what, message, expected) => {
    expect(received(message)).toMatchObject({
      message: { ...expected, from: { address: '7001@lid', name: 'Rosa' }, externalId: '7001@lid//A1' },
    })
  })

  it('what could not be decrypted is a message of its own, for the real one may still come', () => {
    expect(received(undefined, { messageStubType: StubType.CIPHERTEXT })).toMatchObject({
      message: { kind: 'unsupported', externalId: '7001@lid//A1/unreadable' },
    })
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
