import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import type { Database } from '../runtime/database.ts'
import type { Events } from '../runtime/events.ts'
import { StartupProblem } from '../runtime/problem.ts'
import { CONFIG_FOLDER, type Settings } from '../settings.ts'
import { TEMA } from '../workflow/configuracion/publicar.ts'
import { recibirArchivos } from '../workflow/configuracion/recibir-archivos.ts'
import { type Documentos, leerVigente, ultimaPublicacion } from '../workflow/configuracion/versiones.ts'
import type { Replayed } from '../workflow/replay/replay.ts'
import { aprenderAparte } from './aprender.ts'
import { leerDocumentos, leerSettings } from './carpeta.ts'
import { type Explorar, explorar as explorarAparte, type PorExplorar } from './explorar.ts'
import { type Avance, probar } from './probar.ts'

/** How often a process that heard of nothing asks whether something was published, in milliseconds. */
const PREGUNTAR_CADA = 30_000

/** What is in force in this process, from the publication that says so. */
export interface Configuracion {
  /** Reads through to what is in force at that moment: for what looks at each setting when it needs it. */
  settings: Settings
  /** What is in force now, and does not change: for a turn, which ends as it began. */
  actual(): Settings
  /** Reads and checks a configuration that may be published. @throws {StartupProblem} with `config/…:line` of what is wrong. */
  leer(documentos: Documentos): Promise<Settings>
  /**
   * Holds the stored conversations again with these documents; see `npm run replay`.
   * @throws {StartupProblem} for documents that are not valid, and for what `npm run config:check` would complain of anew.
   */
  probar(documentos: Documentos, avance?: (avance: Avance) => void): Promise<Replayed>
  /** Calls `listener` with each new configuration before it is in force. */
  alCambiar(listener: (settings: Settings) => void): void
  /** Takes up what was published, if this process did not yet; one that it cannot read is logged and left. */
  ponerseAlDia(): Promise<void>
  /** Takes up each publication as it is told, or soon after. Returns what stops that. */
  seguir(events: Events): () => Promise<void>
}

/**
 * Brings files and history together: what was edited in config/ since the last start becomes a publication, and what is in force is read.
 * With `mirar`, for commands, the files are not taken up when there is a history already.
 * @throws {StartupProblem} for a file, or a version in force, that is not valid.
 */
export async function abrirConfiguracion(
  database: Database,
  variables: Readonly<Record<string, string>>,
  log: Logger,
  {
    mirar = false,
    folder = CONFIG_FOLDER,
    publicUrl = 'http://localhost:3000',
    explorar = explorarAparte,
  }: { mirar?: boolean; folder?: string; publicUrl?: string; explorar?: Explorar } = {},
): Promise<Configuracion> {
  const leer = recordando((documentos) => leerSettings(documentos, variables))
  const archivos = await leerDocumentos(folder)
  await database.fork().transactional(async (tx) => {
    if (mirar && (await ultimaPublicacion(tx)) > 0) return
    const { publicacion, reemplazados } = await recibirArchivos(tx, archivos, { leer, ahora: new Date() })
    if (publicacion > 0) log.info({ publicacion }, 'the files of config/ were taken up')
    for (const { documento, ruta } of reemplazados)
      log.warn({ documento, ruta }, 'a change made in the panel was replaced by the file; it is still in the history')
  })
  const vigente = await leerVigente(database.fork())
  return createConfiguracion(
    database,
    log,
    leer,
    {
      publicacion: vigente.publicacion,
      settings: await leer(vigente.documentos),
    },
    { publicUrl, variables, explorar: unaPorVez(explorar) },
  )
}

/** Reading takes half a second, and the same documents are read again at each step of publishing them. */
function recordando(
  leer: (documentos: Documentos) => Promise<Settings>,
): (documentos: Documentos) => Promise<Settings> {
  const leidas = new Map<string, Promise<Settings>>()
  return (documentos) => {
    const clave = createHash('sha256').update(JSON.stringify(documentos)).digest('hex')
    const conocida = leidas.get(clave) ?? leer(documentos)
    // What failed may have failed for another reason than the documents.
    conocida.catch(() => leidas.delete(clave))
    leidas.delete(clave)
    leidas.set(clave, conocida)
    for (const vieja of [...leidas.keys()].slice(0, -RECORDADAS)) leidas.delete(vieja)
    return conocida
  }
}

/** How many configurations that were read are kept: the one in force, and drafts of a few people. */
const RECORDADAS = 4

/** An exploration fills a processor: one after the other; what was found is kept for who tries first and publishes then. */
function unaPorVez(explorar: Explorar): Explorar {
  const halladas = new Map<string, string[]>()
  let antes: Promise<unknown> = Promise.resolve()
  return async (que, avance) => {
    const clave = createHash('sha256').update(JSON.stringify(que.documentos)).digest('hex')
    const explorada = antes.then(async () => halladas.get(clave) ?? (await explorar(que, avance)))
    antes = explorada.catch(() => undefined)
    const fallas = await explorada
    halladas.set(clave, fallas)
    for (const vieja of [...halladas.keys()].slice(0, -RECORDADAS)) halladas.delete(vieja)
    return fallas
  }
}

interface EnVigor {
  publicacion: number
  settings: Settings
}

function createConfiguracion(
  database: Database,
  log: Logger,
  leer: (documentos: Documentos) => Promise<Settings>,
  inicial: EnVigor,
  { publicUrl, variables, explorar }: Pick<PorExplorar, 'publicUrl' | 'variables'> & { explorar: Explorar },
): Configuracion {
  let enVigor = inicial
  let fallida = 0
  const listeners = new Set<(settings: Settings) => void>()
  // What cannot be learnt aside is learnt by who needs it, while everybody waits.
  const aprender = (settings: Settings) =>
    aprenderAparte(settings).catch((error) =>
      log.warn({ err: error }, 'examples could not be learnt in another thread'),
    )
  const actualizar = async () => {
    const em = database.fork()
    const ultima = await ultimaPublicacion(em)
    if (ultima <= enVigor.publicacion || ultima === fallida) return
    const { publicacion, documentos } = await leerVigente(em)
    const settings = await legible(leer(documentos), (problem) => {
      fallida = publicacion
      log.error({ err: problem, publicacion }, 'a published configuration cannot be read here; the one before stays')
    })
    if (!settings) return
    await aprender(settings)
    for (const listener of listeners) listener(settings)
    enVigor = { publicacion, settings }
    log.info({ publicacion }, 'a published configuration is in force')
  }
  let enCurso = Promise.resolve()
  const ponerseAlDia = () => {
    const next = enCurso.then(actualizar)
    enCurso = next.catch(() => undefined)
    return next
  }
  return {
    settings: throughTo(() => enVigor.settings),
    actual: () => enVigor.settings,
    leer,
    probar: async (documentos, avance) => {
      const settings = await leer(documentos)
      await aprender(settings)
      const prueba = { documentos, settings, inForce: enVigor.settings, publicUrl, variables }
      return probar(database, prueba, explorar, avance)
    },
    alCambiar: (listener) => void listeners.add(listener),
    ponerseAlDia,
    seguir: (events) => {
      const stop = intentarCada(events, () =>
        ponerseAlDia().catch((error) => log.debug({ err: error }, 'the configuration waits for the database')),
      )
      return async () => {
        stop()
        await enCurso
      }
    },
  }
}

/** Another version of the program may have published what this one cannot read. */
async function legible(
  reading: Promise<Settings>,
  not: (problem: StartupProblem) => void,
): Promise<Settings | undefined> {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error
    not(error)
    return undefined
  }
}

/** At each event, after a lost connection, and from time to time. */
function intentarCada(events: Events, intentar: () => Promise<void>): () => void {
  const stop = events.on(TEMA, () => void intentar())
  const timer = setInterval(() => void intentar(), PREGUNTAR_CADA).unref()
  return () => {
    stop()
    clearInterval(timer)
  }
}

/** The settings, read anew each time; a block of them that somebody keeps reads what is in force when it is looked at. Lists are as they were. */
function throughTo(current: () => Settings): Settings {
  return new Proxy(current(), { get: (_, key) => block(() => Reflect.get(current(), key)) })
}

function block(get: () => unknown): unknown {
  const value = get()
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Buffer.isBuffer(value)) return value
  return new Proxy(value, { get: (target, key) => Reflect.get(get() ?? target, key) })
}
