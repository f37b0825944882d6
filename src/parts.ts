import type { Logger } from 'pino'
import type { AnyChannel, ChannelContext } from './channels/channel.ts'
import { type ChannelSettings, channelDirectory, createChannels } from './channels/registry.ts'
import type { WebChatOptions } from './channels/web-chat/options.ts'
import { createWebChat } from './channels/web-chat/web-chat.ts'
import { createConversations } from './conversation/flows/conversations.ts'
import { createWebChatStore } from './conversation/web-chat-store.ts'
import type { House } from './house.ts'
import type { Environment } from './runtime/env.ts'
import { type Events, listen, publish } from './runtime/events.ts'
import { type Files, openFiles } from './runtime/files.ts'
import { createLease } from './runtime/lease.ts'
import { createMailer, type Mailer } from './runtime/mail.ts'
import { createMetrics, type Metrics } from './runtime/metrics.ts'
import { openQueues, type Queues } from './runtime/queue.ts'
import type { Settings } from './settings.ts'
import { createReturnToBot } from './workflow/atencion/return-to-bot.ts'
import { volverAlAsistente } from './workflow/atencion/volver-al-asistente.ts'
import { recordarBorradores } from './workflow/borradores/recordar-borradores.ts'
import { vistasDeCatalogo } from './workflow/catalogo/vistas-de-catalogo.ts'
import { cuadreMetrica } from './workflow/cuadre/cuadre-metrica.ts'
import { createCursors, createSaveReceipt, createSentMessage } from './workflow/mensajes/channel-rows.ts'
import { accountMetrics } from './workflow/mensajes/keep-account-states.ts'
import { createPipeline, type Pipeline } from './workflow/mensajes/pipeline.ts'
import { createProponer } from './workflow/mensajes/proponer.ts'
import { createStoreOutbound, type LimitsOf, type StoreOutbound } from './workflow/mensajes/store-outbound.ts'
import { createSavePublic } from './workflow/redes/guardar.ts'
import { createDetalles, type Detalles } from './workflow/redes/leer-detalles.ts'
import type { OutboxDeps } from './workflow/run-outbox.ts'
import { servicesFor } from './workflow/services.ts'
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

/** Opens connections and builds the channels and the way of a message; nothing receives or works yet. */
export async function openParts(env: Environment, log: Logger, house: House, closing: Closing): Promise<Parts> {
  const { database, settings } = house
  const now = () => new Date()
  const events = await listen(database.url, log)
  closing.push(events.close)
  closing.push(house.configuracion.seguir(events))
  const queues = await openQueues(database.url, env.REDIS_URL, log)
  closing.push(queues.close)
  const files = await openFiles(env.DATA_DIR, env.STORAGE_URL)
  const metrics = createMetrics()
  rowMetrics(metrics, database, queues)
  cuadreMetrica(metrics, database, settings.municipio.zona_horaria, now)

  const context: ChannelContext = {
    log,
    // The pipeline needs the channels and they need it; nothing arrives before both are there.
    saveInbound: (messages) => pipeline.saveInbound(messages),
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
  const rateOf = (channel: AnyChannel) => env.SEND_RATE ?? channel.limits.rate

  const storeOutbound = createStoreOutbound(directory.limitsOf)
  const turn = turnInForce(house, (settings) =>
    turnParts(env, { ...house, settings }, { enviar: storeOutbound, ...directory }, now),
  )
  const pipeline: Pipeline = createPipeline({
    turn,
    ...directory,
    database,
    log,
    queues,
    metrics,
    files,
    rateOf,
  })
  closing.push(
    events.on('send', (event) => {
      if (event.topic === 'resync' || !('conversation' in event)) return
      const channel = directory.channelOf(String(event.channel), String(event.account))
      if (channel?.atHome?.()) pipeline.wakeSend(Number(event.conversation))
    }),
  )
  const outbox: OutboxDeps = {
    enviar: storeOutbound,
    channelOf: directory.channelOf,
    municipio: settings.municipio,
    mensajes: settings.mensajes,
    secretKey: house.secretKey,
    publicUrl: env.PUBLIC_URL,
    files,
    log,
    ahora: now,
    proponer: (...asked) => createProponer(turn())(...asked),
  }
  const correo = env.SMTP_URL && env.SMTP_FROM ? createMailer(env.SMTP_URL, env.SMTP_FROM) : undefined
  closing.push(() => correo?.close())
  const returnToBot = (conversationId: number) =>
    createReturnToBot({ ...turn(), database, storeOutbound, wakeSend: pipeline.wakeSend })(conversationId)
  const recordando = {
    database,
    municipio: settings.municipio,
    limitsOf: directory.limitsOf,
    enviar: storeOutbound,
    wakeSend: pipeline.wakeSend,
  }
  return {
    events,
    files,
    queues,
    metrics,
    channels,
    directory,
    pipeline,
    outbox,
    correo,
    detalles,
    returnToBot,
    recordarBorradores: () => recordarBorradores({ ...turn(), ...recordando }, now()),
    volverAlAsistente: () => volverAlAsistente({ ...turn(), ...recordando }, now()),
    learn: () => turn().learn(),
    rateOf,
    now,
  }
}

function channelSettings(
  env: Environment,
  { settings, database, secretKey }: House,
): Omit<ChannelSettings, 'savePublic'> {
  return { env, canales: settings.canales, database, secretKey, sentMessage: createSentMessage(database) }
}

/** The parts of a turn for what is in force; a new configuration is learnt before it is, so that no turn waits for that. */
function turnInForce({ configuracion }: House, make: (settings: Settings) => ReturnType<typeof turnParts>) {
  let current = make(configuracion.actual())
  configuracion.alCambiar((settings) => {
    const next = make(settings)
    next.learn()
    current = next
  })
  return () => current
}

/** Learns what turns will need, for whoever has time before the parts are made; the same settings are not learnt twice. */
export function learnAhead({ PUBLIC_URL }: Environment, settings: Settings): void {
  createConversations(settings, PUBLIC_URL).learn(vistasDeCatalogo(settings.catalogo))
}

/** The engine with this town's flows, and what a turn may ask of the rows. */
export function turnParts(
  env: Environment,
  house: Pick<House, 'settings' | 'secretKey'>,
  { enviar, limitsOf }: { enviar: StoreOutbound; limitsOf: LimitsOf },
  now: () => Date,
) {
  const { settings, secretKey } = house
  const { advance, returnToBot, propose, remind, release, isFreeText, apology, learn } = createConversations(
    settings,
    env.PUBLIC_URL,
  )
  const deps = {
    ...vistasDeCatalogo(settings.catalogo),
    municipio: settings.municipio,
    mensajes: settings.mensajes,
    secretKey,
    publicUrl: env.PUBLIC_URL,
    enviar,
    limitsOf,
    ahora: now,
  }
  return {
    advance,
    returnToBot,
    propose,
    remind,
    release,
    isFreeText,
    apology,
    learn: () => learn(deps),
    servicesFor: (em: Parameters<typeof servicesFor>[0], conversation: Parameters<typeof servicesFor>[1]) =>
      servicesFor(em, conversation, deps),
  }
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
