import type { EntityManager } from '@mikro-orm/postgresql'
import type { Services } from '../conversation/flows/services.ts'
import type {
  BorradorPeticion,
  CategoriaVista,
  ColoniaVista,
  GrupoVista,
  PeticionVista,
} from '../conversation/flows/vocabulary.ts'
import type { Mensajes } from '../conversation/mensajes.ts'
import { sql, sqlOne } from '../runtime/sql.ts'
import { anotarAvisoOido, avisoActivoDe, sumarseAAvisoActivo } from './avisos/avisos-activos.ts'
import { SUMADAS, sumarse } from './avisos/sumados.ts'
import { CATEGORIA_ARCO } from './catalogo/codigos.ts'
import { nombreDeMedio } from './catalogo/municipio.ts'
import type { LimitsOf, StoreOutbound } from './mensajes/store-outbound.ts'
import type { LockedConversation } from './mensajes/turn-rows.ts'
import { SUYAS, seguimientoFor } from './personas/seguir.ts'
import { severarTraspasos } from './personas/severar-traspasos.ts'
import { crearCodigo, descartarCodigo, traer, usarCodigo } from './personas/traspaso.ts'
import { cercanas } from './peticion/cercanas.ts'
import { enlaceFirmado, folioConClave } from './peticion/claves.ts'
import { parseClave, parseFolio } from './peticion/folio.ts'
import { lugarDeFotos } from './peticion/lugar-de-fotos.ts'
import { type RegistroDeps, registrar } from './peticion/registrar.ts'
import { vistaPublica } from './peticion/vista-publica.ts'

/** What the services of a turn need; the catalogue is what was loaded at the start. */
export interface ServicesDeps extends Omit<RegistroDeps, 'ahora'> {
  ahora(): Date
  mensajes: Mensajes
  enviar: StoreOutbound
  limitsOf: LimitsOf
  categorias: CategoriaVista[]
  grupos: GrupoVista[]
  colonias: ColoniaVista[]
}

/** Wrong claves an address may try in an hour. */
export const CONSULTAS_FALLIDAS = 10

type Turno = Pick<LockedConversation, 'id' | 'addressId' | 'channel' | 'account'>

/** All that a flow may ask of the outside, for the address whose turn it is, in the transaction of `em`. */
export function servicesFor(em: EntityManager, turno: Turno, deps: ServicesDeps): Services {
  const registrarAqui = (borrador: BorradorPeticion) => {
    const { id: conversationId, addressId, channel: medio } = turno
    return registrar(em, borrador, { tipo: 'chat', conversationId, addressId, medio }, { ...deps, ahora: deps.ahora() })
  }
  const nombreDeCanal = (canal: string) => nombreDeMedio(deps.municipio, canal)
  const traspaso = { ...deps, nombreDeCanal }
  return {
    now: deps.ahora,
    categorias: () => deps.categorias,
    grupos: () => deps.grupos,
    colonias: () => deps.colonias,
    leerFolio: (texto) => parseFolio(texto, deps.municipio.folio.prefijo),
    leerClave: parseClave,
    async registrar(borrador, desde) {
      const { folio, clave, enlacePublico, plazoDias } = await registrarAqui(borrador)
      const sola = borrador.anonima || deps.categorias.find(({ id }) => id === borrador.categoria)?.reservada === true
      if (sola && desde) await severarTraspasos(em, turno.addressId, desde)
      return { folio, clave, enlacePublico, plazoDias }
    },
    misPeticiones: (limit) => misPeticiones(em, turno.addressId, limit, deps),
    consultar: (folio, clave) => consultar(em, turno.addressId, { folio, clave }, deps),
    async aceptarAviso(version) {
      await sql(em, 'update address set aviso_version = $2, aviso_at = $3 where id = $1', [
        turno.addressId,
        version,
        deps.ahora(),
      ])
    },
    async avisos(quiere) {
      await sql(
        em,
        `update address set avisos_${quiere ? 'alta' : 'baja'}_at = $2, avisos_${quiere ? 'baja' : 'alta'}_at = null where id = $1`,
        [turno.addressId, deps.ahora()],
      )
    },
    async faltaConsentimiento() {
      if (deps.limitsOf(turno.channel, turno.account).replyOnly !== true) return false
      const said = await sqlOne(
        em,
        'select 1 from address where id = $1 and (avisos_alta_at is not null or avisos_baja_at is not null)',
        [turno.addressId],
      )
      return said === undefined
    },
    ...seguimientoFor(em, turno, deps),
    cercanas: (categoria, lugar) => cercanas(em, turno.addressId, categoria, lugar, deps),
    lugarDeFotos: (ids) => lugarDeFotos(em, turno.id, ids),
    avisoActivo: (categoria, colonia) => avisoActivoDe(em, categoria, colonia, deps.ahora()),
    anotarAvisoOido: (id) => anotarAvisoOido(em, id),
    avisarAlTerminar: (id) => sumarseAAvisoActivo(em, id, turno.addressId, deps.ahora()),
    sumarse: (folio) => sumarse(em, turno.addressId, folio, deps.ahora()),
    crearCodigo: (borrador) => crearCodigo(em, turno.addressId, borrador, traspaso),
    usarCodigo: (codigo) => usarCodigo(em, turno.addressId, codigo, traspaso),
    descartarCodigo: (id) => descartarCodigo(em, turno.addressId, id, deps.ahora()),
    traer: (id, como) => {
      const { id: conversationId, addressId, channel: canal } = turno
      return traer(em, { conversationId, addressId, canal }, id, como, traspaso)
    },
    async anotarOrientacion(categoria) {
      await sql(em, 'insert into orientacion (categoria_id, medio, at) values ($1, $2, $3)', [
        categoria,
        turno.channel,
        deps.ahora(),
      ])
    },
    async solicitarArco(descripcion, derecho) {
      const respuestas: Record<string, string> = derecho === undefined ? {} : { derecho }
      const { folio } = await registrarAqui({ ...SIN_DATOS, respuestas, categoria: CATEGORIA_ARCO, descripcion })
      return { folio }
    },
  }
}

const SIN_DATOS = { datos: {}, respuestas: {}, requisitos: {}, fotos: [], anonima: false }

async function misPeticiones(
  em: EntityManager,
  addressId: number,
  limit: number,
  deps: ServicesDeps,
): Promise<PeticionVista[]> {
  const rows = await sql<{ folio: string; sumada: boolean }>(em, SUYAS_Y_SUMADAS, [addressId, limit])
  const vistas = await Promise.all(
    rows.map(async ({ folio, sumada }) => {
      const vista = await peticionVista(em, folio, deps)
      return vista && sumada ? soloElEstado(vista) : vista
    }),
  )
  return vistas.filter((vista) => vista !== undefined)
}

/** What who joined may see of it: nothing that was written to or by who made it, and not their page. */
const soloElEstado = (vista: PeticionVista): PeticionVista => ({
  ...vista,
  ultimaNovedad: null,
  enlacePublico: null,
  sumada: true,
})

// However many were joined, one's own are never pushed out of what is offered.
const SUYAS_Y_SUMADAS = `
select p.folio, (${SUYAS}) is not true as sumada
  from peticion p where (${SUYAS}) or (${SUMADAS}) order by sumada, p.id desc limit $2`

/** Failures are counted, so that a clave is not found by trying. */
async function consultar(
  em: EntityManager,
  addressId: number,
  textos: { folio: string; clave: string },
  deps: ServicesDeps,
): Promise<PeticionVista | undefined> {
  const key = `consulta:${addressId}`
  const failed = await sqlOne<{ hits: number }>(em, 'select hits from throttle where key = $1 and resets_at > now()', [
    key,
  ])
  if (failed && failed.hits >= CONSULTAS_FALLIDAS) return undefined
  const folio = await folioConClave(em, textos, {
    secretKey: deps.secretKey,
    prefijo: deps.municipio.folio.prefijo,
  })
  if (folio === undefined) await sql(em, CONTAR, [key])
  return folio === undefined ? undefined : peticionVista(em, folio, deps)
}

const CONTAR = `
insert into throttle as t (key, hits, resets_at) values ($1, 1, now() + interval '1 hour')
on conflict (key) do update
   set hits = case when t.resets_at > now() then t.hits + 1 else 1 end,
       resets_at = case when t.resets_at > now() then t.resets_at else excluded.resets_at end`

async function peticionVista(em: EntityManager, folio: string, deps: ServicesDeps): Promise<PeticionVista | undefined> {
  const vista = await vistaPublica(em, folio, deps.mensajes)
  if (!vista) return undefined
  const { asunto, estado, estadoTexto, dependencia, registradaEl, venceEl, historia } = vista
  // A question is put in the conversation itself, and may be answered by now.
  const ultimaNovedad = historia.findLast((one) => one.nota !== null && one.verbo !== 'preguntar')?.nota ?? null
  const enlacePublico = enlaceFirmado(deps, folio)
  return { folio, asunto, estado, estadoTexto, dependencia, registradaEl, venceEl, ultimaNovedad, enlacePublico }
}
