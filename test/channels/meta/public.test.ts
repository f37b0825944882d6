import { describe, expect, it } from 'vitest'
import type { PublicEvent } from '../../../src/channels/public-post.ts'
import { fixture } from './context.ts'
import { readFixture } from './read.ts'

const read = (name: string) => readFixture(fixture(name))
const only = (name: string): PublicEvent => {
  const { posts = [], messages } = read(name)
  const [post] = posts
  if (posts.length !== 1 || messages.length !== 0 || !post) throw new Error(`${name} is ${posts.length} events`)
  return post
}

const PAGE = '1074512345678901'
const POST = `${PAGE}_122104`
const SENT = new Date('2026-11-22T18:00:00Z')
const after = (seconds: number) => new Date(SENT.getTime() + seconds * 1000)
const persona = { authorId: '7412345678901234', authorName: 'Persona de Prueba' }
const beneath = { threadId: POST, threadPermalink: `https://www.facebook.com/${PAGE}/posts/122104` }

describe('a change of a page of Facebook', () => {
  it('may be a comment, with who, where and when', () => {
    expect(only('page/comment')).toEqual({
      channel: 'messenger',
      account: 'default',
      externalId: '122104_9001:add',
      verb: 'add',
      at: after(2),
      post: {
        id: '122104_9001',
        kind: 'comment',
        own: false,
        ...persona,
        ...beneath,
        text: 'Hay una fuga de agua en la calle Hidalgo',
        publishedAt: SENT,
        incomplete: true,
      },
    })
  })

  it.each([
    ['page/comment-reply', { id: '122104_9002', parentId: '122104_9001', authorName: 'Otra Persona' }],
    ['page/comment-anonymous-author', { id: '122104_9003', own: false, text: '¿Cuándo pasa la basura?' }],
    ['page/comment-photo', { media: [{ kind: 'image', url: 'https://scontent.xx.fbcdn.net/v/t39/bache.jpg' }] }],
    ['page/comment-emoji-long', { text: expect.stringContaining('😡') }],
    ['page/comment-own', { own: true, parentId: '122104_9001' }],
    ['page/post-visitor', { id: `${PAGE}_122200`, kind: 'post', own: false, ...persona }],
    [
      'page/post-visitor-photo',
      { kind: 'post', media: [{ kind: 'image', url: expect.stringContaining('calle.jpg') }] },
    ],
    ['page/post-own', { id: POST, kind: 'post', own: true, text: 'Jornada de limpieza este sábado' }],
    ['page/mention-post', { id: '44444444_444444444', kind: 'mention', ...persona, incomplete: true }],
    ['page/mention-comment', { id: '444444444_5555', kind: 'mention', threadId: '44444444_444444444' }],
    ['page/review', { id: '7001', kind: 'review', text: 'Muy amables en la ventanilla', ...persona }],
    ['page/odd-values', { id: '122104', kind: 'comment', own: false, threadId: POST }],
  ])('%s says so', (name, post) => {
    expect(only(name).post).toMatchObject(post)
  })

  it('may be absent of its author', () => {
    expect(only('page/comment-anonymous-author').post).not.toHaveProperty('authorId')
  })

  it.each([
    ['page/comment-edited', 'edit', /^122104_9001:edit:/],
    ['page/comment-removed', 'remove', /^122104_9001:remove$/],
    ['page/comment-hidden', 'hide', /^122104_9001:hide:\d+$/],
    ['page/comment-unhidden', 'unhide', /^122104_9001:unhide:\d+$/],
    ['page/post-visitor-edit', 'edit', /_122200:edit:/],
  ])('%s is an event of its own', (name, verb, externalId) => {
    expect(only(name)).toMatchObject({ verb, externalId: expect.stringMatching(externalId) })
  })

  it('may tell of several', () => {
    const { posts, ignored } = read('page/batch')
    expect(posts?.map(({ post }) => post.id)).toEqual(['122104_9001', '122104_9006'])
    expect(ignored).toEqual(['a like that says nothing to us'])
  })

  it.each(['page/reaction', 'page/of-the-future', 'page/without-comment-id'])('%s is nothing to store', (name) => {
    expect(read(name)).toEqual({ messages: [], receipts: [], ignored: [expect.stringContaining('says nothing to us')] })
  })
})

describe('a change of an Instagram account', () => {
  const media = { threadId: '17918195224117851' }
  it.each([
    ['instagram/comment', { kind: 'comment', own: false, authorName: 'persona.de.prueba', ...media }],
    ['instagram/comment-reply', { parentId: '17865799348089039', text: 'Sí, ya urge 🙏', ...media }],
    ['instagram/comment-own', { own: true }],
    ['instagram/comment-bare', { id: '17865', own: false }],
    ['instagram/live-comment', { kind: 'live_comment', text: 'Saludos desde Altamira' }],
    ['instagram/mention-comment', { id: '17887498072083520', kind: 'mention', threadId: '17918195224117900' }],
    ['instagram/mention-caption', { id: '17918195224117901', kind: 'mention', incomplete: true }],
  ])('%s says so', (name, post) => {
    const event = only(name)
    expect(event).toMatchObject({ channel: 'instagram', verb: 'add', at: new Date('2026-11-22T18:00:00.123Z') })
    expect(event.post).toMatchObject(post)
  })

  it('may be of no concern', () => {
    expect(read('instagram/story-insights').ignored).toEqual(['a change of story_insights'])
  })
})
