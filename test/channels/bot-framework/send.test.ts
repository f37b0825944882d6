import { describe, expect, it } from 'vitest'
import { splitMessage } from '../../../src/channels/split-message.ts'
import type { Misbehaviour } from '../../fakes/bot-framework-server.ts'
import { BOT, type Bots, createBots, EMULATOR, failure, shareBots } from './context.ts'

const OPTIONS = [
  { id: 'asunto/si', label: 'Sí, es correcto' },
  { id: 'asunto/no', label: 'No' },
]

/** What reached the channel, without what every activity has. */
const said = ({ service }: Bots) =>
  service.posted.map(({ activity }) => {
    const { channelId, serviceUrl, conversation, from, recipient, type, inputHint, ...rest } = activity
    return rest
  })

describe('a text', () => {
  it('goes once to the conversation, as the bot, with a token of the bot’s', async () => {
    const bots = await createBots()
    const to = await bots.hear('teams-text')
    expect(await bots.send(to, { text: '¿Dónde es?' })).toEqual({ providerId: 'enviado-1' })
    expect(bots.service.posted).toHaveLength(1)
    expect(bots.service.posted[0]).toEqual({
      conversation: 'a:1pruebaTeams',
      authorization: expect.stringMatching(/^Bearer token-/),
      activity: {
        ...{ type: 'message', text: '¿Dónde es?', textFormat: 'plain', inputHint: 'acceptingInput' },
        ...{ channelId: 'msteams', serviceUrl: bots.service.serviceUrl },
        conversation: { id: 'a:1pruebaTeams', tenantId: 'tenant-1' },
        from: { id: '28:f1d0c5a2-0000-4000-8000-000000000001' },
        recipient: { id: '29:1Xw3prueba' },
      },
    })
  })

  it('needs one token for many, and a new one when it does not hold any more', async () => {
    const bots = await createBots()
    const to = await bots.hear('teams-text')
    await bots.send(to, { text: 'uno' })
    await bots.send(to, { text: 'dos' })
    expect(bots.service.tokensAsked()).toBe(1)
    bots.service.revokeTokens()
    expect(await failure(bots.send(to, { text: 'tres' }))).toMatchObject({ code: 'unauthorized', retryable: true })
    expect(await bots.send(to, { text: 'tres' })).toEqual({ providerId: 'enviado-4' })
    expect(bots.service.tokensAsked()).toBe(2)
  })

  it('answers a message by its id', async () => {
    const bots = await createBots()
    const to = await bots.hear('teams-text')
    await bots.send(to, { text: 'Sí', replyTo: '1795370398123' })
    expect(said(bots)).toEqual([{ text: 'Sí', textFormat: 'plain', replyToId: '1795370398123' }])
  })

  it('to a conversation nobody wrote from does not go', async () => {
    const bots = await createBots()
    expect(await failure(bots.send('msteams/otra', { text: 'Hola' }))).toMatchObject({
      code: 'invalid',
      retryable: false,
    })
    expect(bots.service.posted).toEqual([])
  })

  it('goes where the latest activity came from, whatever the order of arrival', async () => {
    const bots = await createBots()
    const place = (path: string) => `${bots.service.url}/${path}/`
    const from = (path: string, id: string, timestamp: string) =>
      bots.post(
        { ...bots.fixture('teams-text'), id, timestamp, serviceUrl: place(path) },
        bots.service.authorization(BOT, { serviceurl: place(path) }),
      )
    await from('emea', '1', '2026-11-22T17:00:00Z')
    await from('amer', '2', '2026-11-22T17:30:00Z')
    await from('emea', '3', '2026-11-22T17:10:00Z')
    expect(bots.inbox).toHaveLength(3)
    expect(await bots.send(bots.inbox[0]?.from.address ?? '', { text: 'Hola' })).toEqual({ providerId: 'enviado-1' })
  })
})

const CARD = (labels: string[]) => ({
  contentType: 'application/vnd.microsoft.card.hero',
  content: { buttons: labels.map((title) => expect.objectContaining({ type: 'messageBack', title })) },
})

describe('options', () => {
  const shared = shareBots()

  it.each([
    ['teams-text', { attachments: [CARD(['1. Sí, es correcto', '2. No'])] }],
    [
      'webchat-text',
      {
        suggestedActions: {
          to: [],
          actions: [
            {
              ...{ type: 'messageBack', title: '1. Sí, es correcto' },
              ...{ text: 'Sí, es correcto', displayText: 'Sí, es correcto' },
              value: { choice: { id: 'asunto/si', label: 'Sí, es correcto' } },
            },
            expect.objectContaining({ title: '2. No' }),
          ],
        },
      },
    ],
    [
      'line-text',
      {
        suggestedActions: {
          to: [],
          actions: [
            { type: 'imBack', title: '1. Sí, es correcto', value: 'Sí, es correcto' },
            { type: 'imBack', title: '2. No', value: 'No' },
          ],
        },
      },
    ],
    ['sms-text', { text: '¿Es un bache?\n\n1. Sí, es correcto\n2. No' }],
    ['email-text', { text: '¿Es un bache?\n\n1. Sí, es correcto\n2. No' }],
  ])('are shown as the channel of %s can', async (name, shown) => {
    const bots = shared()
    await bots.send(await bots.hear(name), { text: '¿Es un bache?', options: OPTIONS })
    expect(said(bots)).toEqual([{ text: '¿Es un bache?', textFormat: 'plain', ...shown }])
  })

  it.each([
    [
      'too many for Teams',
      'teams-text',
      Array.from({ length: 7 }, (_, at) => ({ id: `o/${at}`, label: `Opción ${at}` })),
    ],
    ['too long for LINE', 'line-text', [{ id: 'o/1', label: 'Alumbrado público y semáforos' }]],
  ])('that are %s become lines', async (_label, name, options) => {
    const bots = shared()
    await bots.send(await bots.hear(name), { text: 'Elija', options })
    expect(said(bots)).toEqual([
      { text: `Elija\n\n${options.map(({ label }, at) => `${at + 1}. ${label}`).join('\n')}`, textFormat: 'plain' },
    ])
  })

  it('come back as they were sent when they are pressed', async () => {
    const bots = shared()
    const to = await bots.hear('webchat-text')
    await bots.send(to, { text: '¿Es un bache?', options: OPTIONS })
    const [, value] = /"text":"No","displayText":"No","value":({[^}]*}})/.exec(JSON.stringify(said(bots))) ?? []
    await bots.post({ ...bots.fixture('webchat-text'), id: '2', text: 'No', value: JSON.parse(value ?? '') })
    expect(bots.inbox[1]).toMatchObject({ kind: 'choice', choice: { id: 'asunto/no', label: 'No' } })
  })

  it('fit into an SMS with the longest text, when they are lines', async () => {
    const bots = shared()
    const { limits } = bots.channel
    if (limits.options === 'numbered') throw new Error('there are buttons')
    const { max, title } = limits.options
    const options = Array.from({ length: max }, (_, at) => ({ id: `o/${at}`, label: 'x'.repeat(title - 4) }))
    const parts = splitMessage({ text: 'Palabra. '.repeat(400), options }, limits)
    const to = await bots.hear('sms-text')
    for (const part of parts) await bots.send(to, part)
    expect(bots.service.posted).toHaveLength(parts.length)
    for (const { text } of said(bots)) expect(String(text).length).toBeLessThanOrEqual(1600)
    expect(said(bots).at(-1)?.text).toContain('\n10. xxx')
  })

  it('alone say what they are about', async () => {
    const bots = shared()
    const to = await bots.hear('webchat-text')
    await bots.send(to, { requestLocation: 'Mandar mi ubicación' })
    await bots.send(to, { options: OPTIONS })
    expect(said(bots).map(({ text }) => text)).toEqual(['Mandar mi ubicación', '…'])
  })
})

describe('a file', () => {
  const photo = { kind: 'image', key: 'adjuntos/foto', mime: 'image/jpeg', fileName: 'foto ñ.jpg' } as const

  it('goes inside when it is small and nobody outside reaches us', async () => {
    const bots = await createBots()
    bots.files.set(photo.key, Buffer.from('bytes'))
    await bots.send(await bots.hear('teams-text'), { media: photo })
    expect(said(bots)).toEqual([
      {
        attachments: [{ contentType: 'image/jpeg', name: 'foto ñ.jpg', contentUrl: 'data:image/jpeg;base64,Ynl0ZXM=' }],
      },
    ])
  })

  it.each([
    ['is too large to go inside', 'teams-text', 181 * 1024],
    ['is for a channel that fetches files', 'line-text', 10],
  ])('that %s does not go without an address of ours', async (_label, name, bytes) => {
    const bots = await createBots()
    bots.files.set(photo.key, Buffer.alloc(bytes))
    expect(await failure(bots.send(await bots.hear(name), { media: photo }))).toMatchObject({ code: 'invalid' })
    expect(bots.service.posted).toEqual([])
  })

  it('that the storage does not give is tried again', async () => {
    const bots = await createBots()
    expect(await failure(bots.send(await bots.hear('teams-text'), { media: photo }))).toMatchObject({
      ...{ code: 'unavailable', retryable: true, outcomeUnknown: false },
    })
  })

  it('is fetched from us by an address that nobody can make up', async () => {
    const bots = await createBots({ publicUrl: 'https://atencion.example' })
    bots.files.set(photo.key, Buffer.from('bytes'))
    await bots.send(await bots.hear('line-text'), { media: photo })
    const contentUrl = /https:[^"]+/.exec(JSON.stringify(said(bots)))?.[0] ?? ''
    expect(contentUrl).toMatch(/^https:\/\/atencion\.example\/api\/messages\/files\/foto_n\.jpg\?t=[\w-]+$/)
    const local = contentUrl.replace('https://atencion.example', bots.url)
    const answer = await fetch(local)
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      200,
      'bytes',
      'image/jpeg',
    ])
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    for (const wrong of [local.slice(0, -2), `${local}A`, local.replace(/\?.*/, ''), local.replace(/t=.*/, 't=x')]) {
      expect((await fetch(wrong)).status).toBe(404)
    }
  })
})

/** How a channel's service refuses, and what the sender is told. */
const refusals: [way: Misbehaviour, told: object][] = [
  [
    { status: 400, code: 'BadSyntax' },
    { code: 'invalid', retryable: false, providerCode: '400/BadSyntax' },
  ],
  [
    { status: 413, code: 'MessageSizeTooBig' },
    { code: 'invalid', retryable: false },
  ],
  [
    { status: 302, headers: { location: 'https://malo.example/' } },
    { code: 'invalid', retryable: false },
  ],
  [
    { status: 401, code: 'Unauthorized' },
    { code: 'unauthorized', retryable: true, scope: 'account' },
  ],
  [
    { status: 403, code: 'Forbidden' },
    { code: 'unauthorized', retryable: true, scope: 'account' },
  ],
  [
    { status: 403, code: 'MessageWritesBlocked' },
    { code: 'blocked', retryable: false, providerCode: '403/MessageWritesBlocked' },
  ],
  [
    { status: 403, code: 'BotNotInConversationRoster' },
    { code: 'blocked', retryable: false },
  ],
  [
    { status: 403, code: 'ConversationBlockedByUser' },
    { code: 'blocked', retryable: false },
  ],
  [
    { status: 404, code: 'ConversationNotFound' },
    { code: 'blocked', retryable: false, providerCode: '404/ConversationNotFound' },
  ],
  [{ status: 429 }, { code: 'throttled', retryable: true, retryAfter: undefined }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { code: 'throttled', retryable: true, retryAfter: 7 },
  ],
  [
    { status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 18:00:30 GMT' } },
    { code: 'throttled', retryable: true, retryAfter: 30 },
  ],
  [
    { status: 429, headers: { 'retry-after': 'pronto' } },
    { code: 'throttled', retryable: true, retryAfter: undefined },
  ],
  [
    { status: 412, code: 'PreconditionFailed' },
    { code: 'unavailable', retryable: true, outcomeUnknown: false },
  ],
  [
    { status: 500, code: 'ServiceError' },
    { code: 'unavailable', retryable: true, outcomeUnknown: false },
  ],
  [{ status: 502 }, { code: 'unavailable', retryable: true, outcomeUnknown: false }],
  [
    { status: 503, headers: { 'retry-after': '9' } },
    { code: 'unavailable', retryable: true, retryAfter: 9 },
  ],
  [{ status: 504 }, { code: 'unavailable', retryable: true, outcomeUnknown: true }],
  ['drop', { code: 'unavailable', retryable: true, outcomeUnknown: true }],
]

describe('a send that fails', () => {
  const shared = shareBots()

  it.each(refusals)('%j is one call, and told as it is', async (way, told) => {
    const bots = shared()
    const to = await bots.hear('teams-text')
    bots.service.misbehave(way)
    expect(await failure(bots.send(to, { text: 'Hola' }))).toMatchObject(told)
    expect(bots.service.posted).toHaveLength(1)
  })

  it('without an answer in time is of unknown outcome', async () => {
    const bots = await createBots()
    const to = await bots.hear('teams-text')
    bots.service.misbehave('hang')
    expect(await failure(bots.send(to, { text: 'Hola' }, AbortSignal.timeout(300)))).toMatchObject({
      ...{ code: 'timeout', retryable: true, outcomeUnknown: true },
    })
    expect(bots.service.posted).toHaveLength(1)
  })

  it('to a service that is gone has not left', async () => {
    const bots = await createBots()
    const to = await bots.hear('teams-text')
    await bots.send(to, { text: 'uno' })
    await bots.service.close()
    expect(await failure(bots.send(to, { text: 'dos' }))).toMatchObject({
      ...{ code: 'unavailable', retryable: true, outcomeUnknown: false, providerCode: 'ECONNREFUSED' },
    })
    expect(bots.channel.health?.()).toMatchObject({ ok: false, code: 'unreachable' })
  })

  it('for want of a token has not left, and shows what to do', async () => {
    const bots = await createBots({ bots: [{ account: 'default', credentials: { ...BOT, tenant: 'tenant-1' } }] })
    const to = await bots.hear('teams-text')
    bots.service.refuseLogins(401)
    expect(await failure(bots.send(to, { text: 'Hola' }))).toMatchObject({
      ...{ code: 'unauthorized', retryable: true, scope: 'account', outcomeUnknown: false },
    })
    expect(bots.service.posted).toEqual([])
    expect(bots.channel.health?.()).toMatchObject({ ok: false, code: 'token-refused' })
    bots.service.refuseLogins(503)
    expect(await failure(bots.send(to, { text: 'Hola' }))).toMatchObject({ code: 'unavailable', outcomeUnknown: false })
    await bots.send(to, { text: 'Hola' })
    expect(bots.channel.health?.()).toMatchObject({ ok: true, code: 'ready' })
  })

  it('never tells the password or what was said', async () => {
    const bots = await createBots()
    const to = await bots.hear('teams-text')
    bots.service.misbehave({ status: 500, code: 'ServiceError' })
    const told = await bots
      .send(to, { text: 'Su clave es 1234' })
      .catch((error: unknown) => JSON.stringify([error, String(error)]))
    for (const secret of [BOT.password, '1234', 'token-']) expect(told).not.toContain(secret)
  })
})

describe('courtesies', () => {
  it('“typing” is shown, and its failure costs nothing', async () => {
    const bots = await createBots()
    const to = await bots.hear('webchat-text')
    await bots.channel.typing?.(to, AbortSignal.timeout(5_000))
    expect(bots.service.posted[0]?.activity).toMatchObject({ type: 'typing', conversation: { id: '4pRuebA|us' } })
    bots.service.misbehave({ status: 500 })
    await bots.channel.typing?.(to, AbortSignal.timeout(5_000))
    await bots.channel.typing?.('webchat/nadie', AbortSignal.timeout(5_000))
  })

  it('an account can be asked whether it may work', async () => {
    const bots = await createBots()
    await bots.channel.check?.(AbortSignal.timeout(5_000))
    bots.service.refuseLogins(401)
    const [, other] = bots.channels
    expect(await failure(other?.check?.(AbortSignal.timeout(5_000)) ?? Promise.resolve())).toMatchObject({
      code: 'unauthorized',
    })
    const emulator = await createBots({ bots: EMULATOR })
    await emulator.channel.check?.(AbortSignal.timeout(5_000))
  })
})
