import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { atenderConPeticion } from '../../workflow/turnos/turnos.ts'

const form = z.object({ turno: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** Who was called and told this is attended; the turno is tied to the petition unless that is anonymous. */
export async function atenderTurno(
  em: EntityManager,
  body: unknown,
  { peticionId, anonima }: { peticionId: number; anonima: boolean },
  ahora: Date,
): Promise<void> {
  const sent = form.safeParse(body)
  if (sent.success) await atenderConPeticion(em, sent.data.turno, anonima ? undefined : peticionId, ahora)
}
