import { expect, test } from 'vitest'
import type { StoredInbound, StoredOutbound } from '../../../src/channels/web-chat/store.ts'
import { EMPTIED, type SentActivity, toDirectLine } from '../../../src/channels/web-chat/to-direct-line.ts'

const at = new Date('2026-11-22T13:45:00.123Z')

const shown = {
  conversationId: 'abc',
  names: { bot: 'Canaliza', staff: 'Atención Ciudadana' },
  fileUrl: (message: number, index: number) => `https://chat.example/${message}/${index}`,
}

const out = (body: StoredOutbound['body'], staff = false): StoredOutbound => ({
  direction: 'out',
  id: 7,
  seq: 3,
  at,
  staff,
  body,
})

const inbound = (
  externalId: string,
  body: StoredInbound['body'],
  kind: StoredInbound['kind'] = 'text',
): StoredInbound => ({
  direction: 'in',
  id: 8,
  seq: 4,
  at,
  externalId,
  kind,
  body,
})

/** As it travels. */
const sent = (message: StoredInbound | StoredOutbound): SentActivity | undefined => {
  const activity = toDirectLine(message, shown)
  return activity && JSON.parse(JSON.stringify(activity))
}

test('a reply of the bot', () => {
  expect(sent(out({ text: '¿Dónde está?\n*No* es Markdown' }))).toEqual({
    type: 'message',
    id: 'abc|0000007',
    channelId: 'directline',
    conversation: { id: 'abc' },
    timestamp: '2026-11-22T13:45:00.123Z',
    from: { id: 'bot', name: 'Canaliza', role: 'bot' },
    text: '¿Dónde está?\n*No* es Markdown',
    textFormat: 'plain',
    channelData: {},
  })
})

test('a reply of the staff is marked', () => {
  const activity = sent(out({ text: 'Buenas tardes', replyTo: 'abc|u.1' }, true))
  expect(activity).toMatchObject({
    from: { id: 'staff', name: 'Atención Ciudadana', role: 'bot' },
    channelData: { staff: true },
    replyToId: 'abc|u.1',
  })
})

test('options are buttons that carry their id, for any client and for ours', () => {
  const activity = sent(
    out({
      text: 'Elija',
      options: [
        { id: 'si', label: 'Sí' },
        { id: 'no', label: 'No' },
      ],
    }),
  )
  expect(activity?.suggestedActions?.actions).toEqual([
    {
      type: 'messageBack',
      title: '1. Sí',
      text: 'Sí',
      displayText: 'Sí',
      value: 'si',
      channelData: { choice: { id: 'si', label: 'Sí' } },
    },
    {
      type: 'messageBack',
      title: '2. No',
      text: 'No',
      displayText: 'No',
      value: 'no',
      channelData: { choice: { id: 'no', label: 'No' } },
    },
  ])
})

test.each<[string, StoredOutbound['body'], Partial<SentActivity>]>([
  [
    'the place may be asked for',
    { text: 'x', requestLocation: 'Enviar' },
    { channelData: { requestLocation: 'Enviar' } },
  ],
  [
    'the phone may be asked for',
    { text: 'x', requestContact: 'Enviar' },
    { channelData: { requestContact: 'Enviar' } },
  ],
  [
    'a link is a card with a button',
    { link: { label: 'Ver', url: 'https://x.example/folio' } },
    {
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.hero',
          content: { buttons: [{ type: 'openUrl', title: 'Ver', value: 'https://x.example/folio' }] },
        },
      ],
    },
  ],
  [
    'a file has an address of ours',
    { media: { kind: 'document', key: 'adjuntos/1', mime: 'application/pdf', fileName: 'oficio.pdf' } },
    { attachments: [{ contentType: 'application/pdf', contentUrl: 'https://chat.example/7/0', name: 'oficio.pdf' }] },
  ],
])('%s', (_label, body, expected) => {
  expect(sent(out(body))).toMatchObject(expected)
})

test("a citizen's own message comes back as its client knows it", () => {
  const activity = sent(
    inbound('abc/c1', {
      text: 'hola',
      channelData: {
        from: { id: 'r_1', name: 'Rosa' },
        channelData: { clientActivityID: 'c1', theirs: { of: 'any shape' } },
        localTimestamp: '2026-11-22T07:45:00-06:00',
        value: 'menu:bache',
      },
    }),
  )
  expect(activity).toEqual({
    type: 'message',
    id: 'abc|u.c1',
    channelId: 'directline',
    conversation: { id: 'abc' },
    timestamp: '2026-11-22T13:45:00.123Z',
    localTimestamp: '2026-11-22T07:45:00-06:00',
    from: { id: 'r_1', name: 'Rosa', role: 'user' },
    text: 'hola',
    textFormat: 'plain',
    value: 'menu:bache',
    channelData: { clientActivityID: 'c1', theirs: { of: 'any shape' } },
  })
})

test('uploads come back with addresses that load without a header', () => {
  const media = [
    { kind: 'image' as const, ref: 'incoming/1', mime: 'image/jpeg', fileName: 'a.jpg' },
    { kind: 'document' as const, ref: 'incoming/2' },
  ]
  expect(sent(inbound('abc/c1', { media }, 'image'))?.attachments).toEqual([
    {
      contentType: 'image/jpeg',
      name: 'a.jpg',
      contentUrl: 'https://chat.example/8/0',
      thumbnailUrl: 'https://chat.example/8/0',
    },
    { contentType: 'application/octet-stream', contentUrl: 'https://chat.example/8/1' },
  ])
})

test('a message that was emptied comes back without its words, so that its client knows it arrived', () => {
  expect(sent(inbound('abc/c1', {}))).toMatchObject({
    type: 'message',
    id: 'abc|u.c1',
    text: EMPTIED,
    from: { role: 'user' },
    channelData: { clientActivityID: 'c1' },
  })
})

test('a joining comes back to the client that posted it; a start that none posted stays ours', () => {
  const joined = inbound(
    'abc#start',
    { channelData: { event: 'webchat/join', channelData: { clientActivityID: 'j' } } },
    'start',
  )
  expect(sent(joined)).toMatchObject({
    type: 'event',
    name: 'webchat/join',
    id: 'abc|start',
    channelData: { clientActivityID: 'j' },
  })
  expect(sent(inbound('abc#start', { from: { address: 'abc' } }, 'start'))).toBeUndefined()
  expect(sent(out({}))).toBeUndefined()
})
