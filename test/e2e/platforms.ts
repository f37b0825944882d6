import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FakeGraph } from '../fakes/graph-server.ts'
import { createTelegramServer } from '../fakes/telegram-server.ts'
import { createWhatsappServer } from '../fakes/whatsapp-server.ts'
import { openBotFramework } from './bot-framework-line.ts'
import type { Line } from './citizen.ts'
import { type MetaChannel, metaEnv, openMetaLine } from './meta-line.ts'
import { openTelegramLine } from './telegram-line.ts'
import { openWebChatLine } from './web-chat-line.ts'
import { linkNumber, openWhatsappLine } from './whatsapp-line.ts'

/** The other side of a channel: a server that speaks its protocol, with a citizen on it. */
export interface Platform {
  /** What the program has to know of it. */
  env: Record<string, string>
  /** Once the program runs at `url`. */
  open(url: string): Promise<Line>
  close(): Promise<void>
}

/** What platforms stand on. */
export interface Ground {
  /** For whatever files a platform has to leave for the program. */
  folder: string
  /** One for all channels of Meta's. */
  graph: FakeGraph
}

type Open = (ground: Ground) => Promise<Platform>

const nothing = async () => undefined

const meta =
  (channel: MetaChannel): Open =>
  async ({ graph }) => ({
    env: metaEnv(channel, graph),
    open: async (url) => openMetaLine(channel, url, graph),
    close: nothing,
  })

/** Each channel's other side; none of them knows that it is talked to by a test. */
export const PLATFORMS = {
  'web-chat': async () => ({ env: {}, open: openWebChatLine, close: nothing }),
  async telegram() {
    const telegram = await createTelegramServer()
    return {
      env: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
      open: async () => openTelegramLine(telegram, 5550100),
      close: telegram.close,
    }
  },
  async whatsapp({ folder }) {
    const whatsapp = await createWhatsappServer()
    const authorities = join(folder, 'authorities.pem')
    await writeFile(authorities, whatsapp.certificate)
    return {
      env: {
        WHATSAPP_ENABLED: 'true',
        WHATSAPP_WS_URL: whatsapp.url,
        WHATSAPP_PAIRING_PHONE: '5218330000001',
        NODE_EXTRA_CA_CERTS: authorities,
      },
      async open(url) {
        await linkNumber(url, whatsapp)
        return openWhatsappLine(whatsapp)
      },
      close: whatsapp.close,
    }
  },
  messenger: meta('messenger'),
  instagram: meta('instagram'),
  'whatsapp-cloud': meta('whatsapp-cloud'),
  'bot-framework': openBotFramework,
} satisfies Record<string, Open>

/** A channel that a citizen may write by. */
export type ChannelName = keyof typeof PLATFORMS

/** All of them. */
export const CHANNELS = Object.keys(PLATFORMS).filter((name): name is ChannelName => name in PLATFORMS)
