import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboxDone, OutboxRow } from '../outbox.ts'
import { TransicionNoPermitida } from './rechazos.ts'
import { canalizar } from './verbos/canalizar.ts'

/** Directs what was just registered; skipped when UAC was quicker, or it was cancelled meanwhile. */
export async function canalizarPendiente(
  em: EntityManager,
  row: OutboxRow,
  { ahora }: { ahora: Date },
): Promise<OutboxDone> {
  try {
    await canalizar(em, row.peticionId, { tipo: 'sistema' }, {}, { ahora })
    return { status: 'done', messages: [] }
  } catch (error) {
    if (error instanceof TransicionNoPermitida) return { status: 'skipped', messages: [] }
    throw error
  }
}
