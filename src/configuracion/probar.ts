import type { Database } from '../runtime/database.ts'
import { StartupProblem } from '../runtime/problem.ts'
import type { Settings } from '../settings.ts'
import { canShutIn } from '../workflow/config-check/can-shut-in.ts'
import { checkTexts } from '../workflow/config-check/check-texts.ts'
import { diferencias, valorDe } from '../workflow/configuracion/cambios.ts'
import { type Documentos, leerVigente } from '../workflow/configuracion/versiones.ts'
import { type Replayed, replay } from '../workflow/replay/replay.ts'
import { storedConversations } from '../workflow/replay/stored-conversations.ts'
import type { Explorar } from './explorar.ts'

/** How many stored conversations are held again before something is published: the last ones. */
const A_PROBAR = 200

/** What may come into force, and what is. */
export interface Prueba {
  documentos: Documentos
  settings: Settings
  inForce: Settings
  publicUrl: string
  variables: Readonly<Record<string, string>>
}

/** How far a trial is: messages of the conversation that was held in every way, or stored conversations that were held again. */
export type Avance = { paso: 'explorar' | 'repetir'; hechas: number }

/**
 * Tries documents before they are published: their texts; the conversation in every way, where they can break it; then the last
 * stored conversations, held again with them.
 * @throws {StartupProblem} for what `npm run config:check` would complain of anew.
 */
export async function probar(
  database: Database,
  { documentos, settings, inForce, publicUrl, variables }: Prueba,
  explorar: Explorar,
  avance: (avance: Avance) => void = () => undefined,
): Promise<Replayed> {
  const { documentos: deAntes } = await leerVigente(database.fork())
  refuseNewFaults(faultsOf(deAntes, inForce, publicUrl), faultsOf(documentos, settings, publicUrl))
  if (diferenciasEntre(deAntes, documentos).some(canShutIn)) {
    const holding = (nuevos: Documentos) =>
      explorar({ documentos: nuevos, variables, publicUrl }, (hechas) => avance({ paso: 'explorar', hechas }))
    const found = await holding(documentos)
    const known = found.length > 0 ? await holding(deAntes) : []
    refuseNewFaults(named(known), named(found))
  }
  const stored = storedConversations(database.fork(), { mensajes: inForce.mensajes, limit: A_PROBAR })
  return replay(stored, settings, {
    publicUrl,
    inForce,
    progress: (hechas) => avance({ paso: 'repetir', hechas }),
  })
}

const named = (faults: readonly string[]) => new Map(faults.map((one) => [one, one]))

const diferenciasEntre = (antes: Documentos, despues: Documentos) =>
  Object.entries(despues).flatMap(([name, texto]) =>
    texto === antes[name] ? [] : diferencias(name, valorDe(antes[name] ?? ''), valorDe(texto)),
  )

/** What the check of the texts says of these documents, by what it is and not by the line. */
function faultsOf(documentos: Documentos, settings: Settings, publicUrl: string): Map<string, string> {
  const files = Object.entries(documentos).map(([name, source]) => ({ name: `config/${name}.yaml`, source }))
  return new Map(
    checkTexts(files, { ...settings, publicUrl }).map(({ file, line, where, what }) => [
      `${file} ${where}: ${what}`,
      `${file}:${line} ${where}: ${what}.`,
    ]),
  )
}

/** What was there before is not held against a change. */
function refuseNewFaults(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  const fresh = [...after].flatMap(([what, sentence]) => (before.has(what) ? [] : [sentence]))
  if (fresh.length > 0) throw new StartupProblem(fresh.join('\n'))
}
