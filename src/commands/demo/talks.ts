import type { AnyChannel, ChannelLimits } from '../../channels/channel.ts'
import { named, WEB_CHAT } from '../../channels/web-chat/ids.ts'
import type { Turn } from '../../conversation/state.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { turnParts } from '../../turn-parts.ts'
import { handleInbound, type TurnDeps } from '../../workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../workflow/mensajes/inbox.ts'
import { type IngestDeps, ingestAttachment } from '../../workflow/mensajes/ingest-attachment.ts'
import { createStoreOutbound } from '../../workflow/mensajes/store-outbound.ts'
import { answerTo, type Sending } from './answers.ts'
import type { Demo } from './demo.ts'
import { createPhotos } from './photos.ts'
import type { Plan, Vecino } from './plan.ts'
import { settleConversation } from './rows.ts'

/** Questions after which a citizen who still has no folio is one the demo cannot play. */
const PATIENCE = 30

/** Citizens who write: what they send goes the way of every message. */
export interface Talks {
  /** One message and the answer to it. */
  say(vecino: Vecino, sending: Sending): Promise<Turn>
  /** From the first words to the folio; gives the petition's id, undefined for who went away without one. */
  report(plan: Plan, vecino: Vecino): Promise<number | undefined>
  /** As `report`, but the citizen goes away after so many answers. */
  leaveHalfway(plan: Plan, vecino: Vecino, answers: number): Promise<void>
}

/** What the demo's channels can show: buttons for everything, and no waiting. */
export const LIMITS: ChannelLimits = {
  text: 4096,
  caption: 1024,
  options: { max: 20, title: 60 },
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: true,
}

/** What the program did while it was spoken to. */
interface Overheard {
  turn?: Turn | undefined
  /** Of the petition that was registered. */
  folio?: string | undefined
  /** Files on their way. */
  fetching: Promise<unknown>[]
}

export function createTalks(demo: Demo): Talks {
  const heard: Overheard = { fetching: [] }
  const say = createVoice(demo, heard)

  const answer = async (plan: Plan, vecino: Vecino, most: number): Promise<Turn> => {
    heard.folio = undefined
    const wish = { plan, pueblo: demo.pueblo, random: demo.random, photosLeft: plan.fotos }
    let turn = await say(vecino, { kind: 'text', text: plan.texto })
    for (let count = 0; heard.folio === undefined && count < most; count++) {
      const next = answerTo(turn, wish)
      if (!next) break
      turn = await say(vecino, next)
      // A file that is not here yet when its anonymous petition is registered could not be fetched any more.
      if (plan.anonima) await Promise.all(heard.fetching.splice(0))
    }
    await Promise.all(heard.fetching.splice(0))
    return turn
  }

  return {
    say,
    async report(plan, vecino) {
      const turn = await answer(plan, vecino, PATIENCE)
      if (heard.folio === undefined) {
        demo.log.warn(
          { categoria: plan.categoria.codigo, step: turn.conversation.step },
          'somebody of the demo got no folio',
        )
        return undefined
      }
      const em = demo.house.database.fork()
      const row = await sqlOne<{ id: number }>(em, 'select id from peticion where folio = $1', [heard.folio])
      if (!row) throw new Error(`no folio came for: ${plan.texto} (${plan.categoria.codigo})`)
      return row.id
    },
    async leaveHalfway(plan, vecino, answers) {
      await answer(plan, vecino, answers)
    },
  }
}

/** One message at a time: stored, answered, and dated by the demo's clock. */
function createVoice(demo: Demo, heard: Overheard): Talks['say'] {
  let written = 0
  let place = 0
  const saveInbound = createSaveInbound(demo.house.database, (conversationId) => {
    place = conversationId
  })
  const deps = turnDeps(demo, heard)
  return async ({ channel, account, address }, sending) => {
    demo.clock.forward(4 + demo.random.below(25))
    written += 1
    const externalId = channel === WEB_CHAT.channel ? named(address, `m${written}`).externalId : String(written)
    const from = { address }
    await saveInbound([{ channel, account, externalId, from, sentAt: demo.clock.now(), ...sending }])
    heard.turn = undefined
    await handleInbound(deps, place)
    await settleConversation(demo, place)
    if (!heard.turn) throw new Error('a message of the demo was not understood by the program; the log above says why')
    return heard.turn
  }
}

/** The turns of the program itself, overheard. */
function turnDeps(demo: Demo, heard: Overheard): TurnDeps {
  const { env, house, log, clock } = demo
  const parts = turnParts(env, house, { enviar: createStoreOutbound(() => LIMITS), limitsOf: () => LIMITS }, clock.now)
  const ingest = ingestDeps(demo)
  return {
    ...parts,
    database: house.database,
    log,
    limitsOf: () => LIMITS,
    committed: ({ attachments }) => {
      heard.fetching.push(...attachments.map((id) => ingestAttachment(ingest, id)))
    },
    async advance(...args) {
      heard.turn = await parts.advance(...args)
      return heard.turn
    },
    servicesFor(em, conversation) {
      const services = parts.servicesFor(em, conversation)
      return {
        ...services,
        async registrar(...args) {
          const registrada = await services.registrar(...args)
          heard.folio = registrada.folio
          return registrada
        },
      }
    },
  }
}

/** Files are fetched from a channel that draws them. */
function ingestDeps({ house, log, files }: Demo): IngestDeps {
  const photos = createPhotos()
  const channel: AnyChannel = {
    name: 'demo',
    account: 'demo',
    limits: LIMITS,
    send: async () => ({}),
    fetchMedia: async ({ ref }) => ({ body: new Blob([await photos(ref)]).stream() }),
  }
  return { database: house.database, log, files, channelOf: () => channel }
}
