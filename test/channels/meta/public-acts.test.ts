import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PublicPosts, PublicRef } from '../../../src/channels/public-post.ts'
import { createAccounts, enough, failure, INSTAGRAM_ID, PAGE_ID } from './context.ts'
import { allowTheNetwork, answering, forbidTheNetwork, graphError, ROOT } from './graph-api.ts'

beforeEach(forbidTheNetwork)
afterEach(allowTheNetwork)

function postsOf(channel: 'messenger' | 'instagram'): PublicPosts {
  const { publicPosts } = createAccounts().channelOf(channel)
  if (!publicPosts) throw new Error('no public posts')
  return publicPosts
}

const comment: PublicRef = { id: '122104_9001', kind: 'comment', threadId: '1_122104' }
const get = (path: string | RegExp, answer: object, status = 200) =>
  nock(ROOT, { reqheaders: { authorization: /^Bearer / } })
    .get(path)
    .reply(status, answer)

describe('with a comment on a page', () => {
  it('an answer is published below it', async () => {
    const calls = answering('122104_9001/comments', 200, { id: '122104_9100' })
    expect(await postsOf('messenger').reply(comment, 'Lo revisamos', enough())).toEqual({ done: { id: '122104_9100' } })
    expect(calls[0]?.body).toEqual({ message: 'Lo revisamos' })
  })

  it('an answer in private opens a conversation, and its echo will be known', async () => {
    const calls = answering('me/messages', 200, { recipient_id: '741', message_id: 'm_1' })
    const outcome = await postsOf('messenger').replyPrivately(comment, 'Hola', enough())
    expect(outcome).toEqual({ done: { address: '741', providerId: 'm_1' } })
    expect(calls[0]?.body).toEqual({
      recipient: { comment_id: '122104_9001' },
      messaging_type: 'RESPONSE',
      message: { text: 'Hola', metadata: 'canaliza' },
    })
  })

  it('a post of a visitor is answered in private by its own id', async () => {
    const calls = answering('me/messages', 200, { recipient_id: '741', message_id: 'm_1' })
    await postsOf('messenger').replyPrivately({ id: '1_2', kind: 'post' }, 'Hola', enough())
    expect(calls[0]?.body).toMatchObject({ recipient: { post_id: '1_2' } })
  })

  it('it is hidden and shown', async () => {
    const calls = [...[true, false].map(() => answering('122104_9001', 200, { success: true }))]
    for (const hidden of [true, false]) {
      expect(await postsOf('messenger').setHidden(comment, hidden, enough())).toEqual({ done: true })
    }
    expect(calls.flat().map(({ body }) => body)).toEqual([{ is_hidden: true }, { is_hidden: false }])
  })

  it('an answer of ours is deleted', async () => {
    nock(ROOT).delete('/v26.0/122104_9100').reply(200, { success: true })
    expect(await postsOf('messenger').deleteReply('122104_9100', enough())).toEqual({ done: true })
  })

  it('our own answers are found below it', async () => {
    get(/122104_9001\/comments/, {
      data: [
        { id: '1', message: 'Nuestra', from: { id: PAGE_ID, name: 'Ayuntamiento' } },
        { id: '2', message: 'Otra', from: { id: '5' } },
        { id: '3', message: 'Sin autor' },
      ],
    })
    expect(await postsOf('messenger').ownReplies(comment, enough())).toEqual({ done: [{ id: '1', text: 'Nuestra' }] })
  })

  it('what Meta did not tell is asked for', async () => {
    get(/\/122104_9001\?/, {
      message: 'Fuga',
      permalink_url: 'https://www.facebook.com/c',
      created_time: '2026-11-22T18:00:00+0000',
    })
    get(/\/1_122104\?/, { message: 'Jornada', permalink_url: 'https://www.facebook.com/p' })
    expect(await postsOf('messenger').details(comment, enough())).toEqual({
      done: {
        text: 'Fuga',
        permalink: 'https://www.facebook.com/c',
        publishedAt: new Date('2026-11-22T18:00:00Z'),
        threadText: 'Jornada',
        threadPermalink: 'https://www.facebook.com/p',
      },
    })
  })

  it.each([
    ['was removed', 100, { error_subcode: 33 }, { refused: 'gone', providerCode: '100/33' }],
    ['was answered before', 10900, {}, { refused: 'already', providerCode: '10900' }],
    ['is of somebody who cannot be answered', 10903, {}, { refused: 'not_allowed', providerCode: '10903' }],
    ['is too old', 10, { error_subcode: 2018278 }, { refused: 'too_late', providerCode: '10/2018278' }],
  ])('a refusal because it %s is final', async (_why, code, more, refused) => {
    answering('me/messages', 400, graphError(code, more))
    expect(await postsOf('messenger').replyPrivately(comment, 'Hola', enough())).toEqual(refused)
  })

  it.each([
    ['throttled', 400, graphError(32), { code: 'throttled', outcomeUnknown: false }],
    ['a token that ran out', 401, graphError(190), { code: 'unauthorized', outcomeUnknown: false }],
    ['a missing permission', 403, graphError(200), { code: 'unauthorized', outcomeUnknown: false }],
    ['no answer of Meta’s own', 504, {}, { code: 'unavailable', outcomeUnknown: true }],
  ])('%s is thrown', async (_label, status, answer, expected) => {
    answering('122104_9001/comments', status, answer)
    expect(await failure(postsOf('messenger').reply(comment, 'x', enough()))).toMatchObject(expected)
  })

  it('a permission that it lacks says nothing of the account’s messages', async () => {
    const channel = createAccounts().channelOf('messenger')
    answering('122104_9001/comments', 403, graphError(200))
    await failure(channel.publicPosts?.reply(comment, 'x', enough()) ?? Promise.resolve())
    expect(channel.health?.()).toMatchObject({ ok: true })
  })

  it('a mention elsewhere and a review are only answered', () => {
    for (const kind of ['mention', 'review'] as const) {
      const may = (act: 'reply' | 'replyPrivately' | 'hide') => postsOf('messenger').may(act, { id: '1', kind })
      expect([kind, may('reply'), may('replyPrivately'), may('hide')]).toEqual([kind, true, false, false])
    }
  })
})

describe('with a comment of Instagram', () => {
  const one: PublicRef = { id: '17865', kind: 'comment', threadId: '17918' }

  it('an answer is published below it', async () => {
    const calls = answering('17865/replies', 200, { id: '17999' })
    expect(await postsOf('instagram').reply(one, 'Lo revisamos', enough())).toEqual({ done: { id: '17999' } })
    expect(calls[0]?.body).toEqual({ message: 'Lo revisamos' })
  })

  it('a mention is answered through the account', async () => {
    const calls = answering(`${INSTAGRAM_ID}/mentions`, 200, { id: '17999' })
    await postsOf('instagram').reply({ id: '17887', kind: 'mention', threadId: '17918' }, 'Hola', enough())
    expect(calls[0]?.body).toEqual({ media_id: '17918', comment_id: '17887', message: 'Hola' })
  })

  it('it is hidden by its own word, and answered in private', async () => {
    const hidden = answering('17865', 200, { success: true })
    const said = answering('me/messages', 200, { recipient_id: '555', message_id: 'mid' })
    await postsOf('instagram').setHidden(one, true, enough())
    await postsOf('instagram').replyPrivately(one, 'Hola', enough())
    expect([hidden[0]?.body, said[0]?.body]).toEqual([
      { hide: true },
      { recipient: { comment_id: '17865' }, message: { text: 'Hola' } },
    ])
  })

  it('the words of a mention are fetched', async () => {
    get(/mentioned_comment/, {
      mentioned_comment: {
        text: '@ayuntamiento ¿y el bache?',
        username: 'persona.de.prueba',
        timestamp: '2026-11-22T17:59:00+0000',
        media: { caption: 'Mi calle', permalink: 'https://www.instagram.com/p/x/' },
      },
    })
    const { details } = postsOf('instagram')
    expect(await details({ id: '17887', kind: 'mention', threadId: '17918' }, enough())).toEqual({
      done: {
        text: '@ayuntamiento ¿y el bache?',
        authorName: 'persona.de.prueba',
        publishedAt: new Date('2026-11-22T17:59:00Z'),
        permalink: 'https://www.instagram.com/p/x/',
        threadPermalink: 'https://www.instagram.com/p/x/',
        threadText: 'Mi calle',
      },
    })
  })
})
