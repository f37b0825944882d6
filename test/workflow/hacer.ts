import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../src/workflow/actor.ts'
import { abrirAclaracion, aclaracionAbierta } from '../../src/workflow/peticion/aclaracion.ts'
import type { Movido } from '../../src/workflow/peticion/paso.ts'
import type { Verbo } from '../../src/workflow/peticion/transiciones.ts'
import { aclarar, reanudar, recordar } from '../../src/workflow/peticion/verbos/aclarar.ts'
import { anotar } from '../../src/workflow/peticion/verbos/anotar.ts'
import { canalizar, recanalizar } from '../../src/workflow/peticion/verbos/canalizar.ts'
import { cancelar } from '../../src/workflow/peticion/verbos/cancelar.ts'
import { comentar } from '../../src/workflow/peticion/verbos/comentar.ts'
import { concluir } from '../../src/workflow/peticion/verbos/concluir.ts'
import { devolver } from '../../src/workflow/peticion/verbos/devolver.ts'
import { orientar } from '../../src/workflow/peticion/verbos/orientar.ts'
import { preguntar } from '../../src/workflow/peticion/verbos/preguntar.ts'
import { procesar } from '../../src/workflow/peticion/verbos/procesar.ts'
import { reabrir } from '../../src/workflow/peticion/verbos/reabrir.ts'
import { recibir } from '../../src/workflow/peticion/verbos/recibir.ts'
import { responder } from '../../src/workflow/peticion/verbos/responder.ts'
import { rechazar, validar } from '../../src/workflow/peticion/verbos/validar.ts'
import { valorar } from '../../src/workflow/peticion/verbos/valorar.ts'
import { AHORA, type Ayuntamiento, adjunto, municipio } from './ayuntamiento.ts'

/** Every verb that acts on a petition that is there. */
export type VerboSobrePeticion = Exclude<Verbo, 'registrar'>

type Hecho = (em: EntityManager, id: number, actor: Actor, town: Ayuntamiento, version?: number) => Promise<Movido>

const ctx = { ahora: AHORA, reaperturaDias: 15 }
const conPlazo = { ahora: AHORA, municipio }
const motivo = 'porque sí'

/** A question is open, whoever may ask it. */
const preguntada = async (em: EntityManager, id: number) =>
  (await aclaracionAbierta(em, id)) ?? abrirAclaracion(em, { id, venceEl: '2026-12-04' }, '¿De qué lado?', conPlazo)

/** Does each verb with all it needs. */
export const HACER: Record<VerboSobrePeticion, Hecho> = {
  valorar: (em, id, actor, _town, version) => valorar(em, id, actor, { aceptada: true, motivo, version }, ctx),
  canalizar: (em, id, actor, _town, version) => canalizar(em, id, actor, { version }, ctx),
  recanalizar: (em, id, actor, _town, version) =>
    recanalizar(em, id, actor, { dependencia: 'TV', motivo, version }, ctx),
  devolver: (em, id, actor, _town, version) => devolver(em, id, actor, { motivo, version }, ctx),
  recibir: (em, id, actor, _town, version) => recibir(em, id, actor, { version }, ctx),
  procesar: async (em, id, actor, _town, version) =>
    procesar(em, id, actor, { formato: await adjunto(em, id, 'formato'), version }, ctx),
  concluir: async (em, id, actor, _town, version) =>
    concluir(em, id, actor, { ...RESUELTO, oficio: await adjunto(em, id, 'oficio'), version }, ctx),
  validar: (em, id, actor, _town, version) => validar(em, id, actor, { version }, ctx),
  rechazar: (em, id, actor, _town, version) => rechazar(em, id, actor, { motivo, version }, ctx),
  reabrir: (em, id, actor, _town, version) => reabrir(em, id, actor, { motivo, version }, ctx),
  orientar: (em, id, actor, _town, version) => orientar(em, id, actor, { texto: 'Acuda a la CFE', version }, ctx),
  cancelar: (em, id, actor, _town, version) => cancelar(em, id, actor, { motivo, explicacion: motivo, version }, ctx),
  preguntar: (em, id, actor, _town, version) => preguntar(em, id, actor, { texto: '¿De qué lado?', version }, conPlazo),
  aclarar: async (em, id, actor) => {
    await preguntada(em, id)
    return aclarar(em, id, actor, { texto: 'Del lado de la escuela' }, conPlazo)
  },
  recordar: async (em, id, actor) => {
    await preguntada(em, id)
    return recordar(em, id, actor, {}, conPlazo)
  },
  reanudar: async (em, id, actor) => {
    await preguntada(em, id)
    return reanudar(em, id, actor, {}, conPlazo)
  },
  responder: (em, id, actor, { outbox }) =>
    responder(em, id, actor, { texto: 'Ya vamos' }, { ...outbox, ahora: AHORA }),
  comentar: (em, id, actor) => comentar(em, id, actor, { texto: 'Está frente a la escuela' }, ctx),
  anotar: (em, id, actor) => anotar(em, id, actor, { nota: 'ojo' }, ctx),
}

/** An action of the category BACHEO. */
export const RESUELTO = {
  resuelto: true,
  accion: 'Se bacheó con asfalto',
  observacion: 'Quedó tapado con mezcla caliente',
}

export const VERBOS_SOBRE_PETICION = Object.keys(HACER) as VerboSobrePeticion[]
