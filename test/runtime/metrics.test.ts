import { expect, it } from 'vitest'
import { createMetrics } from '../../src/runtime/metrics.ts'

it('what cannot be read now is left out of the metrics, and the rest is told', async () => {
  const metrics = createMetrics()
  let away = false
  metrics.gauge('canaliza_peticiones', 'Petitions by state.', 'estado', async () => {
    if (away) throw new Error('the database is away')
    return { PROCESO: 3 }
  })
  metrics.messageIn('web-chat', 'saved')
  expect(await metrics.registry.metrics()).toContain('canaliza_peticiones{estado="PROCESO"} 3')
  away = true
  const text = await metrics.registry.metrics()
  expect(text).not.toContain('PROCESO')
  expect(text).toContain('canaliza_messages_in_total{channel="web-chat",result="saved"} 1')
})
