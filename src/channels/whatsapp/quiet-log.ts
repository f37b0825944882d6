import type { SocketConfig } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'

/** Baileys logs whole messages, telephones and keys: only its sentences reach our log, without numbers. */
export function quietLog(log: Logger, account: string): SocketConfig['logger'] {
  const say = (level: 'debug' | 'warn') => (what: unknown, sentence?: string) => {
    const text = sentence ?? (typeof what === 'string' ? what : '')
    if (text) log[level]({ channel: 'whatsapp', account }, `Baileys: ${text.replace(/\d{5,}/g, '…')}`)
  }
  const nothing = () => undefined
  const quiet: SocketConfig['logger'] = {
    level: 'warn',
    child: () => quiet,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: say('debug'),
    error: say('warn'),
  }
  return quiet
}
