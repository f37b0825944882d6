import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import { sever } from '../mensajes/sever.ts'

interface Antes {
  addressId: number
  conversationId: number
  borrador: string
  hechoAt: Date
}

/**
 * A petition that must lead to nobody, or to no other account, may have been begun at another one: what was said of it there, from its
 * first word until it was carried over, is emptied too, however often it was carried. `desde` is since when it was told here.
 */
export async function severarTraspasos(em: EntityManager, addressId: number, desde: Date): Promise<void> {
  let antes = await viaDe(em, addressId, desde)
  while (antes) {
    const began = new Date(antes.borrador)
    await sever(em, antes.conversationId, began, antes.hechoAt)
    antes = await viaDe(em, antes.addressId, began)
  }
}

/** By which code it came; each is looked at once, and then forgotten. */
function viaDe(em: EntityManager, addressId: number, desde: Date): Promise<Antes | undefined> {
  return sqlOne<Antes>(
    em,
    `delete from traspaso t using conversation c
      where t.usado_por = $1 and t.desde = $2 and t.borrador is not null and t.hecho_at is not null and c.address_id = t.address_id
     returning t.address_id as "addressId", c.id as "conversationId", t.borrador, t.hecho_at as "hechoAt"`,
    [addressId, desde],
  )
}
