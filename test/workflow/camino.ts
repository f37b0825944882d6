import type { BorradorPeticion, Estado } from '../../src/conversation/flows/vocabulary.ts'
import { canalizar } from '../../src/workflow/peticion/verbos/canalizar.ts'
import { concluir } from '../../src/workflow/peticion/verbos/concluir.ts'
import { procesar } from '../../src/workflow/peticion/verbos/procesar.ts'
import { recibir } from '../../src/workflow/peticion/verbos/recibir.ts'
import { validar } from '../../src/workflow/peticion/verbos/validar.ts'
import { AHORA, type Ayuntamiento, adjunto, BACHE, en, registrarDe, type Vecina, vecina } from './ayuntamiento.ts'
import { RESUELTO } from './hacer.ts'

export const ctx = { ahora: AHORA, reaperturaDias: 15 }
export const SISTEMA = { tipo: 'sistema' } as const

/** A pothole, registered and moved on until it is in that state, each step by whose part it is. */
export async function llevada(
  town: Ayuntamiento,
  hasta: Estado,
  borrador: BorradorPeticion = BACHE,
  quien?: Vecina,
): Promise<number> {
  const { enlaceObras, validador } = town.usuarios
  const { peticionId: id } = await registrarDe(town, quien ?? (await vecina(town.database.fork())), borrador)
  const pasos: [Estado, () => Promise<unknown>][] = [
    ['REGISTRADO', async () => undefined],
    ['CANALIZADO', () => en(town, (em) => canalizar(em, id, SISTEMA, {}, ctx))],
    ['RECIBIDO', () => en(town, (em) => recibir(em, id, enlaceObras, {}, ctx))],
    [
      'PROCESO',
      () => en(town, async (em) => procesar(em, id, enlaceObras, { formato: await adjunto(em, id, 'formato') }, ctx)),
    ],
    ['CONCLUIDO', () => en(town, (em) => concluir(em, id, enlaceObras, RESUELTO, ctx))],
    ['VALIDADO', () => en(town, (em) => validar(em, id, validador, {}, ctx))],
  ]
  for (const [estado, dar] of pasos) {
    await dar()
    if (estado === hasta) return id
  }
  throw new Error(`this way does not lead to ${hasta}`)
}
