import { expect, it } from 'vitest'
import type { MediaRef } from '../../../src/channels/message.ts'
import { type Bots, databaseAway, enough, failure, shareBots } from './context.ts'

const shared = shareBots()

/** What comes of fetching the files of the last message. */
async function fetched({ channel, inbox }: Bots): Promise<unknown[]> {
  const media = inbox.at(-1)?.media ?? []
  return Promise.all(
    media.map(async (file) => {
      const found = await channel.fetchMedia?.(file, enough())
      return [await new Response(found?.body).text(), found?.mime]
    }),
  )
}

const image = (contentUrl: string) => [{ contentType: 'image/jpeg', contentUrl, name: 'foto.jpg' }]

it('a file at the channel’s service is fetched with our token', async () => {
  const bots = shared()
  const attachments = image(bots.service.keepFile(Buffer.from('bytes'), 'image/jpeg'))
  await bots.post({ ...bots.fixture('teams-text'), attachments })
  expect(await fetched(bots)).toEqual([['bytes', 'image/jpeg']])
})

it('a file that is gone, or for which the token does not serve, is told apart', async () => {
  const bots = shared()
  const here = bots.service.keepFile(Buffer.from('bytes'), 'image/jpeg')
  await bots.post({
    ...bots.fixture('teams-text'),
    attachments: image(here.replace(/attachments\/[^/]+/, 'attachments/no')),
  })
  const [gone] = bots.inbox.at(-1)?.media ?? []
  const fetchIt = (file: MediaRef | undefined) =>
    bots.channel.fetchMedia?.(file ?? { kind: 'image', ref: '' }, enough())
  expect(await failure(fetchIt(gone) ?? Promise.resolve())).toMatchObject({ code: 'invalid', retryable: false })
  bots.service.revokeTokens()
  expect(await failure(fetchIt(gone) ?? Promise.resolve())).toMatchObject({ code: 'unavailable', retryable: true })
  // With a new token it is seen that it is gone, and not that we are strangers.
  expect(await failure(fetchIt(gone) ?? Promise.resolve())).toMatchObject({ code: 'invalid', retryable: false })
})

it.each(['http://127.0.0.1/foto.jpg', 'https://10.0.0.1/foto.jpg', '/otra/foto.jpg'])(
  'a service that leads to %s is not followed there',
  async (elsewhere) => {
    const bots = shared()
    await bots.post({ ...bots.fixture('teams-text'), attachments: image(bots.service.moveFile(elsewhere)) })
    const [file] = bots.inbox.at(-1)?.media ?? []
    if (!file) throw new Error('there is no file')
    expect(await failure(bots.channel.fetchMedia?.(file, enough()) ?? Promise.resolve())).toMatchObject({
      code: 'invalid',
    })
  },
)

it.each([
  'http://169.254.169.254/latest/meta-data',
  'https://169.254.169.254/latest/meta-data',
  'https://127.0.0.1/foto.jpg',
  'https://[::1]/foto.jpg',
  'https://[::ffff:10.0.0.1]/foto.jpg',
  'https://localhost/foto.jpg',
  'http://example.com/foto.jpg',
  'https://user:clave@example.com/foto.jpg',
  'file:///etc/passwd',
  'stored:adjuntos/de-otra-persona',
  'service:http://127.0.0.1/x',
  'foto.jpg',
])('the address %s is not fetched', async (contentUrl) => {
  const bots = shared()
  bots.files.set('adjuntos/de-otra-persona', Buffer.from('ajeno'))
  await bots.post({ ...bots.fixture('teams-text'), attachments: image(contentUrl) })
  const [file] = bots.inbox.at(-1)?.media ?? []
  if (!file) throw new Error('there is no file')
  expect(await failure(bots.channel.fetchMedia?.(file, enough()) ?? Promise.resolve())).toMatchObject({
    ...{ code: 'invalid', retryable: false },
  })
})

it('a file inside of an activity is put aside once, and let go when it was taken in', async () => {
  const bots = shared()
  await bots.deliver('webchat-photo-inside')
  await bots.deliver('webchat-photo-inside')
  expect(bots.files.size).toBe(1)
  const [message] = bots.inbox
  expect(message).toMatchObject({
    kind: 'image',
    text: 'una foto',
    media: [{ kind: 'image', bytes: 8, fileName: 'foto.png' }],
  })
  expect(JSON.stringify(message)).not.toContain('iVBOR')
  expect(await fetched(bots)).toEqual([[Buffer.from('iVBORw0KGgo=', 'base64').toString(), undefined]])
  for (const file of message?.media ?? []) await bots.channel.releaseMedia?.(file)
  expect(bots.files.size).toBe(0)
})

it.each([
  ['data:image/png;base64,', 'text'],
  ['data:image/png,hola', 'text'],
  ['data:', 'text'],
])('what came inside and is none (%s) leaves the words', async (contentUrl, kind) => {
  const bots = shared()
  await bots.post({ ...bots.fixture('webchat-text'), attachments: image(contentUrl) })
  expect(bots.inbox).toMatchObject([{ kind, text: 'Quiero reportar una fuga de agua' }])
  await bots.post({ ...bots.fixture('webchat-text'), id: '2', text: '', attachments: image(contentUrl) })
  expect(bots.inbox[1]).toMatchObject({ kind: 'unsupported' })
})

it('what came inside is kept before the service is told that it was', async () => {
  const bots = shared()
  bots.failSaves(databaseAway())
  expect((await bots.deliver('webchat-photo-inside')).status).toBe(503)
  expect((await bots.deliver('webchat-photo-inside')).status).toBe(200)
  expect([bots.files.size, bots.inbox.length]).toEqual([1, 1])
})
