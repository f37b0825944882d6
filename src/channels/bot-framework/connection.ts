import type { Database } from '../../runtime/database.ts'
import type { AnyChannel, ChannelContext } from '../channel.ts'
import { type Connector, createConnector } from './connector.ts'
import { type BotHealth, createHealth } from './health.ts'
import { createMedia } from './media.ts'
import { createReferences, type References } from './references.ts'
import { type BotCredentials, createTokens, NO_TOKEN, type TokenSource } from './token.ts'

/** A bot under the name of its account. */
export interface NamedBot {
  /** `default`, or a name from config/canales.yaml. */
  account: string
  /** None for the Emulator. */
  credentials?: BotCredentials
  /** Messages a second, instead of ours; 0 lifts the limits. */
  rate?: number | undefined
}

/** What one account calls and remembers. */
export interface BotConnection {
  bot: NamedBot
  tokens: TokenSource
  connector: Connector
  references: References
  health: BotHealth
  media: Pick<AnyChannel, 'fetchMedia' | 'releaseMedia'>
}

/** The parts of one bot. */
export function connect(
  bot: NamedBot,
  { loginUrl, database }: { loginUrl: string; database: Pick<Database, 'fork'> },
  context: ChannelContext,
): BotConnection {
  const { now } = context
  const health = createHealth(bot.credentials ? 'ready' : 'emulator', now)
  const tokens = bot.credentials ? createTokens(bot.credentials, { loginUrl, now }) : NO_TOKEN
  return {
    bot,
    tokens,
    connector: createConnector({ tokens, now, outcome: health.note }),
    references: createReferences(database, bot.account),
    health,
    media: createMedia(context, tokens),
  }
}
