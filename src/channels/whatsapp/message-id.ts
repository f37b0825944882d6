import { createHmac } from 'node:crypto'

/** Makes and recognises the ids of our own messages. */
export interface MessageIds {
  /** Always the same for the same row, so that a repeated send is the same message to WhatsApp. */
  idFor(rowId: string): string
  isOurs(id: string): boolean
}

/** As WhatsApp Web begins its own. */
const PREFIX = '3EB0'
const HALF = 9

/** Ids of 22 characters, as WhatsApp Web makes: the second half vouches for the first, and needs no memory. */
export function createMessageIds(secretKey: string, account: string): MessageIds {
  const digits = (purpose: string, of: string) =>
    createHmac('sha256', secretKey)
      .update(JSON.stringify(['whatsapp id', purpose, account, of]))
      .digest('hex')
      .slice(0, HALF)
      .toUpperCase()
  return {
    idFor(rowId) {
      const half = digits('row', rowId)
      return `${PREFIX}${half}${digits('seal', half)}`
    },
    isOurs(id) {
      const half = id.slice(PREFIX.length, PREFIX.length + HALF)
      return id === `${PREFIX}${half}${digits('seal', half)}`
    },
  }
}
