import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Option, OutboundMedia, OutboundMessage } from '../../../src/channels/message.ts'
import { splitMessage } from '../../../src/channels/split-message.ts'
import { createAccounts, enough, failure, PHONE_ID } from './context.ts'
import { allowTheNetwork, answering, BEARER, forbidTheNetwork, graphError, ROOT } from './graph-api.ts'

beforeAll(forbidTheNetwork)
afterEach(() => nock.cleanAll())
afterAll(allowTheNetwork)

const SENT = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '52833', wa_id: '521833' }],
  messages: [{ id: 'wamid.1' }],
}
const BSUID = 'MX.13491208655302741918'

const options = (count: number, label = 'Opción'): Option[] =>
  Array.from({ length: count }, (_, index) => ({ id: `o${index}`, label: `${label} ${index}` }))

const accountsWithList = () => createAccounts(undefined, { meta: { lista: 'Ver opciones' } })

async function sent(message: OutboundMessage, to = BSUID) {
  const calls = answering(`${PHONE_ID}/messages`, 200, SENT)
  const channel = accountsWithList().channelOf('whatsapp-cloud')
  expect(await channel.send({ id: '1', to, message }, enough())).toEqual({ providerId: 'wamid.1' })
  expect(calls[0]?.headers.authorization).toBe(BEARER)
  return calls[0]?.body
}

const common = { messaging_product: 'whatsapp', recipient_type: 'individual', recipient: BSUID }

describe('sending by the WhatsApp Cloud API', () => {
  it('says texts, quoting what they answer', async () => {
    expect(await sent({ text: 'Hola', replyTo: 'wamid.0' })).toEqual({
      ...common,
      context: { message_id: 'wamid.0' },
      type: 'text',
      text: { body: 'Hola', preview_url: false },
    })
  })

  it('writes to a telephone where there is no other name', async () => {
    const { recipient: _none, ...rest } = common
    expect(await sent({ text: 'Hola' }, '5218331234567')).toMatchObject({ ...rest, to: '5218331234567' })
  })

  it('shows up to three short options as buttons', async () => {
    expect(await sent({ text: '¿Está bien?', options: options(3) })).toMatchObject({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: '¿Está bien?' },
        action: { buttons: [{ type: 'reply', reply: { id: 'o0', title: '1. Opción 0' } }, {}, {}] },
      },
    })
  })

  it.each([
    ['more than three', options(10)],
    ['a long one', options(2, 'Alumbrado público')],
  ])('shows %s as a list', async (_label, many) => {
    const body = await sent({ text: '¿Cuál?', options: many })
    expect(body).toMatchObject({
      interactive: {
        type: 'list',
        body: { text: '¿Cuál?' },
        action: { button: 'Ver opciones', sections: [{ rows: many.map(({ id }) => ({ id })) }] },
      },
    })
  })

  it('writes out what fits no list, and cuts nothing', () => {
    const { limits } = accountsWithList().channelOf('whatsapp-cloud')
    for (const many of [options(11), options(2, 'Un nombre que no cabe en una línea')]) {
      const parts = splitMessage({ text: '¿Cuál?', options: many }, limits)
      expect(parts).toEqual([{ text: expect.stringContaining(`1. ${many[0]?.label}`) }])
    }
    const long = splitMessage({ text: 'Una frase larga. '.repeat(200), options: options(3) }, limits)
    expect(long.every(({ text = '' }) => text.length <= 1024)).toBe(true)
    expect(long.at(-1)?.options).toHaveLength(3)
  })

  it('asks for the place where nothing else can be pressed', async () => {
    expect(await sent({ text: '¿Dónde es?', requestLocation: 'Mandar ubicación' })).toMatchObject({
      interactive: {
        type: 'location_request_message',
        body: { text: '¿Dónde es?' },
        action: { name: 'send_location' },
      },
    })
    expect(await sent({ text: '¿Dónde es?', requestLocation: 'x', options: options(1) })).toMatchObject({
      interactive: { type: 'button' },
    })
  })

  const files: [string, OutboundMedia, object][] = [
    ['a photo', media('image', 'image/jpeg'), { type: 'image', image: { id: '77', caption: 'Así quedó' } }],
    [
      'a photo of another kind as a document',
      media('image', 'image/webp'),
      { type: 'document', document: { id: '77', caption: 'Así quedó', filename: 'así quedó' } },
    ],
    ['a sound, which has no caption', media('voice', 'audio/ogg'), { type: 'audio', audio: { id: '77' } }],
    [
      'a document with its name',
      media('document', 'application/pdf'),
      { type: 'document', document: { id: '77', caption: 'Así quedó', filename: 'así quedó' } },
    ],
  ]

  it.each(files)('uploads and sends %s', async (_label, file, wire) => {
    const accounts = accountsWithList()
    accounts.files.set('fotos/1', Buffer.from('bytes'))
    const uploads = answering(`${PHONE_ID}/media`, 200, { id: '77' })
    const calls = answering(`${PHONE_ID}/messages`, 200, SENT)
    const message = { text: 'Así quedó', media: file }
    await accounts.channelOf('whatsapp-cloud').send({ id: '1', to: BSUID, message }, enough())
    expect(uploads[0]?.body).toEqual({
      messaging_product: 'whatsapp',
      type: file.mime,
      file: `así quedó ${file.mime}`,
    })
    expect(calls[0]?.body).toEqual({ ...common, ...wire })
  })

  it('sends nothing when the upload is refused', async () => {
    const accounts = accountsWithList()
    accounts.files.set('fotos/1', Buffer.from('bytes'))
    answering(`${PHONE_ID}/media`, 400, graphError(131053))
    const message = { media: media('image', 'image/jpeg') }
    const sending = accounts.channelOf('whatsapp-cloud').send({ id: '1', to: BSUID, message }, enough())
    expect(await failure(sending)).toMatchObject({ code: 'invalid', retryable: false })
  })

  it('knows that nothing was sent when the upload had no answer', async () => {
    const accounts = accountsWithList()
    accounts.files.set('fotos/1', Buffer.from('bytes'))
    nock(ROOT).post(`/v26.0/${PHONE_ID}/media`).reply(504, 'gateway')
    const message = { media: media('image', 'image/jpeg') }
    const sending = accounts.channelOf('whatsapp-cloud').send({ id: '1', to: BSUID, message }, enough())
    expect(await failure(sending)).toMatchObject({ code: 'unavailable', retryable: true, outcomeUnknown: false })
  })
})

function media(kind: OutboundMedia['kind'], mime: string): OutboundMedia {
  return { kind, key: 'fotos/1', mime, fileName: 'así quedó' }
}

describe('outside the window', () => {
  const plantilla = { nombre: 'aviso_de_folio', idioma: 'es_MX', parametros: ['{texto}', 'Altamira'] }
  const channelWith = (meta: object) => createAccounts(undefined, { meta }).channelOf('whatsapp-cloud')
  const delivery = (message: OutboundMessage) => ({ id: '1', to: BSUID, message })

  it('a notice goes by the template of the settings, in one line', async () => {
    const calls = answering(`${PHONE_ID}/messages`, 200, SENT)
    const way = channelWith({ plantilla }).outsideWindow?.(delivery({ text: 'Su folio\n\nUAC-26-000001-2 $& avanzó' }))
    expect(await way?.(enough())).toEqual({ providerId: 'wamid.1' })
    expect(calls[0]?.body).toEqual({
      ...common,
      type: 'template',
      template: {
        name: 'aviso_de_folio',
        language: { code: 'es_MX' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Su folio UAC-26-000001-2 $& avanzó' },
              { type: 'text', text: 'Altamira' },
            ],
          },
        ],
      },
    })
  })

  it('the rest waits: files, options, what is too long, and everything where there is no template', () => {
    const channel = channelWith({ plantilla })
    for (const message of [
      { text: 'x', options: options(1) },
      { text: 'x', media: media('image', 'image/jpeg') },
      { text: 'larga '.repeat(200) },
      {},
    ]) {
      expect(channel.outsideWindow?.(delivery(message))).toBeUndefined()
    }
    expect(channelWith({}).outsideWindow?.(delivery({ text: 'Hola' }))).toBeUndefined()
  })
})

describe('files of the WhatsApp Cloud API', () => {
  const fetched = async () => {
    const channel = accountsWithList().channelOf('whatsapp-cloud')
    const file = await channel.fetchMedia?.({ kind: 'image', ref: '1013' }, enough())
    return file && { text: await new Response(file.body).text(), mime: file.mime }
  }

  it('are asked for by their id, and fetched with the token', async () => {
    nock(ROOT).get('/v26.0/1013').reply(200, { url: 'https://lookaside.fbsbx.com/whatsapp/?mid=1013', mime_type: 'x' })
    nock('https://lookaside.fbsbx.com', { reqheaders: { authorization: BEARER } })
      .get('/whatsapp/?mid=1013')
      .reply(200, 'bytes', { 'content-type': 'image/jpeg' })
    expect(await fetched()).toEqual({ text: 'bytes', mime: 'image/jpeg' })
  })

  it('are not fetched elsewhere, where the token would be told', async () => {
    nock(ROOT).get('/v26.0/1013').reply(200, { url: 'https://evil.example/whatsapp' })
    expect(await failure(fetched())).toMatchObject({ code: 'invalid' })
  })

  it('expire', async () => {
    nock(ROOT)
      .get('/v26.0/1013')
      .reply(400, graphError(100, { error_subcode: 33 }))
    expect(await failure(fetched())).toMatchObject({ code: 'invalid', retryable: false })
  })
})
