import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import type { Actor } from '../../workflow/actor.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import { atarAdjuntos } from '../../workflow/peticion/adjuntos-de-peticion.ts'
import { parseFolio } from '../../workflow/peticion/folio.ts'
import type { Contexto, Movido } from '../../workflow/peticion/paso.ts'
import type { Verbo } from '../../workflow/peticion/transiciones.ts'
import { anotar } from '../../workflow/peticion/verbos/anotar.ts'
import { canalizar, recanalizar } from '../../workflow/peticion/verbos/canalizar.ts'
import { cancelar } from '../../workflow/peticion/verbos/cancelar.ts'
import { concluir } from '../../workflow/peticion/verbos/concluir.ts'
import { bloquearConReunidas, concluirReunidas } from '../../workflow/peticion/verbos/concluir-reunidas.ts'
import { devolver } from '../../workflow/peticion/verbos/devolver.ts'
import { orientar } from '../../workflow/peticion/verbos/orientar.ts'
import { preguntar } from '../../workflow/peticion/verbos/preguntar.ts'
import { procesar } from '../../workflow/peticion/verbos/procesar.ts'
import { reabrir } from '../../workflow/peticion/verbos/reabrir.ts'
import { recibir } from '../../workflow/peticion/verbos/recibir.ts'
import { rechazar, validar } from '../../workflow/peticion/verbos/validar.ts'
import { valorar } from '../../workflow/peticion/verbos/valorar.ts'
import { type Form, linea, readForm } from '../form.ts'

/** What a verb is done with once its form was read. */
export interface Ejecucion {
  em: EntityManager
  peticionId: number
  actor: Actor
  ctx: Contexto & { reaperturaDias: number; prefijo: string; municipio: Municipio }
  /** Ids of the files that came with the form, already rows of this petition. */
  archivos: readonly string[]
}

/** A verb of the panel: one route, one form. */
export interface Accion {
  verbo: Exclude<Verbo, 'registrar' | 'responder' | 'comentar' | 'aclarar' | 'recordar' | 'reanudar'>
  leer(body: unknown): Form<(ejecucion: Ejecucion) => Promise<Movido>>
}

type Verbal<T> = (
  em: EntityManager,
  id: number,
  actor: Actor,
  datos: T & { version: number },
  ctx: Ejecucion['ctx'],
) => Promise<Movido>

const texto = () => linea(2000)
const opcional = () =>
  z
    .string()
    .trim()
    .max(2000, 'largo')
    .optional()
    .transform((text) => text || undefined)

/** `version` is what the petition was when the form was shown. */
function accion<T extends object>(
  verbo: Accion['verbo'],
  shape: z.ZodType<T>,
  run: Verbal<T & { archivos: readonly string[] }>,
): Accion {
  const version = z.coerce.number({ error: 'falta' }).int().positive()
  const schema = z.intersection(shape, z.object({ version }))
  return {
    verbo,
    leer(body) {
      const form = readForm(schema, body)
      if (!form.ok) return form
      const datos = ({ archivos, ...one }: Ejecucion) =>
        run(one.em, one.peticionId, one.actor, { ...form.datos, archivos }, one.ctx)
      return { ok: true, datos }
    },
  }
}

const motivo = z.object({ motivo: texto() })
const valoracion = z.object({
  aceptada: z.enum(['si', 'no'], { error: 'elija_valoracion' }).transform((value) => value === 'si'),
  motivo: texto(),
  explicacion: opcional(),
})
const conclusion = z.object({
  resuelto: z.enum(['si', 'no'], { error: 'elija_resuelto' }).transform((value) => value === 'si'),
  accion: linea(200),
  observacion: texto(),
  explicacion: opcional(),
  reunidas: z.literal('si').optional(),
})

/** Every verb that staff do with a form, in the order in which they are offered. */
export const ACCIONES: readonly Accion[] = [
  accion('recibir', z.object({}), recibir),
  accion('valorar', valoracion, valorar),
  accion('canalizar', z.object({ dependencia: linea(60) }), canalizar),
  accion('procesar', z.object({}), (em, id, actor, { archivos: [formato = ''], version }, ctx) =>
    procesar(em, id, actor, { formato, version }, ctx),
  ),
  accion('concluir', conclusion, async (em, id, actor, { archivos, reunidas, ...datos }, ctx) => {
    if (reunidas) await bloquearConReunidas(em, id)
    const movido = await concluir(em, id, actor, { ...datos, oficio: archivos[0] }, ctx)
    if (reunidas) await concluirReunidas(em, id, datos, ctx)
    await atarAdjuntos(em, movido.movimientoId, [...archivos])
    return movido
  }),
  accion('validar', z.object({ nota: opcional() }), validar),
  accion('rechazar', motivo, rechazar),
  accion('preguntar', z.object({ texto: texto() }), preguntar),
  accion('recanalizar', z.object({ dependencia: linea(60), motivo: texto() }), recanalizar),
  accion('devolver', motivo, devolver),
  accion('orientar', z.object({ texto: texto() }), orientar),
  accion('reabrir', motivo, reabrir),
  accion(
    'cancelar',
    z.object({ motivo: texto(), explicacion: texto(), duplicadoDe: opcional() }),
    (em, id, actor, { duplicadoDe = '', ...datos }, ctx) => {
      // However it was typed; what is no folio is looked for as it is, and not found.
      const leido = parseFolio(duplicadoDe, ctx.prefijo)
      const original = leido.kind === 'folio' ? leido.folio : duplicadoDe || undefined
      return cancelar(em, id, actor, { ...datos, duplicadoDe: original }, ctx)
    },
  ),
  accion('anotar', z.object({ nota: texto() }), anotar),
]
