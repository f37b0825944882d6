import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What Prometheus reads; names follow its conventions. */
export interface Metrics {
  readonly registry: Registry
  messageIn(channel: string, result: 'saved' | 'repeated' | 'refused', count?: number): void
  messageOut(channel: string, result: 'sent' | 'retry' | 'failed' | 'ambiguous', milliseconds: number): void
  turn(milliseconds: number, failed: boolean): void
  /** `read` is called at each scrape and gives the value by label; when it rejects, the gauge is left out of that scrape. */
  gauge(name: string, help: string, label: string, read: () => Promise<Record<string, number>>): void
}

/** A registry of its own for each process: nothing is shared through the library's global one. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const received = new Counter({
    name: 'canaliza_messages_in_total',
    help: 'Messages received.',
    labelNames: ['channel', 'result'],
    registers,
  })
  const sent = new Counter({
    name: 'canaliza_messages_out_total',
    help: 'Sends tried.',
    labelNames: ['channel', 'result'],
    registers,
  })
  const sending = new Histogram({
    name: 'canaliza_send_duration_seconds',
    help: 'One call of a platform.',
    labelNames: ['channel'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  const turns = new Histogram({
    name: 'canaliza_turn_duration_seconds',
    help: 'From taking the lock of a conversation to the commit of its replies.',
    labelNames: ['result'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  return {
    registry,
    messageIn: (channel, result, count = 1) => received.inc({ channel, result }, count),
    messageOut: (channel, result, milliseconds) => {
      sent.inc({ channel, result })
      sending.observe({ channel }, milliseconds / 1000)
    },
    turn: (milliseconds, failed) => turns.observe({ result: failed ? 'failed' : 'handled' }, milliseconds / 1000),
    gauge: (name, help, label, read) => {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          this.reset()
          const values = Object.entries(await read().catch(() => ({})))
          for (const [key, value] of values) this.set({ [label]: key }, value)
        },
      })
    },
  }
}
