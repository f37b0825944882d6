import type { EntityManager } from '@mikro-orm/postgresql'
import { MINUTOS_DE_CODIGO } from '../../conversation/flows/traspaso.ts'
import type { CodigoEscrito, Traido } from '../../conversation/flows/vocabulary.ts'
import { fieldsOf } from '../../conversation/memory.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import type { Answers, Draft, Locale } from '../../conversation/state.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { attempt, type Limit, throttleKey } from '../../runtime/throttle.ts'
import type { StoreOutbound } from '../mensajes/store-outbound.ts'
import { hashDeCodigo } from '../peticion/claves.ts'
import { generarClave } from '../peticion/folio.ts'
import { personaDeAddress } from './ciudadano.ts'
import { unirCiudadanos } from './union-de-ciudadanos.ts'

/** How often an address may ask for a code. */
const PEDIDOS: Limit = { hits: 5, seconds: 3_600 }
/** How often it may type one that is none. */
export const CODIGOS_FALLIDOS: Limit = { hits: 5, seconds: 3_600 }

/** What carrying over needs of the outside. */
export interface TraspasoDeps {
  ahora(): Date
  secretKey: string
  mensajes: Mensajes
  random?: ((max: number) => number) | undefined
  /** How a channel is called to citizens. */
  nombreDeCanal(canal: string): string
  enviar: StoreOutbound
}

/**
 * A code as it is written (`K7M2-XQ9P`), good once and for a quarter of an hour, for the petition that has been told since `borrador`.
 * The one given before is void. Only its hash is kept. undefined when this address asked for too many.
 */
export async function crearCodigo(
  em: EntityManager,
  addressId: number,
  borrador: string | undefined,
  { ahora, secretKey, random }: TraspasoDeps,
): Promise<string | undefined> {
  const { allowed } = await attempt(em, throttleKey('codigo', String(addressId)), PEDIDOS)
  if (!allowed) return undefined
  const codigo = generarCodigo(random)
  const at = ahora()
  await sql(em, 'delete from traspaso where address_id = $1 and usado_at is null', [addressId])
  await sql(
    em,
    'insert into traspaso (code_hash, address_id, borrador, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [
      hashDeCodigo(secretKey, codigo),
      addressId,
      borrador ?? null,
      at,
      new Date(at.getTime() + MINUTOS_DE_CODIGO * 60_000),
    ],
  )
  return `${codigo.slice(0, 4)}-${codigo.slice(4)}`
}

/** Two digits at least, so that no word of eight letters is taken for a code. */
function generarCodigo(random?: (max: number) => number): string {
  const codigo = generarClave(random)
  return (codigo.match(/\d/g)?.length ?? 0) >= 2 ? codigo : generarCodigo(random)
}

interface Vigente {
  id: number
  addressId: number
  borrador: string | null
  canal: string
}

/**
 * Uses a code up for this address: nobody else can from now on. A second message with it says the same, until what it carries came.
 * Misses are counted, so that codes are not found by trying.
 */
export async function usarCodigo(
  em: EntityManager,
  addressId: number,
  codigo: string,
  { ahora, secretKey, nombreDeCanal }: TraspasoDeps,
): Promise<CodigoEscrito> {
  const key = throttleKey('codigo-fallido', String(addressId))
  const missed = await sqlOne<{ hits: number }>(em, 'select hits from throttle where key = $1 and resets_at > now()', [
    key,
  ])
  if (missed && missed.hits >= CODIGOS_FALLIDOS.hits) return { kind: 'espere' }
  const found = await sqlOne<Vigente>(em, VIGENTE, [hashDeCodigo(secretKey, codigo), addressId, ahora()])
  if (found?.addressId === addressId) return { kind: 'propio' }
  const borrador = found && found.borrador !== null ? await borradorDe(em, found.addressId, found.borrador) : undefined
  const vale = found && (found.borrador === null || borrador) && (await apartar(em, found.id, addressId, ahora()))
  if (!vale) {
    await attempt(em, key, CODIGOS_FALLIDOS)
    return { kind: 'no_vale' }
  }
  return { kind: 'valido', traspaso: found.id, canal: nombreDeCanal(found.canal), ...(borrador && { borrador }) }
}

const apartar = (em: EntityManager, id: number, addressId: number, at: Date) =>
  sqlOne(
    em,
    `update traspaso set usado_por = $2, usado_at = coalesce(usado_at, $3)
      where id = $1 and hecho_at is null and (usado_por is null or usado_por = $2) returning 1`,
    [id, addressId, at],
  )

/** A code that this address used and does not want: nobody can use it any more. */
export async function descartarCodigo(em: EntityManager, addressId: number, traspaso: number, at: Date): Promise<void> {
  await sql(em, 'update traspaso set hecho_at = $3 where id = $1 and usado_por = $2 and hecho_at is null', [
    traspaso,
    addressId,
    at,
  ])
}

/**
 * Brings what a code of this address carries, out of where it was: its answers with their files, told since `desde` here. With `unir`
 * both addresses are one person's, and this one follows what the other registered. The other account is told.
 * undefined when it is no longer there: it was finished, or thrown away.
 */
export async function traer(
  em: EntityManager,
  aqui: { addressId: number; conversationId: number; canal: string },
  traspaso: number,
  { unir, desde }: { unir: boolean; desde: Date },
  deps: TraspasoDeps,
): Promise<Traido | undefined> {
  const row = await sqlOne<{ addressId: number; borrador: string | null }>(
    em,
    `update traspaso set hecho_at = $3, desde = $4 where id = $1 and usado_por = $2 and hecho_at is null
     returning address_id as "addressId", borrador`,
    [traspaso, aqui.addressId, deps.ahora(), desde],
  )
  if (!row) return undefined
  const alla = await bloquear(em, row.addressId)
  const borrador = row.borrador === null ? undefined : sacar(alla, row.borrador)
  if (row.borrador !== null && !borrador) return undefined
  if (borrador) await mudar(em, alla, borrador, aqui.conversationId)
  const avisoVersion = await mismoAviso(em, row.addressId, aqui.addressId)
  if (unir) await unirAddresses(em, row.addressId, aqui.addressId, deps.ahora())
  const texto = unir ? 'traspaso.avisado_unidas' : 'traspaso.avisado'
  await deps.enviar(em, alla.id, [
    { text: deps.mensajes.in(alla.locale).text(texto, { canal: deps.nombreDeCanal(aqui.canal) }) },
  ])
  return { avisoVersion, ...(borrador && { borrador: { ...fieldsOf(borrador.answers), desde: desde.toISOString() } }) }
}

interface Lugar {
  id: number
  locale: Locale
  flow: string | null
  flowVersion: number
  answers: Answers
  drafts: Draft[]
}

const LUGAR = `
select c.id, c.locale, c.flow, c.flow_version as "flowVersion", c.answers, c.drafts from conversation c where c.address_id = $1`

async function bloquear(em: EntityManager, addressId: number): Promise<Lugar> {
  const lugar = await sqlOne<Lugar>(em, `${LUGAR} for no key update of c`, [addressId])
  if (!lugar) throw new Error(`address ${addressId} has no conversation`)
  return lugar
}

async function borradorDe(em: EntityManager, addressId: number, desde: string) {
  const lugar = await sqlOne<Lugar>(em, LUGAR, [addressId])
  const found = lugar && sacar(lugar, desde)
  return found && { flow: found.flow, flowVersion: found.flowVersion, answers: found.answers }
}

/** What has been told since that moment: laid aside, or taken up again meanwhile. */
function sacar({ flow, flowVersion, answers, drafts }: Lugar, desde: string) {
  const draft = drafts.find((one) => one.flow === 'registrar' && one.answers.desde === desde)
  if (draft) return draft
  return flow === 'registrar' && answers.desde === desde ? { flow, flowVersion, answers } : undefined
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** From one conversation to the other, with the files it names; whatever else is unfinished there stays. */
async function mudar(
  em: EntityManager,
  alla: Lugar,
  borrador: { answers: Answers },
  conversationId: number,
): Promise<void> {
  const drafts = alla.drafts.filter((one) => one !== borrador)
  const enCurso = drafts.length === alla.drafts.length
  await sql(
    em,
    `update conversation
        set drafts = $2::jsonb, flow = case when $3 then null else flow end, step = case when $3 then null else step end,
            answers = case when $3 then '{}'::jsonb else answers end, misses = 0
      where id = $1`,
    [alla.id, storableJson(drafts), enCurso],
  )
  const files = JSON.stringify(borrador.answers).match(UUID) ?? []
  // They came with the draft, and are of this conversation's time: what severs it severs them.
  await sql(
    em,
    `update attachment set conversation_id = $3, created_at = now() where id = any($2) and conversation_id = $1 and peticion_id is null`,
    [alla.id, files, conversationId],
  )
}

/** Who accepted the notice there accepted it: version and moment come along. */
async function mismoAviso(em: EntityManager, de: number, a: number): Promise<string | null> {
  const row = await sqlOne<{ version: string | null }>(
    em,
    `update address a
        set aviso_version = coalesce(a.aviso_version, de.aviso_version), aviso_at = coalesce(a.aviso_at, de.aviso_at)
       from address de where a.id = $2 and de.id = $1 returning a.aviso_version as version`,
    [de, a],
  )
  return row?.version ?? null
}

/** Both are of one person, who asked for notices here when they said so; what others registered there is followed from here. */
async function unirAddresses(em: EntityManager, alla: number, aqui: number, at: Date): Promise<void> {
  const queda = await personaDeAddress(em, alla, at)
  const unido = await personaDeAddress(em, aqui, at)
  if (queda !== unido) await unirCiudadanos(em, { queda, unido }, { tipo: 'codigo' })
  await sql(em, 'update address set avisos_alta_at = $2 where id = $1 and avisos_baja_at is null', [aqui, at])
  await sql(
    em,
    `insert into seguimiento (address_id, sigue_a)
     select $2::bigint, $1::bigint union select $2, sigue_a from seguimiento where address_id = $1 and sigue_a <> $2
     on conflict do nothing`,
    [alla, aqui],
  )
}

const VIGENTE = `
select t.id, t.address_id as "addressId", t.borrador, a.channel as canal
  from traspaso t join address a on a.id = t.address_id
 where t.code_hash = $1 and t.expires_at > $3 and t.hecho_at is null and (t.usado_por is null or t.usado_por = $2)`
