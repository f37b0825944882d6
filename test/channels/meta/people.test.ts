import { expect, it, onTestFinished } from 'vitest'
import { createGraphServer, graphError } from '../../fakes/graph-server.ts'
import { createAccounts, ENVIRONMENT, enough, failure } from './context.ts'

async function running(meta: object = {}) {
  const graph = await createGraphServer()
  onTestFinished(graph.close)
  return { graph, ...createAccounts({ ...ENVIRONMENT, META_GRAPH_URL: graph.url }, { meta }) }
}

it.each([
  ['messenger', 'name'],
  ['instagram', 'name,username'],
])('%s tells the name of who wrote when it is asked', async (name, fields) => {
  const { graph, channelOf } = await running()
  graph.serve('7654', { name: ' Persona de Prueba ', id: '7654' })
  expect(await channelOf(name).profileName?.('7654', enough())).toBe('Persona de Prueba')
  expect(graph.calls).toMatchObject([{ method: 'GET', path: '7654', query: { fields } }])
  graph.serve('7655', { id: '7655' })
  expect(await channelOf(name).profileName?.('7655', enough())).toBeUndefined()
})

it('who has no name on Instagram is known by the account’s', async () => {
  const { graph, channelOf } = await running()
  graph.serve('7654', { name: '', username: 'vecina.altamira', id: '7654' })
  expect(await channelOf('instagram').profileName?.('7654', enough())).toBe('@vecina.altamira')
})

it('a name that may not be asked for says nothing of the account', async () => {
  const { graph, channelOf } = await running()
  const channel = channelOf('messenger')
  graph.serve('7654', graphError(200), 403)
  expect(await failure(channel.profileName?.('7654', enough()) ?? Promise.resolve())).toMatchObject({
    code: 'unauthorized',
  })
  expect(channel.health?.()).toMatchObject({ ok: true, code: 'ready' })
})

it('a conversation is passed to Meta’s inbox only where the settings say so', async () => {
  const { graph, channelOf } = await running({ pasar_a_bandeja: true })
  const channel = channelOf('messenger')
  expect(channel.limits.handsOver).toBe(true)
  await channel.send({ id: '1', to: '7654', message: { handOver: true } }, enough())
  expect(graph.calls).toMatchObject([
    { path: 'me/pass_thread_control', body: { recipient: { id: '7654' }, target_app_id: '263902037430900' } },
  ])
  expect((await running()).channelOf('messenger').limits.handsOver).toBeUndefined()
})

it('a notice goes by the utility template of the page; what a person wrote never does', async () => {
  const plantilla_messenger = { nombre: 'aviso', idioma: 'es_MX', parametros: ['{texto}'] }
  const { channelOf } = await running({ plantilla_messenger })
  const delivery = { id: '1', to: '7654', message: { text: 'Su folio avanzó' } }
  expect(channelOf('messenger').outsideWindow?.(delivery)).toBeDefined()
  expect(channelOf('messenger').outsideWindow?.({ ...delivery, byStaff: true })).toBeUndefined()
  expect(
    channelOf('messenger').outsideWindow?.({ ...delivery, message: { text: 'larga '.repeat(200) } }),
  ).toBeUndefined()
  expect(channelOf('instagram').outsideWindow?.(delivery)).toBeUndefined()
})
