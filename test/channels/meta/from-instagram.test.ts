import { describe, expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/channels/message.ts'
import { fixture } from './context.ts'
import { readFixture } from './read.ts'

const T = 1795370400123
const CITIZEN = '1254477777772919'
const mid = (n: number) => `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQx${n}`
const FILE = 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=179&signature=Ab'

const read = (name: string) => readFixture(fixture(`instagram/${name}`))

/** What people send, beside who and when. */
const rows: { file: string; id: string; said: Partial<InboundMessage> }[] = [
  { file: 'text', id: mid(1), said: { kind: 'text', text: 'Hola, ¿aquí reporto una fuga? 💧', sentAt: new Date(T) } },
  {
    file: 'story-reply',
    id: mid(2),
    said: { kind: 'text', text: '¿Y la colonia Nuevo Tampico?', replyTo: '17981234567890123' },
  },
  { file: 'story-mention', id: mid(3), said: { kind: 'image', media: [{ kind: 'image', ref: FILE }] } },
  { file: 'image', id: mid(4), said: { kind: 'image', media: [{ kind: 'image', ref: FILE }] } },
  { file: 'voice', id: mid(5), said: { kind: 'audio', media: [{ kind: 'audio', ref: FILE }] } },
  { file: 'reel', id: mid(6), said: { kind: 'text', text: `Así está la calle\n${FILE}` } },
  { file: 'share', id: mid(7), said: { kind: 'text', text: 'https://www.instagram.com/p/Cx/' } },
  { file: 'unsupported', id: mid(8), said: { kind: 'unsupported' } },
  { file: 'quick-reply', id: mid(9), said: { kind: 'choice', choice: { id: 'si', label: 'Sí' } } },
  { file: 'ice-breaker', id: `${mid(10)}:postback`, said: { kind: 'text', text: 'reportar' } },
  { file: 'unsend', id: `${mid(1)}:delete`, said: { kind: 'delete', replyTo: mid(1) } },
  {
    file: 'edit',
    id: `${mid(1)}:edit:2`,
    said: { kind: 'edit', text: 'Hola, ¿aquí reporto DOS fugas?', replyTo: mid(1) },
  },
  { file: 'reaction', id: `${mid(20)}:react:${T}`, said: { kind: 'reaction', text: '❤', replyTo: mid(20) } },
  { file: 'echo', id: `${mid(21)}:echo`, said: { kind: 'echo', text: 'Le atiende Laura', providerId: mid(21) } },
  { file: 'like', id: mid(22), said: { kind: 'sticker', text: '❤️' } },
]

describe('an event of Instagram as a neutral message', () => {
  it.each(rows)('$file', ({ file, id, said }) => {
    expect(read(file)).toMatchObject({
      messages: [{ channel: 'instagram', account: 'default', externalId: id, from: { address: CITIZEN }, ...said }],
      receipts: [],
      ignored: [],
    })
  })

  it('is a receipt of one message', () => {
    expect(read('read')).toEqual({
      messages: [],
      receipts: [{ channel: 'instagram', account: 'default', providerId: mid(20), status: 'read' }],
      ignored: [],
    })
  })

  it('silences the bot while another app holds the thread', () => {
    expect(read('standby').messages.map(({ kind }) => kind)).toEqual(['echo', 'text'])
  })

  it('may be a comment, which is no conversation', () => {
    expect(read('comment')).toEqual({ messages: [], receipts: [], ignored: ['a change of a page'] })
  })
})
