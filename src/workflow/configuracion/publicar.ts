import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { StartupProblem } from '../../runtime/problem.ts'
import type { Catalogo } from '../catalogo/catalogo.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import { cargarCatalogo } from '../catalogo/load-catalogo.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { aplicar, SinLugar } from './aplicar.ts'
import { type Cambio, valorDe, valorEn } from './cambios.ts'
import { type Calendarios, recorrerPlazos } from './recorrer-plazos.ts'
import { type Asiento, asentar, type Documentos, esperarTurno, leerVigente } from './versiones.ts'

/** What of a read configuration the tables hold. */
export interface Configuracion {
  catalogo: Catalogo
  municipio: Municipio
}

/** Reads and checks a whole configuration. @throws {StartupProblem} naming document, line and what was expected. */
export type LeerConfiguracion = (documentos: Documentos) => Promise<Configuracion>

/** What publishing needs. */
export interface PublicarDeps {
  leer: LeerConfiguracion
  ahora: Date
}

/** Somebody published since the page was shown; `choques` are changes that no longer begin where things stand. */
export class YaCambio extends Error {
  override name = 'YaCambio'
  readonly choques: Choque[]
  constructor(choques: Choque[]) {
    super('the configuration was changed meanwhile')
    this.choques = choques
  }
}

/** A change whose place was changed by somebody else; `actual` is what stands there now. */
export interface Choque extends Cambio {
  actual?: Cambio['antes']
}

/** The event by which every process learns of a publication. */
export const TEMA = 'configuracion'

/**
 * Publishes changes as one transaction, that of `tx`: the versions, the tables, the due days that a new calendar moves.
 * `base` is the publication that was shown to whoever decided it.
 * @throws {YaCambio} @throws {StartupProblem} when the result would not be a valid configuration. @throws {SinLugar}
 */
export async function publicarCambios(
  tx: EntityManager,
  { cambios, base, ...asiento }: Asiento & { cambios: readonly Cambio[]; base: number },
  deps: PublicarDeps,
): Promise<number> {
  await esperarTurno(tx)
  const vigente = await leerVigente(tx)
  const choques = choquesDe(cambios, vigente.documentos)
  if (vigente.publicacion !== base || choques.length > 0) throw new YaCambio(choques)
  return publicarDocumentos(tx, asiento, conCambios(vigente.documentos, cambios), deps)
}

/** Publishes whole documents, those that differ from what is in force. @returns the publication's number; 0 when none differs. */
export async function publicarDocumentos(
  tx: EntityManager,
  asiento: Asiento,
  nuevos: Documentos,
  { leer, ahora }: PublicarDeps,
): Promise<number> {
  await esperarTurno(tx)
  const vigente = await leerVigente(tx)
  const cambiados = Object.entries(nuevos).filter(([documento, texto]) => vigente.documentos[documento] !== texto)
  if (cambiados.length === 0) return 0
  const despues = await leer({ ...vigente.documentos, ...nuevos })
  const antes = await legible(leer, vigente.documentos)
  const recorridas = antes ? await recorrerPlazos(tx, await calendarios(tx, antes, despues, ahora)) : 0
  await cargarCatalogo(tx, despues.catalogo, despues.municipio.reglas)
  const efecto = recorridas > 0 ? { recorridas } : {}
  const id = await asentar(tx, { ...asiento, efecto }, Object.fromEntries(cambiados), ahora)
  await publish(tx, { topic: TEMA, id })
  return id
}

/** What was in force; undefined when there was nothing yet, or nothing that this version of the program understands. */
async function legible(leer: LeerConfiguracion, documentos: Documentos): Promise<Configuracion | undefined> {
  if (Object.keys(documentos).length === 0) return undefined
  try {
    return await leer(documentos)
  } catch (error) {
    if (error instanceof StartupProblem) return undefined
    throw error
  }
}

/** The days off before and after a change of the configuration. */
export async function calendarios(
  em: EntityManager,
  antes: Configuracion,
  despues: Configuracion,
  ahora: Date,
): Promise<Calendarios> {
  return {
    antes: await diasInhabilesDe(em, antes.municipio, ahora),
    despues: await diasInhabilesDe(em, despues.municipio, ahora),
    zona: despues.municipio.zona_horaria,
  }
}

/** The documents with these changes made; those without a change are left out. @throws {SinLugar} */
export function conCambios(documentos: Documentos, cambios: readonly Cambio[]): Documentos {
  const nombres = [...new Set(cambios.map((one) => one.documento))]
  return Object.fromEntries(
    nombres.map((nombre) => {
      const texto = documentos[nombre]
      if (texto === undefined) throw new SinLugar(`there is no config/${nombre}.yaml`)
      return [
        nombre,
        aplicar(
          texto,
          cambios.filter((one) => one.documento === nombre),
        ),
      ]
    }),
  )
}

/** Changes that do not begin where things stand now, and have not happened yet either. */
export function choquesDe(cambios: readonly Cambio[], documentos: Documentos): Choque[] {
  const leidos = new Map(
    [...new Set(cambios.map((one) => one.documento))].map((nombre) => [nombre, valorDe(documentos[nombre] ?? '')]),
  )
  return cambios.flatMap((cambio) => {
    const actual = valorEn(leidos.get(cambio.documento), cambio.ruta)
    return isDeepStrictEqual(actual, cambio.antes) ? [] : [{ ...cambio, actual }]
  })
}
