import { expect, it, onTestFinished } from 'vitest'
import { type Checks, healthRoutes } from '../../src/runtime/health.ts'
import { createHttpServer } from '../../src/runtime/http.ts'
import { createMetrics } from '../../src/runtime/metrics.ts'
import { silent } from '../workflow/way-fixture.ts'

async function ready(checks: Checks) {
  const app = await createHttpServer({ log: silent, trustProxy: false })
  onTestFinished(() => app.close())
  healthRoutes(app, checks, createMetrics().registry)
  const answer = await app.inject('/readyz')
  return [answer.statusCode, answer.json().status, answer.json().checks]
}

const fine = async () => ({ ok: true, detail: 'answers' })

it('is ready while everything it needs answers', async () => {
  expect(await ready({ database: fine })).toMatchObject([200, 'ready', { database: { ok: true } }])
})

it('is not when something it needs does not', async () => {
  const broken = () => Promise.reject(new Error('away'))
  expect(await ready({ database: broken, queue: fine })).toMatchObject([
    503,
    'not ready',
    { database: { detail: 'away' } },
  ])
})

it('tells of a channel that is down, and goes on taking requests', async () => {
  const down = async () => ({ ok: false, detail: 'the token is refused', onlyTold: true as const })
  expect(await ready({ database: fine, channel: down })).toMatchObject([200, 'ready', { channel: { ok: false } }])
})
