import type { Environment } from '../../runtime/env.ts'
import { StartupProblem } from '../../runtime/problem.ts'
import { type Canales, configuredRate } from '../canales.ts'
import type { NamedBot } from './connection.ts'
import { isLoopback } from './emulator.ts'

/**
 * The bots whose credentials are there, the environment's first; without any, the Emulator's when it is asked for.
 * @throws {StartupProblem} when the Emulator is asked for beside credentials or where others could pass for it, or two bots are one.
 */
export function configuredBots(env: Environment, canales: Canales): NamedBot[] {
  const bots = [...ownBot(env), ...moreBots(canales)].map((bot) => ({ ...bot, rate: rateOf(bot, env, canales) }))
  refuseTwins(bots)
  if (!env.BOTFRAMEWORK_EMULATOR) return bots
  refuseUnsafeEmulator(env, bots)
  const emulator: NamedBot = { account: 'default' }
  return [{ ...emulator, rate: rateOf(emulator, env, canales) }]
}

function ownBot(env: Environment): NamedBot[] {
  const { BOTFRAMEWORK_APP_ID: appId, BOTFRAMEWORK_APP_PASSWORD: password, BOTFRAMEWORK_APP_TENANT: tenant } = env
  return appId && password ? [{ account: 'default', credentials: { appId, password, tenant } }] : []
}

const moreBots = (canales: Canales): NamedBot[] =>
  canales['bot-framework'].map(({ account, app_id: appId, app_password: password, app_tenant: tenant }) => ({
    account,
    credentials: { appId, password, tenant },
  }))

const rateOf = ({ account }: NamedBot, env: Environment, canales: Canales) =>
  env.SEND_RATE ?? configuredRate(canales, 'bot-framework', account)

/** It could not be told whose an activity is. */
function refuseTwins(bots: NamedBot[]): void {
  const seen = new Map<string, string>()
  for (const { account, credentials } of bots) {
    const id = credentials?.appId ?? ''
    const other = seen.get(id)
    if (other)
      throw new StartupProblem(`The bot-framework accounts ${other} and ${account} have the same app id ${id}.`)
    seen.set(id, account)
  }
}

function refuseUnsafeEmulator({ HOST, PUBLIC_URL }: Environment, bots: NamedBot[]): void {
  const refuse = (why: string) => {
    throw new StartupProblem(`BOTFRAMEWORK_EMULATOR believes whoever reaches it, so ${why}`)
  }
  if (bots.length > 0) refuse('it cannot be true beside bots that have credentials.')
  if (!isLoopback(HOST)) refuse(`HOST must be a loopback address such as 127.0.0.1, and not ${HOST}.`)
  if (!isLoopback(new URL(PUBLIC_URL).hostname))
    refuse(`PUBLIC_URL must be on this machine or left out, and not ${PUBLIC_URL}.`)
}
