import type { InboundMessage } from '../../src/channels/message.ts'
import { createConversations } from '../../src/conversation/flows/conversations.ts'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../src/settings.ts'
import { handleInbound } from '../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../src/workflow/mensajes/inbox.ts'
import { servicesFor } from '../../src/workflow/services.ts'
import { ayuntamiento } from './ayuntamiento.ts'
import { said, turnDeps } from './way-fixture.ts'

const settings = await readSettings(CONFIG_FOLDER, {})
const { advance } = createConversations(settings, 'https://uac.example')

/** A town whose assistant is the program's own, and accounts that talk with it. */
export async function pueblo() {
  const town = await ayuntamiento()
  const { database } = town
  let later = 0
  const ahora = () => new Date(Date.now() + later)
  const services = { ...town.services, ahora }
  const deps = {
    ...turnDeps(database, advance).deps,
    servicesFor: (em: Parameters<typeof servicesFor>[0], turno: Parameters<typeof servicesFor>[1]) =>
      servicesFor(em, turno, services),
  }
  const save = createSaveInbound(database, () => undefined)

  const cuenta = (channel: string, address: string) => {
    const row = async () => {
      const found = await sqlOne<{ id: number; addressId: number; ciudadanoId: number | null }>(
        database.fork(),
        `select c.id, a.id as "addressId", a.ciudadano_id as "ciudadanoId"
           from conversation c join address a on a.id = c.address_id where a.channel = $1 and a.external_id = $2`,
        [channel, address],
      )
      if (!found) throw new Error('nobody wrote from there')
      return found
    }
    const write = (text: string, more: Partial<InboundMessage> = {}) =>
      save([said(address, text, { channel, sentAt: new Date(), ...more })])
    /** What was answered, in one text. */
    const say = async (text: string, more: Partial<InboundMessage> = {}) => {
      await write(text, more)
      const { id } = await row()
      const [before] = await sql<{ seq: number }>(
        database.fork(),
        'select last_seq as seq from conversation where id = $1',
        [id],
      )
      await handleInbound(deps, id)
      const replies = await sql<{ text: string }>(
        database.fork(),
        `select concat(body->>'text', body->'options') as text from message where conversation_id = $1 and direction = 'out' and seq > $2 order by seq`,
        [id, before?.seq],
      )
      return replies.map(({ text }) => text).join('\n')
    }
    const talk = async (...texts: string[]) => {
      let last = ''
      for (const text of texts) last = await say(text)
      return last
    }
    /** Answers whatever is asked until there is a folio, leaving out what may be left out. */
    const acabar = async (): Promise<string> => {
      for (let turn = 0; turn < 15; turn++) {
        const { step, shown } = await question()
        const heard =
          step === 'resumen'
            ? await say('registrar')
            : step === 'calle' || !shown.at(-1)
              ? await say('calle Hidalgo 12')
              : await say('', { kind: 'choice', choice: { id: shown.at(-1) ?? '' } })
        const folio = /UAC-\d\d-\d+-\d/.exec(heard)?.[0]
        if (folio) return folio
      }
      throw new Error('no folio was given')
    }
    const question = async () => {
      const found = await sqlOne<{ step: string | null; shown: string[] }>(
        database.fork(),
        `select step, coalesce(answers->'_'->'shown', '[]') as shown from conversation where id = $1`,
        [(await row()).id],
      )
      if (!found) throw new Error('there is no conversation')
      return found
    }
    /** A petition told until the place is known, and a code for it. */
    const codigo = async () => codigoEn(await talk('hay un bache en mi calle', 'acepto', 'Miramar', 'otro canal'))
    return { row, write, say, talk, codigo, acabar }
  }
  return {
    ...town,
    cuenta,
    pasan: (minutes: number) => (later += minutes * 60_000),
    turn: (id: number) => handleInbound(deps, id),
  }
}

/** The code in what was answered. */
export const codigoEn = (text: string) => /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)?.[0] ?? 'no code'
