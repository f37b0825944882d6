import { jidDecode } from '@whiskeysockets/baileys'
import { createPhone, type Phone } from './telephone.ts'

/** Everybody whom the server knows: each has a number, a LID and a telephone. */
export interface People {
  /** The part of their LID before the @, by any of their addresses. */
  userOf(jid: string): string
  lidOf(jid: string): string
  phoneOf(jid: string): Phone
}

/** `7001@lid` and `5218330001@s.whatsapp.net` are the same person. */
export function createPeople(): People {
  const phones = new Map<string, Phone>()
  const userOf = (jid: string) => {
    const user = jidDecode(jid)?.user ?? jid
    return user.startsWith('521833') ? user.slice(6).replace(/^0/, '7') : user
  }
  const lidOf = (jid: string) => `${userOf(jid)}@lid`
  return {
    userOf,
    lidOf,
    phoneOf(jid) {
      const phone = phones.get(userOf(jid)) ?? createPhone(lidOf(jid))
      phones.set(userOf(jid), phone)
      return phone
    },
  }
}
