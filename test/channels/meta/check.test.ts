import { expect, it, onTestFinished } from 'vitest'
import { createGraphServer, graphError } from '../../fakes/graph-server.ts'
import { createAccounts, ENVIRONMENT, enough, failure, INSTAGRAM_ID, PAGE_ID, PHONE_ID } from './context.ts'

async function accounts() {
  const graph = await createGraphServer()
  onTestFinished(graph.close)
  const { channelOf } = createAccounts({ ...ENVIRONMENT, META_GRAPH_URL: graph.url })
  return { graph, channelOf }
}
const fields = (...names: string[]) => ({ data: [{ id: '1', subscribed_fields: names }] })

it.each([
  ['messenger', PAGE_ID],
  ['instagram', INSTAGRAM_ID],
  ['whatsapp-cloud', PHONE_ID],
])('an account of %s is asked whether its token still opens it, without a word to anybody', async (name, id) => {
  const { graph, channelOf } = await accounts()
  const channel = channelOf(name)
  expect(channel.health?.().at).toBeUndefined()
  graph.serve(id, graphError(190), 400)
  expect(await failure(channel.check?.(enough()) ?? Promise.resolve())).toMatchObject({
    code: 'unauthorized',
    scope: 'account',
  })
  expect(channel.health?.()).toMatchObject({ ok: false, code: 'token-refused', at: expect.any(Date) })
  graph.serve(id, { id })
  await channel.check?.(enough())
  expect(channel.health?.()).toMatchObject({ ok: true, code: 'ready' })
  expect(new Set(graph.calls.map(({ method }) => method))).toEqual(new Set(['GET']))
})

it('a page whose messages Meta was not asked to deliver is told of, until it is', async () => {
  const { graph, channelOf } = await accounts()
  const channel = channelOf('messenger')
  graph.serve(PAGE_ID, { id: PAGE_ID })
  graph.serve('me/subscribed_apps', { data: [] })
  await channel.check?.(enough())
  expect(channel.health?.()).toMatchObject({ ok: false, code: 'webhook-unset' })
  graph.serve('me/subscribed_apps', fields('feed'))
  await channel.check?.(enough())
  expect(channel.health?.()).toMatchObject({ ok: false, code: 'webhook-unset' })
  graph.serve('me/subscribed_apps', fields('feed', 'messages'))
  await channel.check?.(enough())
  expect(channel.health?.()).toMatchObject({ ok: true, code: 'ready' })
})

it('a token that may not ask that is no bad token', async () => {
  const { graph, channelOf } = await accounts()
  const channel = channelOf('messenger')
  graph.serve(PAGE_ID, { id: PAGE_ID })
  graph.serve('me/subscribed_apps', graphError(200), 403)
  await channel.check?.(enough())
  expect(channel.health?.()).toMatchObject({ ok: true, code: 'ready' })
})
