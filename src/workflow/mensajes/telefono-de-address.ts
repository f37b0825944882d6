import type { EntityManager } from '@mikro-orm/postgresql'
import type { InboundMessage } from '../../channels/message.ts'
import { toE164 } from '../../runtime/phone.ts'
import { sql } from '../../runtime/sql.ts'

/**
 * Notes the telephone that a platform vouches for: told with the message, or the sender's own card. What people write is a datum of
 * their petition and no more than that.
 */
export async function anotarTelefono(em: EntityManager, addressId: number, messages: InboundMessage[]): Promise<void> {
  const told = messages.flatMap(({ from, contact, kind }) =>
    kind === 'echo' ? [] : [from.phone, contact?.own ? toE164(contact.phone) : undefined],
  )
  const phone = told.findLast((one) => one !== undefined)
  if (phone === undefined) return
  await sql(em, 'update address set phone = $2 where id = $1 and phone is distinct from $2', [addressId, phone])
}
