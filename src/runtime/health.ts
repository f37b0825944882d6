import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** One thing that must work for us to be of use. */
export interface Check {
  ok: boolean
  /** In a few words, for the operator. */
  detail: string
  /** Told, and no reason to send requests elsewhere: another process would do no better. */
  onlyTold?: true
}

/** Named checks; one that rejects counts as not ok. */
export type Checks = Record<string, () => Promise<Check>>

/** How long a check may take, in milliseconds. */
const PATIENCE = 3_000

/**
 * `/healthz` (the process is alive), `/readyz` (everything it needs answers: 200 or 503, with each check and what is only told),
 * and `/metrics` for Prometheus. None of them tells anything about a person.
 */
export function healthRoutes(app: FastifyInstance, checks: Checks, registry: Registry): void {
  app.get('/healthz', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const results = Object.fromEntries(await Promise.all(Object.entries(checks).map(runCheck)))
    const ready = Object.values(results).every((check) => check.ok || check.onlyTold)
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks: results })
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}

async function runCheck([name, check]: [string, () => Promise<Check>]): Promise<[string, Check]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: 'no answer in time' }), PATIENCE)
  })
  const failed = (error: unknown): Check => ({ ok: false, detail: error instanceof Error ? error.message : 'failed' })
  const result = await Promise.race([check().catch(failed), late])
  clearTimeout(timer)
  return [name, result]
}
