import { join } from 'node:path'
import type { Database } from '../runtime/database.ts'
import type { Environment } from '../runtime/env.ts'
import type { Canales } from './canales.ts'
import { configuredRate } from './canales.ts'
import type { AnyChannel, ChannelContext, ChannelLimits, SentMessage } from './channel.ts'
import type { SavePublic } from './public-post.ts'

/** What the accounts of all channels are made from. */
export interface ChannelSettings {
  env: Environment
  canales: Canales
  database: Database
  secretKey: string
  sentMessage: SentMessage
  savePublic: SavePublic
}

type Factory = (settings: ChannelSettings, context: ChannelContext) => Promise<AnyChannel[]>

/** One line a channel; an account is on when its credentials are there. */
const REGISTRY: Factory[] = [telegramAccounts, metaAccounts, whatsappAccounts, botFrameworkAccounts]

/** All accounts that are configured, each with the rate and quiet pause that the settings say. */
export async function createChannels(settings: ChannelSettings, context: ChannelContext): Promise<AnyChannel[]> {
  return (await Promise.all(REGISTRY.map((factory) => factory(settings, context)))).flat()
}

/** Limits of an account that is not configured (any more): careful ones, for what may still be written to it. */
const UNKNOWN: ChannelLimits = {
  text: 1000,
  caption: 1000,
  options: 'numbered',
  rate: 1,
  conversationPause: 1000,
  quiet: 0,
  idempotentSend: false,
}

/** Finds accounts and their limits by name; `quiet` (milliseconds by channel) goes over the channel's own. */
export function channelDirectory(channels: AnyChannel[], quiet: Record<string, number>) {
  const byName = new Map(channels.map((channel) => [`${channel.name}/${channel.account}`, channel]))
  const channelOf = (name: string, account: string) => byName.get(`${name}/${account}`)
  const limitsOf = (name: string, account: string): ChannelLimits => {
    const limits = channelOf(name, account)?.limits ?? UNKNOWN
    return { ...limits, quiet: quiet[name] ?? limits.quiet }
  }
  return { channelOf, limitsOf }
}

async function telegramAccounts({ env, canales }: ChannelSettings, context: ChannelContext): Promise<AnyChannel[]> {
  const common = { apiRoot: env.TELEGRAM_API_ROOT, publicUrl: env.PUBLIC_URL }
  const rateOf = (account: string) => env.SEND_RATE ?? configuredRate(canales, 'telegram', account)
  const more = canales.telegram.map(({ account, token, mode, webhook_secret }) => ({
    account,
    token,
    mode,
    webhookSecret: webhook_secret,
  }))
  const own = env.TELEGRAM_BOT_TOKEN
    ? [
        {
          account: 'default',
          token: env.TELEGRAM_BOT_TOKEN,
          mode: env.TELEGRAM_MODE,
          webhookSecret: env.TELEGRAM_WEBHOOK_SECRET,
        },
      ]
    : []
  const bots = [...own, ...more]
  if (bots.length === 0) return []
  // A platform's library is loaded only by whoever uses it.
  const { createTelegram } = await import('./telegram/telegram.ts')
  const counted = (account: string) => (reading: { missing: number }) => {
    if (reading.missing > 0)
      context.log.warn(
        { channel: 'telegram', account, missing: reading.missing },
        'the platform skipped update numbers',
      )
  }
  return bots.map((bot) =>
    createTelegram({ ...common, ...bot, rate: rateOf(bot.account), counted: counted(bot.account) }, context),
  )
}

async function metaAccounts(
  { env, canales, savePublic }: ChannelSettings,
  context: ChannelContext,
): Promise<AnyChannel[]> {
  const { createMeta } = await import('./meta/meta.ts')
  return createMeta({ env, canales, savePublic }, context)
}

async function whatsappAccounts(
  { env, canales, database, secretKey, sentMessage }: ChannelSettings,
  context: ChannelContext,
): Promise<AnyChannel[]> {
  const more = canales.whatsapp.map(({ account, pairing_phone }) => ({ account, pairingPhone: pairing_phone }))
  const own = env.WHATSAPP_ENABLED ? [{ account: 'default', pairingPhone: env.WHATSAPP_PAIRING_PHONE }] : []
  const numbers = [...own, ...more]
  if (numbers.length === 0) return []
  // Baileys is large, and loaded only where a number is configured.
  const { createWhatsapp } = await import('./whatsapp/whatsapp.ts')
  const spoolFolder = join(env.DATA_DIR, 'whatsapp')
  const common = { database, secretKey, sentMessage, serverUrl: env.WHATSAPP_WS_URL, spoolFolder }
  const rateOf = (account: string) => env.SEND_RATE ?? configuredRate(canales, 'whatsapp', account)
  return numbers.map((number) => createWhatsapp({ ...common, ...number, rate: rateOf(number.account) }, context))
}

async function botFrameworkAccounts(
  { env, canales, database, secretKey }: ChannelSettings,
  context: ChannelContext,
): Promise<AnyChannel[]> {
  const { configuredBots } = await import('./bot-framework/settings.ts')
  const bots = configuredBots(env, canales)
  if (bots.length === 0) return []
  // botbuilder takes 55 MB: only who has a bot pays for it.
  const { createBotFramework } = await import('./bot-framework/bot-framework.ts')
  const { BOTFRAMEWORK_OPENID_URL: openIdUrl, BOTFRAMEWORK_LOGIN_URL: loginUrl } = env
  const isReached = env.source.PUBLIC_URL !== undefined || env.BOTFRAMEWORK_EMULATOR
  const publicUrl = isReached ? env.PUBLIC_URL : undefined
  return createBotFramework({ bots, openIdUrl, loginUrl, publicUrl, secretKey, database }, context)
}
