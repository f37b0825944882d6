import { DateTime } from 'luxon'
import type { Database } from '../../runtime/database.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import { cuadrar } from './cuadre.ts'

/** Milliseconds for which a sum is good enough for a scrape. */
const VALE = 900_000

/** The gauge `canaliza_ledger_unexplained`: what the ledgers of yesterday and today leave unexplained; it should be 0. */
export function cuadreMetrica(metrics: Metrics, database: Database, zona: string, now: () => Date): void {
  let read: { at: number; value: Record<string, number> } | undefined
  let reading: Promise<Record<string, number>> | undefined
  const sumar = async () => {
    const hoy = DateTime.fromJSDate(now(), { zone: zona })
    const dias = { yesterday: hoy.minus({ days: 1 }), today: hoy }
    const value: Record<string, number> = {}
    for (const [name, dia] of Object.entries(dias))
      value[name] = (await cuadrar(database.fork(), dia.toFormat('yyyy-MM-dd'), zona)).sinExplicar
    read = { at: now().getTime(), value }
    return value
  }
  metrics.gauge(
    'canaliza_ledger_unexplained',
    'Rows of a day that no line of its ledger explains.',
    'day',
    async () => {
      if (read && now().getTime() - read.at < VALE) return read.value
      // Scrapes that come while it is being added up wait for that one.
      reading ??= sumar().finally(() => {
        reading = undefined
      })
      return reading
    },
  )
}
