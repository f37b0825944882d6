import type { Environment } from '../../runtime/env.ts'
import { StartupProblem } from '../../runtime/problem.ts'
import { type Canales, type ConfiguredChannel, configuredRate, type MetaProfile } from '../canales.ts'
import type { AnyChannel, ChannelContext } from '../channel.ts'
import type { SavePublic } from '../public-post.ts'
import type { GraphPlace, MetaAccount, MetaChannel } from './account.ts'
import { createInstagram, createMessenger } from './messaging.ts'
import { addWebhook } from './webhook.ts'
import { createWhatsAppCloud } from './whatsapp-cloud.ts'

/** What the accounts are made from. */
export interface MetaSettings {
  env: Environment
  canales: Canales
  savePublic: SavePublic
}

type Factory = (account: MetaAccount, place: GraphPlace, context: ChannelContext, profile: MetaProfile) => MetaChannel

const FACTORIES = {
  messenger: createMessenger,
  instagram: createInstagram,
  'whatsapp-cloud': createWhatsAppCloud,
} satisfies Partial<Record<ConfiguredChannel, Factory>>

type MetaChannelName = keyof typeof FACTORIES

/**
 * All accounts of Meta's that are configured; the first of them brings the one webhook.
 * @throws {StartupProblem} when config/canales.yaml lists accounts and the app's secret or the webhook's token is missing, or two
 * accounts are the same.
 */
export function createMeta(settings: MetaSettings, context: ChannelContext): AnyChannel[] {
  const {
    META_APP_SECRET: appSecret,
    META_VERIFY_TOKEN: verifyToken,
    META_GRAPH_URL,
    META_GRAPH_VERSION,
  } = settings.env
  const named = namedAccounts(settings)
  if (!appSecret || !verifyToken) {
    const [list] = named
    if (!list) return []
    const missing = appSecret ? 'META_VERIFY_TOKEN' : 'META_APP_SECRET'
    throw new StartupProblem(`${missing} must be set for the ${list.name} accounts of config/canales.yaml.`)
  }
  const place = { root: META_GRAPH_URL, version: META_GRAPH_VERSION }
  const accounts = configuredAccounts(settings).map(({ name, account }) => {
    const rate = settings.env.SEND_RATE ?? configuredRate(settings.canales, name, account.account)
    return FACTORIES[name]({ ...account, rate }, place, context, settings.canales.meta)
  })
  refuseTwins(accounts)
  return accounts.map(({ channel }, index) =>
    index === 0
      ? {
          ...channel,
          routes: (app) =>
            addWebhook(app, { appSecret, verifyToken, accounts, context, savePublic: settings.savePublic }),
        }
      : channel,
  )
}

/** An account as the settings have it, before it is a channel. */
export interface ConfiguredAccount {
  name: MetaChannelName
  account: MetaAccount
}

/** All accounts whose credentials are there, the environment's first. */
export const configuredAccounts = (settings: Omit<MetaSettings, 'savePublic'>): ConfiguredAccount[] => [
  ...defaultAccounts(settings.env),
  ...namedAccounts(settings),
]

function namedAccounts({ canales }: Pick<MetaSettings, 'canales'>): ConfiguredAccount[] {
  const messenger = canales.messenger.map(({ account, page_id: id, page_token: token }) => ({ account, id, token }))
  const instagram = canales.instagram.map(({ account, instagram_id: id, token }) => ({ account, id, token }))
  const whatsapp = canales['whatsapp-cloud'].map(({ account, phone_id: id, token }) => ({ account, id, token }))
  const named = (name: MetaChannelName) => (account: MetaAccount) => ({ name, account })
  return [
    ...messenger.map(named('messenger')),
    ...instagram.map(named('instagram')),
    ...whatsapp.map(named('whatsapp-cloud')),
  ]
}

/** The accounts of the environment; a page's token also speaks for the Instagram account that belongs to it. */
function defaultAccounts(env: Environment): ConfiguredAccount[] {
  const given: [MetaChannelName, string | undefined, string | undefined][] = [
    ['messenger', env.MESSENGER_PAGE_ID, env.MESSENGER_PAGE_TOKEN],
    ['instagram', env.INSTAGRAM_ACCOUNT_ID, env.MESSENGER_PAGE_TOKEN],
    ['whatsapp-cloud', env.WHATSAPP_CLOUD_PHONE_ID, env.WHATSAPP_CLOUD_TOKEN],
  ]
  return given.flatMap(([name, id, token]) =>
    id && token ? [{ name, account: { account: 'default', id, token } }] : [],
  )
}

/** An event could not be told whose it is. */
function refuseTwins(accounts: MetaChannel[]): void {
  const seen = new Map<string, string>()
  for (const { id, channel } of accounts) {
    const key = `${channel.name} ${id}`
    const other = seen.get(key)
    if (other) {
      throw new StartupProblem(`The ${channel.name} accounts ${other} and ${channel.account} have the same id ${id}.`)
    }
    seen.set(key, channel.account)
  }
}
