import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import type { MediaKind, OutboundMessage } from '../../../src/channels/message.ts'
import type { FileType } from '../../fakes/whatsapp/files.ts'
import { enough, eventually } from '../telegram/context.ts'
import { MP4, OGG, PDF, PNG, WEBP } from './files.ts'
import { createNumber, type TestNumber } from './number.ts'

/** The file of the n-th message, as the gateway gets it. */
async function fileOf({ channel, inbox }: TestNumber, n = 0): Promise<Buffer> {
  const media = inbox[n]?.media?.[0]
  if (!media || !channel.fetchMedia) throw new Error('there is no file')
  const { body } = await channel.fetchMedia(media, enough())
  return buffer(body)
}

it.each<[string, FileType, Buffer, Record<string, string | boolean>, object]>([
  [
    'a photo',
    'image',
    PNG,
    { mimetype: 'image/png', caption: 'Así está' },
    { kind: 'image', text: 'Así está', media: [{ kind: 'image', mime: 'image/png' }] },
  ],
  ['a voice note', 'audio', OGG, { ptt: true }, { kind: 'voice', media: [{ kind: 'voice' }] }],
  ['a video', 'video', MP4, {}, { kind: 'video', media: [{ kind: 'video' }] }],
  [
    'a document',
    'document',
    PDF,
    { fileName: 'oficio.pdf' },
    { kind: 'document', media: [{ fileName: 'oficio.pdf' }] },
  ],
  ['a sticker', 'sticker', WEBP, {}, { kind: 'sticker', media: [{ kind: 'sticker' }] }],
])('%s is fetched from WhatsApp’s servers and decrypted', async (_what, type, bytes, more, expected) => {
  const number = await createNumber()
  await number.paired()
  await number.server.sendsFile('7001', type, bytes, more)
  await eventually(() => number.inbox).toHaveLength(1)
  expect(number.inbox[0]).toMatchObject({ ...expected, media: [{ bytes: bytes.byteLength }] })
  expect(await fileOf(number)).toEqual(bytes)
})

it.each<[string, MediaKind, Buffer, string, FileType]>([
  ['a photo', 'image', PNG, 'image/png', 'image'],
  ['a voice note', 'voice', OGG, 'audio/ogg', 'audio'],
  ['a video', 'video', MP4, 'video/mp4', 'video'],
  ['a document', 'document', PDF, 'application/pdf', 'document'],
  ['a sticker', 'sticker', WEBP, 'image/webp', 'sticker'],
])('%s of ours is encrypted, uploaded, and opened by who gets it', async (_what, kind, bytes, mime, type) => {
  const number = await createNumber()
  await number.paired()
  await number.context.files.put('k', bytes, mime)
  const message: OutboundMessage = { text: 'Su oficio', media: { kind, key: 'k', mime, fileName: 'archivo' } }
  const { providerId } = await number.say('7001', message)
  expect(number.server.heard).toMatchObject([{ id: providerId }])
  expect(number.server.heard[0]?.message[`${type}Message`]).toMatchObject({ mimetype: mime })
  expect(number.server.heard[0]?.file).toEqual(bytes)
})

it('a file that WhatsApp has no longer is asked for at the telephone, which uploads it again', async () => {
  const number = await createNumber()
  await number.paired()
  const id = await number.server.sendsFile('7001', 'image', PNG)
  await eventually(() => number.inbox).toHaveLength(1)
  number.server.files.expire()
  expect(await fileOf(number)).toEqual(PNG)
  expect(number.server.reuploads).toEqual([id])
  expect(number.server.files.asked.map(({ status }) => status)).toEqual([410, 200])
})

it('a file that the telephone has no longer either is lost, and it is not tried again', async () => {
  const number = await createNumber()
  await number.paired()
  await number.server.sendsFile('7001', 'image', PNG)
  await eventually(() => number.inbox).toHaveLength(1)
  number.server.files.expire()
  number.server.telephonesKeepFiles = false
  await expect(fileOf(number)).rejects.toMatchObject({ code: 'invalid', retryable: false, providerCode: '410' })
})

it('a telephone that is off is asked again later; so is one while the number is not connected', async () => {
  const number = await createNumber({ timings: { reupload: 50 } })
  const stop = await number.paired()
  await number.server.sendsFile('7001', 'image', PNG)
  await eventually(() => number.inbox).toHaveLength(1)
  number.server.files.expire()
  number.server.deaf(true)
  await expect(fileOf(number)).rejects.toMatchObject({ code: 'timeout', retryable: true })
  await stop()
  await expect(fileOf(number)).rejects.toMatchObject({ code: 'not_connected', retryable: true })
})

it('a file that was changed on WhatsApp’s servers is not taken for the one that was sent', async () => {
  const number = await createNumber()
  await number.paired()
  await number.server.sendsFile('7001', 'document', PDF)
  await eventually(() => number.inbox).toHaveLength(1)
  number.server.files.spoil()
  await expect(fileOf(number)).rejects.toMatchObject({ code: 'invalid', retryable: false })
})

it('no host but WhatsApp’s is asked for a file, whatever the sender names', async () => {
  const number = await createNumber()
  await number.paired()
  const elsewhere = { url: 'https://127.0.0.1:1/secret', directPath: '' }
  await number.server.sendsFile('7001', 'image', PNG, elsewhere)
  await eventually(() => number.inbox).toHaveLength(1)
  await expect(fileOf(number)).rejects.toMatchObject({ code: 'invalid', retryable: false })
  expect(number.server.files.asked).toEqual([])
})
