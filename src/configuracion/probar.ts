import type { Database } from '../runtime/database.ts'
import { StartupProblem } from '../runtime/problem.ts'
import type { Settings } from '../settings.ts'
import { checkTexts } from '../workflow/config-check/check-texts.ts'
import { type Documentos, leerVigente } from '../workflow/configuracion/versiones.ts'
import { type Replayed, replay } from '../workflow/replay/replay.ts'
import { storedConversations } from '../workflow/replay/stored-conversations.ts'

/** How many stored conversations are held again before something is published: the last ones. */
const A_PROBAR = 200

/** What may come into force, and what is. */
export interface Prueba {
  documentos: Documentos
  settings: Settings
  inForce: Settings
  publicUrl: string
}

/**
 * Tries documents before they are published: their texts, then the last stored conversations, held again with them.
 * @throws {StartupProblem} for texts that `npm run config:check` would complain of anew.
 */
export async function probar(
  database: Database,
  { documentos, settings, inForce, publicUrl }: Prueba,
): Promise<Replayed> {
  const { documentos: deAntes } = await leerVigente(database.fork())
  refuseNewFaults(faultsOf(deAntes, inForce, publicUrl), faultsOf(documentos, settings, publicUrl))
  const stored = storedConversations(database.fork(), { mensajes: inForce.mensajes, limit: A_PROBAR })
  return replay(stored, settings, { publicUrl, inForce })
}

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
