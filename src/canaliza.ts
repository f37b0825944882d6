import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createAvisador } from './admin/avisos/avisador.ts'
import { ensureFirstAdministrator } from './admin/cuentas/first-administrator.ts'
import { createAdmin } from './admin/panel.ts'
import { replacementsOf } from './channels/canales.ts'
import { aprenderAparte } from './configuracion/aprender.ts'
import { type House, openHouse } from './house.ts'
import { type Closing, openParts, type Parts } from './parts.ts'
import { createPortal } from './portal/portal.ts'
import { isDatabaseAway } from './runtime/database-away.ts'
import type { Environment } from './runtime/env.ts'
import { healthRoutes } from './runtime/health.ts'
import { createHttpServer } from './runtime/http.ts'
import { inTurn } from './runtime/in-turn.ts'
import { EXIT, hasCode, reasonOf, StartupProblem } from './runtime/problem.ts'
import type { Role } from './runtime/variables.ts'
import type { Settings } from './settings.ts'
import { learnAhead } from './turn-parts.ts'
import { terminarAvisosActivos } from './workflow/avisos/avisos-activos.ts'
import { desviarAvisos } from './workflow/avisos/desviar-avisos.ts'
import { avisarPlazos } from './workflow/avisos-personales/plazos.ts'
import { seguirSellando } from './workflow/bitacora/sellar.ts'
import { seguirLotes } from './workflow/lotes/seguir-lote.ts'
import { keepAccountStates } from './workflow/mensajes/keep-account-states.ts'
import { reemplazarCuenta } from './workflow/mensajes/reemplazar-cuenta.ts'
import { revisarAclaraciones } from './workflow/peticion/revisar-aclaraciones.ts'
import { revisarPlazos } from './workflow/peticion/revisar-plazos.ts'
import { sumarParaTableros } from './workflow/peticion/sumas.ts'
import { aplicarRetencion } from './workflow/privacidad/retencion.ts'
import { runOutboxRow } from './workflow/run-outbox.ts'
import { readiness } from './workflow/status.ts'
import { tidy } from './workflow/tidy.ts'
import { runWorker } from './workflow/worker.ts'

/** A Canaliza that is running in this process. */
export interface Running {
  url: string
  roles: readonly Role[]
  /** The first administrator, when this start made it. */
  administrator: { email: string; password: string | undefined } | undefined
  /** Takes nothing new, finishes what is under way, closes what is open. */
  stop(): Promise<void>
}

/**
 * Starts the roles that the environment asks for.
 * @throws {StartupProblem} when something outside of us is not as it must be; what was opened until then is closed.
 */
export async function startCanaliza(env: Environment, log: Logger): Promise<Running> {
  const closing: Closing = []
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    return { ...(await rise(env, log, closing)), stop }
  } catch (error) {
    await stop()
    throw isDatabaseAway(error) ? databaseWentAway(error) : error
  }
}

const databaseWentAway = (error: unknown) =>
  new StartupProblem(
    `The database went away while Canaliza was starting (${reasonOf(error).split('\n')[0]}). Start again when it is back.`,
    EXIT.unavailable,
  )

async function rise(env: Environment, log: Logger, closing: Closing): Promise<Omit<Running, 'stop'>> {
  let learning = Promise.resolve()
  const meanwhile = (settings: Settings) => {
    learning = aprenderAparte(settings)
      .catch((error) => log.warn({ err: error }, 'examples could not be learnt in another thread'))
      .then(() => learnAhead(env, settings))
    // Whoever waits for it hears of it; a start that fails before that tells its own reason.
    learning.catch(() => undefined)
  }
  const house = await openHouse(env, log, { meanwhile })
  closing.push(house.close)
  const administrator = await ensureFirstAdministrator(house.database.fork(), env)
  const parts = await openParts(env, log, house, closing)
  await takeOver(log, house, parts)
  closing.push(parts.pipeline.drain)
  // Nobody waits for it afterwards; mostly it was learnt while the database started.
  await learning
  parts.learn()
  // What reading and learning left behind would be kept until memory is short (with --expose-gc, as `npm start` has it).
  globalThis.gc?.()
  const app = await createServer(env, log, house, parts)
  const url = await listenOn(app, env)
  // On the way down: no new work, then no new requests, then what is under way, then the connections.
  closing.push(() => app.close(), startWork(env, log, house, parts))
  return { url, roles: env.ROLES, administrator }
}

/** Conversations of accounts that were replaced go on at the new ones, before anybody is heard. */
async function takeOver(log: Logger, { database, settings }: House, parts: Parts): Promise<void> {
  const isThere = (channel: string, account: string) => parts.directory.channelOf(channel, account) !== undefined
  for (const one of replacementsOf(settings.canales, isThere)) {
    const conVentana = parts.directory.limitsOf(one.channel, one.to).windowMs !== undefined
    const people = await database
      .fork()
      .transactional((em) => reemplazarCuenta(em, one, { ...parts.outbox, conVentana }))
    if (people > 0) log.info({ ...one, people }, 'an account took over the conversations of another one')
  }
}

async function createServer(env: Environment, log: Logger, house: House, parts: Parts): Promise<FastifyInstance> {
  const app = await createHttpServer({ log, trustProxy: env.PUBLIC_URL.startsWith('https:') })
  healthRoutes(app, readiness(house.database, parts.queues, parts.channels), parts.metrics.registry)
  if (!env.ROLES.includes('web')) return app
  for (const channel of parts.channels) await channel.routes?.(app)
  const shared = { ...house, ...house.settings, ...parts, ...parts.directory, publicUrl: env.PUBLIC_URL, log }
  const segundoPaso = env.ADMIN_TOTP === 'required' ? 'obligatorio' : 'opcional'
  await app.register(createAdmin({ ...shared, segundoPaso }))
  await app.register(createPortal(shared))
  return app
}

/** What the calendar owes, one after another; what fails is tried again in an hour and holds back nothing else. */
async function everyHour({ database, secretKey, settings }: House, parts: Parts): Promise<void> {
  await inTurn([
    () => parts.volverAlAsistente(),
    () => parts.recordarBorradores(),
    () => revisarAclaraciones(database, settings.municipio, parts.now()),
    () => revisarPlazos(database.fork(), parts.now()),
    () => avisarPlazos(database.fork(), settings.municipio, parts.now()),
    () => tidy(database, parts.files, parts.now()),
    () => aplicarRetencion({ database, secretKey, ...settings, files: parts.files, ahora: parts.now() }),
  ])
}

/** Starts receivers and workers of the roles; gives what stops them and waits for what they hold. */
function startWork(env: Environment, log: Logger, house: House, parts: Parts): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const { channels } = parts
  const work: Promise<void>[] = [keepAccountStates({ database: house.database, channels, log }, signal)]
  if (env.ROLES.includes('worker')) {
    const runOutbox = (id: number) => runOutboxRow(house.database.fork(), id, parts.outbox)
    const hourly = () => everyHour(house, parts)
    const desviar = () => desviarAvisos(house.database.fork(), parts.outbox)
    const terminarAvisos = () => terminarAvisosActivos(house.database.fork(), parts.outbox)
    const avisarPersonal = createAvisador({ ...parts, ...house, ...house.settings, publicUrl: env.PUBLIC_URL, log })
    const shared = { ...parts, ...parts.directory, database: house.database, log, avisarPersonal }
    const lotes = () => seguirLotes(shared)
    const sumas = () => sumarParaTableros(house.database, house.settings.municipio, parts.now())
    work.push(runWorker({ ...shared, runOutbox, hourly, desviar, terminarAvisos, lotes, sumas }, signal))
    work.push(parts.detalles.run(signal))
    work.push(seguirSellando({ ...house, log, now: parts.now }, signal))
  }
  for (const channel of channels) {
    if (channel.run && env.ROLES.includes(channel.home ?? 'worker')) work.push(channel.run(signal))
  }
  return async () => {
    stopping.abort()
    await Promise.all(work)
  }
}

async function listenOn(app: FastifyInstance, { PORT, HOST, PUBLIC_URL }: Environment): Promise<string> {
  try {
    const address = await app.listen({ port: PORT, host: HOST })
    return PORT === 0 ? address : PUBLIC_URL
  } catch (error) {
    await app.close()
    if (hasCode(error, 'EADDRINUSE')) {
      throw new StartupProblem(
        `PORT: another program already listens on ${HOST}:${PORT}. Stop it, or set PORT to another number.`,
        EXIT.busy,
      )
    }
    throw new StartupProblem(
      `HOST, PORT: it is not possible to listen on ${HOST}:${PORT} (${reasonOf(error)}).`,
      EXIT.unavailable,
    )
  }
}
