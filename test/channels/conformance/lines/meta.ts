import type { AnyChannel } from '../../../../src/channels/channel.ts'
import { splitMessage } from '../../../../src/channels/split-message.ts'
import { createHttpServer } from '../../../../src/runtime/http.ts'
import { createGraphServer, type GraphAnswer, graphError } from '../../../fakes/graph-server.ts'
import { createAccounts, databaseAway, ENVIRONMENT, signature } from '../../meta/context.ts'
import type { FailureKind } from '../kinds.ts'
import { enough, type Line, type Manner, someFile } from '../line.ts'
import { FILE_KEY } from '../said.ts'

const refused = (code: number, more: object = {}, status = 400): GraphAnswer => ({
  status,
  body: graphError(code, more),
})

/** How the Graph API behaves in each failure. */
const WAYS: Record<'messaging' | 'whatsapp', Record<FailureKind, GraphAnswer>> = {
  messaging: {
    throttled: refused(613),
    blocked: refused(551, { error_subcode: 1545041 }),
    refused: refused(100),
    unauthorized: refused(190, {}, 401),
    unavailable: refused(2, { is_transient: true }, 500),
    outsideWindow: refused(10, { error_subcode: 2018278 }),
    lost: 'drop',
    expired: { status: 403, body: {} },
  },
  whatsapp: {
    throttled: refused(130429),
    blocked: refused(131026),
    refused: refused(131009),
    unauthorized: refused(190, {}, 401),
    unavailable: refused(131016, {}, 500),
    outsideWindow: refused(131047),
    lost: 'drop',
    expired: refused(100, { error_subcode: 33 }),
  },
}

/** What the settings of the tests allow outside the window. */
const SETTINGS = {
  meta: {
    lista: 'Ver opciones',
    agente_humano: true,
    plantilla_messenger: { nombre: 'aviso_de_folio', idioma: 'es_MX', parametros: ['{texto}'] },
    plantilla: { nombre: 'aviso_de_folio', idioma: 'es_MX', parametros: ['{texto}', 'Altamira'] },
  },
}

/** One account of Meta's behind the one webhook, against a Graph API over HTTP; `to` is a citizen. */
export function openMeta(name: 'messenger' | 'instagram' | 'whatsapp-cloud', to: string): () => Promise<Line> {
  return async () => {
    const graph = await createGraphServer()
    const accounts = createAccounts({ ...ENVIRONMENT, META_GRAPH_URL: graph.url }, SETTINGS)
    const channel = accounts.channelOf(name)
    const app = await createHttpServer({ log: accounts.context.log, trustProxy: false })
    for (const one of accounts.channels) await one.routes?.(app)
    const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/webhooks/meta`
    accounts.files.set(FILE_KEY, Buffer.from('bytes'))
    const post = (body: string, manner: Manner) => posted(url, body, manner)
    const ways = WAYS[name === 'whatsapp-cloud' ? 'whatsapp' : 'messaging']
    return {
      channel,
      stored: async () => [...accounts.inbox],
      receipts: () => [...accounts.receipts],
      forget: async () => accounts.forget(),
      deliver: async (payload) => (await post(JSON.stringify(payload), 'signed')) === 200,
      post,
      database: (away) => away && accounts.failSaves(databaseAway()),
      async say(message, { byStaff, late }) {
        const before = graph.calls.length
        for (const part of splitMessage(message, channel.limits)) {
          const delivery = { id: '1', to, message: part, ...(byStaff && { byStaff }) }
          if (!late) await channel.send(delivery, enough())
          else await outside(channel)(delivery)?.(enough())
        }
        return graph.calls.slice(before).map(({ path, body }) => ({ path, body }))
      },
      async fail(kind) {
        graph.answer(ways[kind])
        if (kind !== 'expired') return channel.send({ id: '1', to, message: { text: 'Hola' } }, enough())
        const ref = name === 'whatsapp-cloud' ? '1013' : `${graph.url}/photo.jpg`
        return channel.fetchMedia?.(someFile(ref), enough())
      },
      async [Symbol.asyncDispose]() {
        await app.close()
        await graph.close()
      },
    }
  }
}

function outside({ outsideWindow }: AnyChannel): NonNullable<AnyChannel['outsideWindow']> {
  if (!outsideWindow) throw new Error('the channel has no window')
  return outsideWindow
}

async function posted(url: string, body: string, manner: Manner): Promise<number | 'closed'> {
  const headers: Record<Manner, Record<string, string>> = {
    signed: { 'x-hub-signature-256': signature(body) },
    unsigned: {},
    forged: { 'x-hub-signature-256': signature(body, 'otro') },
  }
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers[manner] },
  }).catch(() => undefined)
  return answer?.status ?? 'closed'
}
