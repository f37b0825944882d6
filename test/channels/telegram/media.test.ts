import { describe, expect, it } from 'vitest'
import type { MediaRef } from '../../../src/channels/message.ts'
import { type Bot, createBot, enough } from './context.ts'

const photo = (ref: string): MediaRef => ({ kind: 'image', ref, mime: 'image/jpeg', fileName: 'bache.jpg' })

async function fetchMedia({ channel }: Bot, media: MediaRef) {
  const fetched = await channel.fetchMedia?.(media, enough())
  return fetched && { ...fetched, body: Buffer.from(await new Response(fetched.body).arrayBuffer()) }
}

describe('files of Telegram', () => {
  it('are fetched by their id', async () => {
    await using bot = await createBot()
    const id = bot.telegram.addFile(Buffer.from('jpeg bytes'), 'photos/file 12.jpg')
    expect(await fetchMedia(bot, photo(id))).toEqual({
      body: Buffer.from('jpeg bytes'),
      mime: 'image/jpeg',
      fileName: 'bache.jpg',
    })
  })

  it('may be empty', async () => {
    await using bot = await createBot()
    const id = bot.telegram.addFile(new Uint8Array(), 'documents/empty.txt')
    expect((await fetchMedia(bot, { kind: 'document', ref: id }))?.body).toHaveLength(0)
  })

  it('that are too large are refused for good', async () => {
    await using bot = await createBot()
    const id = bot.telegram.addFile(new Uint8Array(4), 'videos/long.mp4', (20 << 20) + 1)
    await expect(fetchMedia(bot, photo(id))).rejects.toMatchObject({ code: 'invalid', retryable: false })
  })

  it('that do not exist are refused for good', async () => {
    await using bot = await createBot()
    await expect(fetchMedia(bot, photo('nothing'))).rejects.toMatchObject({ code: 'invalid', retryable: false })
  })

  it('that are away for now may be asked for again', async () => {
    await using bot = await createBot()
    bot.telegram.misbehave('getFile', {
      status: 400,
      description: 'Bad Request: wrong file_id or the file is temporarily unavailable',
    })
    await expect(fetchMedia(bot, photo('a'))).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  })

  it.each(['../secret', '/etc/passwd', 'a/../../b', '//elsewhere.example/x', ''])(
    'are not fetched from the path %j',
    async (path) => {
      await using bot = await createBot()
      const id = bot.telegram.addFile(Buffer.from('x'), path)
      await expect(fetchMedia(bot, photo(id))).rejects.toMatchObject({ name: 'SendError' })
    },
  )

  it('never show the token, whatever fails', async () => {
    await using bot = await createBot()
    const id = bot.telegram.addFile(Buffer.from('x'), 'photos/1.jpg')
    bot.telegram.misbehave('getFile', 'refuse')
    const failed = await fetchMedia(bot, photo(id)).catch((error: unknown) => error)
    await bot.telegram.close()
    const unreachable = await fetchMedia(bot, photo(id)).catch((error: unknown) => error)
    for (const err of [failed, unreachable]) bot.context.log.error({ err }, 'a file could not be fetched')
    expect(bot.logged()).toContain('SendError')
    expect(bot.logged()).not.toContain(bot.telegram.token)
  })
})
