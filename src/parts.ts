import type { Logger } from 'pino'
import type { AnyChannel, ChannelContext } from './channels/channel.ts'
import { type ChannelSettings, channelDirectory, createChannels } from './channels/registry.ts'
import type { WebChatOptions } from './channels/web-chat/options.ts'
import { createWebChat } from './channels/web-chat/web-chat.ts'
import { createWebChatStore } from './conversation/web-chat-store.ts'
import type { House } from './house.ts'
import type { Environment } from './runtime/env.ts'
import { type Events, listen, publish } from './runtime/events.ts'
import { type Files, openFiles } from './runtime/files.ts'
import { createLease } from './runtime/lease.ts'
import { createMailer, type Mailer } from './runtime/mail.ts'
import { createMetrics, type Metrics } from './runtime/metrics.ts'
import { openQueues, type Queues } from './runtime/queue.ts'
import { turnInForce, turnParts } from './turn-parts.ts'
import { createReturnToBot } from './workflow/atencion/return-to-bot.ts'
import { volverAlAsistente } from './workflow/atencion/volver-al-asistente.ts'
import { recordarBorradores } from './workflow/borradores/recordar-borradores.ts'
import { cuadreMetrica } from './workflow/cuadre/cuadre-metrica.ts'
import { createCursors, createSaveReceipt, createSentMessage } from './workflow/mensajes/channel-rows.ts'
import { accountMetrics } from './workflow/mensajes/keep-account-states.ts'
import { createPipeline, type Pipeline } from './workflow/mensajes/pipeline.ts'
import { createProponer } from './workflow/mensajes/proponer.ts'
import { createStoreOutbound, type LimitsOf, type StoreOutbound } from './workflow/mensajes/store-outbound.ts'
import { createSavePublic } from './workflow/redes/guardar.ts'
import { createDetalles, type Detalles } from './workflow/redes/leer-detalles.ts'
import type { OutboxDeps } from './workflow/run-outbox.ts'
import { rowMetrics } from './workflow/status.ts'

/** What was opened on the way up, closed in the opposite order on the way down. */
export type Closing = (() => Promise<unknown> | unknown)[]

/** What the roles of one process share. */
export interface Parts {
  events: Events
  files: Files
  queues: Queues
  metrics: Metrics
  channels: AnyChannel[]
  directory: ReturnType<typeof channelDirectory>
  pipeline: Pipeline
  outbox: OutboxDeps
  /** Hands e-mails to the server; absent without SMTP_URL and SMTP_FROM. */
  correo: Mailer | undefined
  /** What platforms did not tell of what is said in public. */
  detalles: Detalles
  /** A person of the staff gives a conversation back to the assistant. */
  returnToBot(conversationId: number): Promise<void>
  /** Calls unfinished petitions to mind, where and when that may be. */
  recordarBorradores(): Promise<void>
  /** Conversations that a person forgot to give back are the assistant's again. */
  volverAlAsistente(): Promise<number>
  /** Learns to understand citizens, which the first message would wait for otherwise; blocks for some tenths of a second. */
  learn(): void
  /** Messages a second of an account; 0 means no limit. */
  rateOf(channel: AnyChannel): number
  now(): Date
}

/** What all of it stands on. */
interface Ground {
  env: Environment
  log: Logger
  house: House
  closing: Closing
  now(): Date
}

type Stores = Pick<Parts, 'events' | 'queues' | 'files' | 'metrics'>

/** Opens connections and builds the channels and the way of a message; nothing receives or works yet. */
export async function openParts(env: Environment, log: Logger, house: House, closing: Closing): Promise<Parts> {
  const { database } = house
  const now = () => new Date()
  const ground = { env, log, house, closing, now }
  const stores = await openStores(ground)
  // The pipeline needs the channels and they need it; nothing arrives before both are there.
  const way = await openChannels(ground, stores, (messages) => pipeline.saveInbound(messages))
  const { directory } = way
  const rateOf = (channel: AnyChannel) => env.SEND_RATE ?? channel.limits.rate
  const enviar = createStoreOutbound(directory.limitsOf)
  const turn = turnInForce(house, (settings) =>
    turnParts(env, { ...house, settings }, { enviar, limitsOf: directory.limitsOf }, now),
  )
  const pipeline: Pipeline = createPipeline({ turn, ...directory, ...stores, database, log, rateOf })
  closing.push(sendAtHome(stores.events, directory, pipeline))
  const correo = env.SMTP_URL && env.SMTP_FROM ? createMailer(env.SMTP_URL, env.SMTP_FROM) : undefined
  closing.push(() => correo?.close())
  const proponer: OutboxDeps['proponer'] = (...asked) => createProponer(turn())(...asked)
  return {
    ...stores,
    ...way,
    ...unasked(house, { turn, enviar, limitsOf: directory.limitsOf, wakeSend: pipeline.wakeSend }, now),
    pipeline,
    outbox: { ...outboxDeps(ground, stores, directory), enviar, proponer },
    correo,
    learn: () => turn().learn(),
    rateOf,
    now,
  }
}

async function openStores({ env, log, house, closing, now }: Ground): Promise<Stores> {
  const { database, configuracion, settings } = house
  const events = await listen(database.url, log)
  closing.push(events.close)
  closing.push(configuracion.seguir(events))
  const queues = await openQueues(database.url, env.REDIS_URL, log)
  closing.push(queues.close)
  const files = await openFiles(env.DATA_DIR, env.STORAGE_URL)
  const metrics = createMetrics()
  rowMetrics(metrics, database, queues)
  cuadreMetrica(metrics, database, settings.municipio.zona_horaria, now)
  return { events, queues, files, metrics }
}

async function openChannels(
  { env, log, house, closing, now }: Ground,
  { events, files, metrics }: Stores,
  saveInbound: ChannelContext['saveInbound'],
): Promise<Pick<Parts, 'channels' | 'directory' | 'detalles'>> {
  const { database, settings } = house
  const context: ChannelContext = {
    log,
    saveInbound,
    saveReceipt: createSaveReceipt(database),
    cursor: createCursors(database),
    withLease: createLease(database, log),
    files,
    now,
  }
  const webChat = createWebChat(webChatOptions(env, house, events), context, createWebChatStore(database))
  const savePublic = createSavePublic(database, () => detalles.wake())
  const channels = [webChat, ...(await createChannels({ ...channelSettings(env, house), savePublic }, context))]
  accountMetrics(metrics, database, channels)
  const directory = channelDirectory(channels, settings.municipio.pausa_ms)
  const detalles = createDetalles({ database, channelOf: directory.channelOf, log })
  closing.push(detalles.drain)
  return { channels, directory, detalles }
}

/** Sends what another process wrote for an account whose socket is here. Gives what ends that. */
const sendAtHome = (events: Events, { channelOf }: Parts['directory'], { wakeSend }: Pipeline): (() => void) =>
  events.on('send', (event) => {
    if (event.topic === 'resync' || !('conversation' in event)) return
    if (channelOf(String(event.channel), String(event.account))?.atHome?.()) wakeSend(Number(event.conversation))
  })

const outboxDeps = ({ env, log, house, now }: Ground, { files }: Stores, { channelOf }: Parts['directory']) => ({
  channelOf,
  municipio: house.settings.municipio,
  mensajes: house.settings.mensajes,
  secretKey: house.secretKey,
  publicUrl: env.PUBLIC_URL,
  files,
  log,
  ahora: now,
})

interface Speaking {
  turn: ReturnType<typeof turnInForce>
  enviar: StoreOutbound
  limitsOf: LimitsOf
  wakeSend: Pipeline['wakeSend']
}

/** What is said to a citizen who did not just write. */
function unasked(
  { database, settings }: House,
  { turn, ...speaking }: Speaking,
  now: () => Date,
): Pick<Parts, 'returnToBot' | 'recordarBorradores' | 'volverAlAsistente'> {
  const deps = { database, municipio: settings.municipio, ...speaking }
  return {
    returnToBot: (conversationId) =>
      createReturnToBot({ ...turn(), database, storeOutbound: speaking.enviar, wakeSend: speaking.wakeSend })(
        conversationId,
      ),
    recordarBorradores: () => recordarBorradores({ ...turn(), ...deps }, now()),
    volverAlAsistente: () => volverAlAsistente({ ...turn(), ...deps }, now()),
  }
}

function channelSettings(
  env: Environment,
  { settings, database, secretKey }: House,
): Omit<ChannelSettings, 'savePublic'> {
  return { env, canales: settings.canales, database, secretKey, sentMessage: createSentMessage(database) }
}

function webChatOptions(env: Environment, { settings, secretKey, database }: House, events: Events): WebChatOptions {
  const { municipio, aviso_privacidad, formato } = settings.municipio
  const contactos = [
    { nombre: 'Teléfono', valor: formato.telefono, href: `tel:${formato.telefono}` },
    { nombre: 'Correo', valor: formato.correo, href: `mailto:${formato.correo}` },
    { nombre: 'Domicilio', valor: formato.domicilio },
  ].filter((contacto) => contacto.valor !== '')
  return {
    secretKey,
    publicUrl: env.source.PUBLIC_URL === undefined ? undefined : env.PUBLIC_URL,
    origins: settings.canales['web-chat'].origenes,
    names: { bot: municipio.uac, staff: municipio.uac },
    page: {
      lang: 'es-MX',
      unidad: municipio.uac,
      municipio: municipio.nombre,
      avisoUrl: aviso_privacidad.texto_completo,
      contactos,
    },
    events,
    publish: (event) => publish(database.fork(), event),
  }
}
