import { expect, it } from 'vitest'
import { until } from '../../../src/runtime/until.ts'
import { createNumber } from './number.ts'

it('a restricted number keeps still, then one message tries, and when WhatsApp takes it all is well', async () => {
  const number = await createNumber({ timings: { restricted: 400 } })
  await number.paired()
  number.server.acknowledge = '463'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({ code: 'not_connected', retryAfter: 0.4 })
  number.server.acknowledge = 'yes'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({ code: 'not_connected', scope: 'account' })
  expect((await number.status()).state).toBe('restricted')
  await until(async () => (await number.say('7001', 'Hola', '2').catch(() => undefined)) !== undefined)
  expect(await number.status()).toMatchObject({ state: 'open', reason: null })
})
