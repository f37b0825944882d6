import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { canalesSchema } from '../../../src/channels/canales.ts'
import { createMeta } from '../../../src/channels/meta/meta.ts'
import { readEnvironment } from '../../../src/runtime/env.ts'
import { createHttpServer } from '../../../src/runtime/http.ts'
import { createSavePublic } from '../../../src/workflow/redes/guardar.ts'
import { createTestContext, databaseAway, ENVIRONMENT, fixture, signature } from '../../channels/meta/context.ts'
import { ayuntamiento } from '../ayuntamiento.ts'
import { filas } from './redes-fixture.ts'

/** The webhook on a real port, before real rows; the first `failures` savings find no database. */
async function listening(failures = 0) {
  const { database } = await ayuntamiento()
  const { context } = createTestContext()
  const save = createSavePublic(database, () => undefined)
  let left = failures
  const settings = {
    env: readEnvironment(ENVIRONMENT, '/nonexistent/.env'),
    canales: canalesSchema.parse({}),
    savePublic: async (events: Parameters<typeof save>[0]) => {
      if (left-- > 0) throw databaseAway()
      return save(events)
    },
  }
  const app = await createHttpServer({ log: pino({ level: 'silent' }), trustProxy: false })
  for (const channel of createMeta(settings, context)) await channel.routes?.(app)
  const root = await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  const post = (name: string, body = JSON.stringify(fixture(name)), signed = signature(body)) =>
    fetch(`${root}/webhooks/meta`, { method: 'POST', body, headers: { 'x-hub-signature-256': signed } })
  return { database, post }
}

it('what is said in public is a row before Meta is answered, and a redelivery is none', async () => {
  const { database, post } = await listening()
  for (const name of ['page/comment', 'page/comment', 'instagram/comment']) expect((await post(name)).status).toBe(200)
  expect((await filas(database)).map(({ texto }) => texto)).toEqual([
    'Hay una fuga de agua en la calle Hidalgo',
    '¿Cuándo arreglan el bache de la Miramar?',
  ])
})

it('what is not signed is no row', async () => {
  const { database, post } = await listening()
  expect((await post('page/comment', undefined, signature('otro'))).status).toBe(401)
  expect(await filas(database)).toEqual([])
})

it('Meta is asked to come again when the database is away, and then it is stored', async () => {
  const { database, post } = await listening(1)
  expect((await post('page/comment')).status).toBe(503)
  expect((await post('page/comment')).status).toBe(200)
  expect(await filas(database)).toHaveLength(1)
})

it('text that PostgreSQL has no place for is stored without it', async () => {
  const { database, post } = await listening()
  const body = JSON.stringify(fixture('page/comment')).replace('Hay una fuga', 'Hay\\u0000 una \\ud800fuga')
  expect((await post('', body)).status).toBe(200)
  expect((await filas(database))[0]?.texto).toBe('Hay una \uFFFDfuga de agua en la calle Hidalgo')
})

it.each(['page/reaction', 'page/of-the-future', 'page/without-comment-id', 'instagram/story-insights'])(
  '%s is confirmed, for it would come for ever, and is no row',
  async (name) => {
    const { database, post } = await listening()
    expect((await post(name)).status).toBe(200)
    expect(await filas(database)).toEqual([])
  },
)
