import type { EntityManager } from '@mikro-orm/postgresql'
import type { BorradorPeticion } from '../../conversation/flows/vocabulary.ts'
import { storableJson } from '../../runtime/json.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { Categoria } from '../catalogo/categoria.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { ciudadanoDeAddress, ciudadanoVigente, normalizarTelefono, nuevoCiudadano } from '../personas/ciudadano.ts'
import { formar } from '../turnos/turnos.ts'
import { archivosDeRegistro } from './archivos-de-registro.ts'
import { deCaptura, type OrigenCaptura, yaCapturada } from './captura.ts'
import { claveDeCaptura, enlaceFirmado, hashDeClave } from './claves.ts'
import { formatFolio, generarClave } from './folio.ts'
import { momento } from './momento.ts'
import { Movimiento } from './movimiento.ts'
import { type Anunciable, anunciar, deber } from './paso.ts'
import { Peticion } from './peticion.ts'
import { diaDe, vencimiento } from './plazo.ts'
import { DatoInvalido } from './rechazos.ts'

/** A citizen's turn in a chat; `medio` is the channel's name. */
export interface OrigenChat {
  tipo: 'chat'
  addressId: number
  conversationId: number
  medio: string
}

/** By which way the person asked. */
export type Origen = OrigenChat | OrigenCaptura

/** What registering needs of the outside. */
export interface RegistroDeps {
  municipio: Municipio
  secretKey: string
  /** Without a slash at the end. */
  publicUrl: string
  ahora: Date
  /** A whole number from 0 to max - 1; a cryptographic one unless given. */
  random?: ((max: number) => number) | undefined
}

/** What the person takes away; the clave is stored nowhere. */
export interface Registrada {
  peticionId: number
  folio: string
  clave: string
  enlacePublico: string
  plazoDias: number
  /** ISO date. */
  venceEl: string
  turno: string | null
  /** Ids of the outbox rows that wait; none when the same form had been captured before. */
  outbox: number[]
}

/**
 * Makes the petition in the transaction of `em`: folio, history, and the rows that routing and notices are owed by.
 * Exactly once: the chat calls it under its conversation's lock, whose next step commits with it; a captured form by its UUID.
 * @throws {DatoInvalido} {FueraDeAlcance}
 */
export async function registrar(
  em: EntityManager,
  entregado: BorradorPeticion,
  origen: Origen,
  deps: RegistroDeps,
): Promise<Registrada> {
  const repetida = origen.tipo === 'captura' && (await yaCapturada(em, origen, deps))
  if (repetida) return repetida
  const borrador: BorradorPeticion = JSON.parse(storableJson(entregado))
  const categoria = await exigirCategoria(em, borrador)
  const at = momento(deps.ahora, borrador.anonima)
  const archivos = archivosDeRegistro(borrador, categoria.requisitos, origen)
  const peticion = {
    ...(await identidad(em, origen, deps)),
    ...(await lugarYAsunto(em, borrador, categoria, deps)),
    ...(origen.tipo === 'captura' ? await deCaptura(em, origen, deps.municipio) : { medio: origen.medio }),
    ...(borrador.anonima ? {} : await dePersona(em, borrador, categoria, origen, at)),
    requisitos: archivos.requisitos,
    valoracion: deps.municipio.valoracion.includes(categoria.id) ? ('pendiente' as const) : null,
    estado: 'REGISTRADO' as const,
    version: 1,
    registradaAt: at,
    actualizadaAt: at,
  }
  const { clave, ...row } = peticion
  const peticionId = await em.insert(Peticion, row)
  await archivos.entregar(em, peticionId)
  const outbox = await asentarRegistro(em, { ...row, id: peticionId }, origen)
  const { folio, plazoDias, venceEl } = row
  const turno = 'turno' in row ? row.turno : null
  if (turno && origen.tipo === 'captura' && origen.modulo) {
    await formar(em, { numero: turno, modulo: origen.modulo, peticionId: row.anonima ? undefined : peticionId, at })
  }
  return { peticionId, folio, clave, enlacePublico: enlaceFirmado(deps, folio), plazoDias, venceEl, turno, outbox }
}

async function exigirCategoria(em: EntityManager, { categoria, anonima }: BorradorPeticion): Promise<Categoria> {
  const found = await em.findOne(Categoria, { id: categoria, retiradaAt: null }, { disableIdentityMap: true })
  if (!found || (anonima && !found.anonima)) throw new DatoInvalido('categoria')
  return found
}

async function identidad(em: EntityManager, origen: Origen, { municipio, secretKey, ahora, random }: RegistroDeps) {
  const anio = Number(diaDe(ahora, municipio.zona_horaria).slice(0, 4))
  const next = await sqlOne<{ secuencia: number }>(em, 'select siguiente_folio($1) as secuencia', [anio])
  const folio = formatFolio({ prefijo: municipio.folio.prefijo, anio, secuencia: next?.secuencia ?? 0 })
  const clave = origen.tipo === 'captura' ? claveDeCaptura(secretKey, origen.captura) : generarClave(random)
  return { folio, clave, claveHash: hashDeClave(secretKey, folio, clave) }
}

async function lugarYAsunto(
  em: EntityManager,
  { datos, ubicacion, descripcion, respuestas, anonima }: BorradorPeticion,
  categoria: Categoria,
  { municipio, ahora }: RegistroDeps,
) {
  const { plazoDias, prioridad, reservada } = categoria
  const inhabiles = await diasInhabilesDe(em, municipio, ahora)
  return {
    categoria: categoria.id,
    asunto: categoria.nombre,
    descripcion,
    respuestas,
    latitud: ubicacion?.latitud ?? null,
    longitud: ubicacion?.longitud ?? null,
    colonia: datos.colonia ?? null,
    calle: datos.calle ?? null,
    numero: datos.numero ?? null,
    referencias: datos.referencias ?? null,
    anonima,
    reservada,
    prioridad,
    plazoDias,
    venceEl: vencimiento(ahora, plazoDias, inhabiles, municipio.zona_horaria),
  }
}

/** What is told in a reserved petition stays in it: known of the person, it would lead others to it. */
async function dePersona(
  em: EntityManager,
  { datos }: BorradorPeticion,
  { reservada }: Categoria,
  origen: Origen,
  at: Date,
) {
  const { nombre, email } = datos
  const telefono = datos.telefono && normalizarTelefono(datos.telefono)
  const persona = reservada ? {} : { nombre, telefono, email }
  const { addressId } = origen
  const ciudadanoId =
    addressId === undefined
      ? ((await elegido(em, origen)) ?? (await nuevoCiudadano(em, persona, at)))
      : await ciudadanoDeAddress(em, addressId, persona, at)
  return {
    ciudadanoId,
    addressId: addressId ?? null,
    nombre: nombre ?? null,
    telefono: telefono ?? null,
    email: email ?? null,
  }
}

/** Whom the form names; between showing it and posting it they may have been joined to somebody. */
async function elegido(em: EntityManager, origen: Origen): Promise<number | undefined> {
  if (origen.tipo !== 'captura' || origen.ciudadanoId === undefined) return undefined
  return ciudadanoVigente(em, origen.ciudadanoId)
}

type Escrita = Anunciable & Pick<Peticion, 'registradaAt' | 'anonima'> & { addressId?: number | null }

/** In the chat the folio is the answer; who was captured from a message or comment of theirs is told by a notice. */
async function asentarRegistro(em: EntityManager, peticion: Escrita, origen: Origen): Promise<number[]> {
  const at = peticion.registradaAt
  const movimientoId = await em.insert(Movimiento, {
    peticionId: peticion.id,
    at,
    verbo: 'registrar',
    de: null,
    a: 'REGISTRADO',
    actor: origen.tipo === 'chat' ? 'ciudadano' : 'usuario',
    usuarioId: origen.tipo === 'chat' ? null : origen.actor.id,
    datos: { medio: peticion.medio },
  })
  const outbox = [await deber(em, 'canalizar', peticion, movimientoId)]
  if (origen.tipo === 'captura' && typeof peticion.addressId === 'number') {
    outbox.unshift(await deber(em, 'notificar', peticion, movimientoId))
  }
  await anunciar(em, peticion, 'registrar', null)
  return outbox
}
