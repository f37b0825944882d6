import { CloudAdapter } from 'botbuilder'
import type { FastifyInstance } from 'fastify'
import type { Database } from '../../runtime/database.ts'
import type { AnyChannel, ChannelContext, ChannelLimits } from '../channel.ts'
import type { Incoming } from './activity.ts'
import { createAuthentication } from './authentication.ts'
import { type BotConnection, connect, type NamedBot } from './connection.ts'
import { MOST } from './downstream.ts'
import { createSentFiles, type SentFiles } from './files.ts'
import { fromActivity } from './from-activity.ts'
import { keepInline } from './media.ts'
import { addressOf, referenceOf } from './references.ts'
import { toActivity, typingIn } from './to-activity.ts'
import { addWebhook } from './webhook.ts'

/** What the bots are made from. */
export interface BotFrameworkOptions {
  /** At least one; a bot without credentials is the Emulator's, and alone. */
  bots: NamedBot[]
  openIdUrl: string
  loginUrl: string
  /** Where channels reach us; undefined when nobody said. */
  publicUrl: string | undefined
  secretKey: string
  database: Pick<Database, 'fork'>
}

/**
 * What every channel behind Azure takes: 1,600 characters of an SMS hold a text with ten options as lines below it. Teams allows 50
 * messages a second to a bot and 60 in half a minute to a conversation
 * (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit).
 */
const LIMITS: ChannelLimits = {
  text: 1000,
  // Not every channel shows words beside a file.
  caption: 0,
  options: MOST,
  links: 'text',
  rate: 30,
  conversationPause: 500,
  quiet: 1200,
  idempotentSend: false,
}

/** All bots as channel accounts; the first brings the one address that activities come to. */
export function createBotFramework(options: BotFrameworkOptions, context: ChannelContext): AnyChannel[] {
  const { secretKey, publicUrl } = options
  const files = createSentFiles({ secretKey, publicUrl, context })
  const connections = options.bots.map((bot) => connect(bot, options, context))
  return connections.map((connection, index) => ({
    ...channelOf(connection, files, context),
    ...(index === 0 && {
      routes: async (app: FastifyInstance) => addRoutes(app, options, connections, files, context),
    }),
  }))
}

function channelOf(connection: BotConnection, files: SentFiles, { log }: ChannelContext): AnyChannel {
  const { bot, connector, references, health, tokens, media } = connection
  const { account, rate = LIMITS.rate } = bot
  return {
    name: 'bot-framework',
    account,
    limits: { ...LIMITS, rate, conversationPause: rate === 0 ? 0 : LIMITS.conversationPause },
    async send({ to, message }, signal) {
      const reference = await references.find(to)
      const file = message.media && (await files.describe(message.media, reference.channelId))
      const id = await connector.post(reference, toActivity(reference, message, file), signal)
      return id === undefined ? {} : { providerId: id }
    },
    async typing(address, signal) {
      try {
        const reference = await references.find(address)
        await connector.post(reference, typingIn(reference), signal)
      } catch (error) {
        log.debug({ err: error, channel: 'bot-framework', account }, 'a courtesy failed')
      }
    },
    async check(signal) {
      await tokens.get(signal)
    },
    health: health.current,
    ...media,
  }
}

function addRoutes(
  app: FastifyInstance,
  { openIdUrl, loginUrl }: BotFrameworkOptions,
  connections: BotConnection[],
  files: SentFiles,
  context: ChannelContext,
): void {
  const appIds = connections.flatMap(({ bot }) => bot.credentials?.appId ?? [])
  const keys = (there: boolean) => {
    for (const { health } of connections) health.noteKeys(there)
  }
  const { authenticate, authentication } = createAuthentication({ appIds, openIdUrl, loginUrl, keys })
  files.routes(app)
  addWebhook(app, {
    adapter: new CloudAdapter(authentication),
    authenticate,
    emulator: appIds.length === 0,
    receive: async (activity, appId) => {
      const connection = connections.find(({ bot }) => bot.credentials?.appId === appId)
      if (connection) await receive(activity, connection, context)
    },
  })
}

/** Where to answer is kept before what was said: a message that is stored can be answered. Resolves after the commits. */
async function receive(
  activity: Incoming,
  { bot: { account }, references }: BotConnection,
  context: ChannelContext,
): Promise<void> {
  const received = fromActivity(activity, { account, now: context.now() })
  if ('ignored' in received) {
    const { channelId } = activity
    context.log.info(
      { channel: 'bot-framework', account, channelId, reason: received.ignored },
      'an activity was ignored',
    )
    return
  }
  const message = await keepInline(context, received.message)
  await references.save(addressOf(activity), referenceOf(activity), message.sentAt)
  await context.saveInbound([message])
}
