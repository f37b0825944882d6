import { defineEntity, type EntityManager, p } from '@mikro-orm/postgresql'
import { toE164 } from '../../runtime/phone.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

const schema = defineEntity({
  name: 'Ciudadano',
  tableName: 'ciudadano',
  properties: {
    id: p.bigint('number').primary(),
    nombre: p.text().nullable(),
    telefono: p.text().nullable(),
    email: p.text().nullable(),
    /** Who they were joined to; null while they stand for themselves. */
    unidoA: p.bigint('number').nullable(),
    createdAt: p.datetime(),
  },
})

/** A person who asks; may have several addresses and no name. */
export class Ciudadano extends schema.class {}
schema.setClass(Ciudadano)

/** How a person may be named and reached. */
export interface Persona {
  nombre?: string | undefined
  telefono?: string | undefined
  email?: string | undefined
}

/**
 * The person of an address, made when it has none; what they had not told before is filled in, what they had stays.
 * Two addresses are never joined by themselves, even with the same phone: whoever writes one may lie.
 */
export async function ciudadanoDeAddress(
  em: EntityManager,
  addressId: number,
  persona: Persona,
  at: Date,
): Promise<number> {
  const address = await sqlOne<{ ciudadanoId: number | null }>(
    em,
    'select ciudadano_id as "ciudadanoId" from address where id = $1 for no key update',
    [addressId],
  )
  if (!address) throw new Error(`address ${addressId} does not exist`)
  if (address.ciudadanoId !== null) {
    await completar(em, address.ciudadanoId, persona)
    return address.ciudadanoId
  }
  const id = await nuevoCiudadano(em, persona, at)
  await sql(em, 'update address set ciudadano_id = $2 where id = $1', [addressId, id])
  return id
}

/**
 * The person an address is of, made when it has none. A person may have no petition: that an address has one tells nothing of it.
 */
export const personaDeAddress = (em: EntityManager, addressId: number, at: Date): Promise<number> =>
  ciudadanoDeAddress(em, addressId, {}, at)

/** Who stands for this person now: themselves, or who they were joined to. Waits for a join that is under way; undefined when there is none. */
export async function ciudadanoVigente(em: EntityManager, id: number): Promise<number | undefined> {
  const row = await sqlOne<{ unidoA: number | null }>(
    em,
    'select unido_a as "unidoA" from ciudadano where id = $1 for share',
    [id],
  )
  return row && row.unidoA !== null ? ciudadanoVigente(em, row.unidoA) : row && id
}

/** A person who came another way than by a chat. */
export async function nuevoCiudadano(em: EntityManager, persona: Persona, at: Date): Promise<number> {
  return em.insert(Ciudadano, {
    nombre: persona.nombre ?? null,
    telefono: persona.telefono ?? null,
    email: persona.email ?? null,
    createdAt: at,
  })
}

async function completar(em: EntityManager, id: number, { nombre, telefono, email }: Persona): Promise<void> {
  await sql(
    em,
    `update ciudadano
        set nombre = coalesce(nombre, $2), telefono = coalesce(telefono, $3), email = coalesce(email, $4)
      where id = $1`,
    [id, nombre ?? null, telefono ?? null, email ?? null],
  )
}

/** A Mexican number as +52 and ten digits, so that it is found however it was written; anything else as it came. */
export function normalizarTelefono(telefono: string): string {
  return toE164(telefono) ?? telefono.trim()
}
