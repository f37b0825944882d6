import { jidNormalizedUser, type WAMessageKey } from '@whiskeysockets/baileys'

/**
 * The identity of a message: chat, participant and id. The id alone is chosen by the sender, and one citizen could hide another's.
 */
export function externalIdOf({ remoteJid, participant, id, fromMe }: WAMessageKey): string {
  const chat = jidNormalizedUser(remoteJid ?? undefined)
  const author = fromMe ? 'me' : jidNormalizedUser(participant ?? undefined)
  return `${chat}/${author}/${id ?? ''}`
}
