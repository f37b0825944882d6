import type { ChannelCases } from './case.ts'
import { botFramework } from './cases/bot-framework.ts'
import { instagram } from './cases/instagram.ts'
import { messenger } from './cases/messenger.ts'
import { telegram } from './cases/telegram.ts'
import { webChat } from './cases/web-chat.ts'
import { whatsapp } from './cases/whatsapp.ts'
import { whatsappCloud } from './cases/whatsapp-cloud.ts'

/** All channels, in the order of docs/conformidad.md. */
export const CHANNELS: ChannelCases[] = [webChat, whatsapp, whatsappCloud, messenger, instagram, telegram, botFramework]
