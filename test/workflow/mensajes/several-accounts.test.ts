import { describe, expect, it, onTestFinished } from 'vitest'
import { readStatus } from '../../../src/channels/whatsapp/status.ts'
import { createWhatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'
import { until } from '../../../src/runtime/until.ts'
import { APP_SECRET, signature } from '../../channels/meta/context.ts'
import { QUICK } from '../../channels/whatsapp/number.ts'
import { SECRET_KEY } from '../../channels/whatsapp/vault.ts'
import { createGraphServer } from '../../fakes/graph-server.ts'
import { createTelegramBots } from '../../fakes/telegram-bots.ts'
import { createWhatsappServer } from '../../fakes/whatsapp-server.ts'
import { conversations, emptyTown, startProcess, type TestProcess } from '../accounts-fixture.ts'

const CITIZEN = 712345678

const written = (updateId: number, text: string) => ({
  update_id: updateId,
  message: {
    message_id: updateId,
    from: { id: CITIZEN, is_bot: false, first_name: 'Persona de Prueba' },
    chat: { id: CITIZEN, type: 'private', first_name: 'Persona de Prueba' },
    date: Math.floor(Date.now() / 1000),
    text,
  },
})

describe('two Telegram bots', () => {
  const TOKENS = ['4242:the-first', '4343:the-second'] as const
  const YAML = `
telegram:
  - account: comapa
    token: \${TELEGRAM_TOKEN_COMAPA}
    mode: MODE
    webhook_secret: secret-of-comapa
`
  async function start(mode: 'polling' | 'webhook') {
    const fake = await createTelegramBots(...TOKENS)
    onTestFinished(fake.close)
    const variables = {
      TELEGRAM_API_ROOT: fake.url,
      TELEGRAM_BOT_TOKEN: TOKENS[0],
      TELEGRAM_TOKEN_COMAPA: TOKENS[1],
      TELEGRAM_MODE: mode,
      TELEGRAM_WEBHOOK_SECRET: 'secret-of-default',
      PUBLIC_URL: 'https://atencion.ejemplo.gob.mx',
    }
    const town = await startProcess(await emptyTown(), { variables, yaml: YAML.replace('MODE', mode) })
    const [first, second] = fake.bots
    if (!first || !second) throw new Error('there are two bots')
    return { town, first, second }
  }
  const heard = (bot: { sent(): { payload: Record<string, unknown> }[] }) =>
    bot.sent().map(({ payload }) => payload.text)

  it('are read each by its own polling, and each answers what it was told', async () => {
    const { town, first, second } = await start('polling')
    town.run()
    first.push(written(1, 'a la primera'))
    second.push(written(1, 'a la segunda'))
    await until(() => heard(first).length > 0 && heard(second).length > 0)
    expect([heard(first), heard(second)]).toEqual([['eco: a la primera'], ['eco: a la segunda']])
    expect(await conversations(town.database)).toEqual({
      [`telegram/default ${CITIZEN}`]: ['in a la primera', 'out eco: a la primera'],
      [`telegram/comapa ${CITIZEN}`]: ['in a la segunda', 'out eco: a la segunda'],
    })
  })

  it('have each a webhook of their own, with a secret of its own', async () => {
    const { town, first, second } = await start('webhook')
    first.openChat(CITIZEN)
    second.openChat(CITIZEN)
    const deliver = (path: string, secret: string, update: object) =>
      town.app.inject({
        method: 'POST',
        url: `/webhooks/telegram${path}`,
        headers: { 'x-telegram-bot-api-secret-token': secret },
        payload: update,
      })
    expect((await deliver('', 'secret-of-default', written(1, 'uno'))).statusCode).toBe(200)
    expect((await deliver('/comapa', 'secret-of-comapa', written(1, 'dos'))).statusCode).toBe(200)
    expect((await deliver('/comapa', 'secret-of-default', written(2, 'ajeno'))).statusCode).toBe(401)
    expect((await deliver('', 'secret-of-comapa', written(2, 'ajeno'))).statusCode).toBe(401)
    expect((await deliver('/otra', 'secret-of-comapa', written(2, 'ajeno'))).statusCode).toBe(404)
    await until(() => heard(first).length > 0 && heard(second).length > 0)
    expect([heard(first), heard(second)]).toEqual([['eco: uno'], ['eco: dos']])
    town.run()
    await until(() => first.webhook() !== undefined && second.webhook() !== undefined)
    expect([first.webhook()?.url, second.webhook()?.url]).toEqual([
      'https://atencion.ejemplo.gob.mx/webhooks/telegram',
      'https://atencion.ejemplo.gob.mx/webhooks/telegram/comapa',
    ])
  })
})

describe("two of Meta's accounts of one kind", () => {
  const YAML = `
messenger:
  - account: dif
    page_id: "2002"
    page_token: \${MESSENGER_TOKEN_DIF}
whatsapp-cloud:
  - account: avisos
    phone_id: "4004"
    token: \${WHATSAPP_CLOUD_TOKEN_AVISOS}
`
  async function start() {
    const graph = await createGraphServer()
    onTestFinished(graph.close)
    const variables = {
      META_GRAPH_URL: graph.url,
      META_APP_SECRET: APP_SECRET,
      META_VERIFY_TOKEN: 'verify',
      MESSENGER_PAGE_ID: '1001',
      MESSENGER_PAGE_TOKEN: 'token-of-1001',
      MESSENGER_TOKEN_DIF: 'token-of-2002',
      WHATSAPP_CLOUD_PHONE_ID: '3003',
      WHATSAPP_CLOUD_TOKEN: 'token-of-3003',
      WHATSAPP_CLOUD_TOKEN_AVISOS: 'token-of-4004',
    }
    const town = await startProcess(await emptyTown(), { variables, yaml: YAML })
    const deliver = (body: object) => post(town, body)
    /** What was said, with which token. */
    const said = () =>
      graph.calls
        .filter(({ method, body }) => method === 'POST' && /eco/.test(JSON.stringify(body)))
        .map(({ path, token, body }) => `${path} ${token} ${/eco: [^"]*/.exec(JSON.stringify(body))?.[0]}`)
        .toSorted()
    return { town, deliver, said }
  }
  const at = Date.now()
  const toPage = (page: string, text: string) => ({
    id: page,
    time: at,
    messaging: [
      { sender: { id: 'psid-1' }, recipient: { id: page }, timestamp: at, message: { mid: `m-${page}-${text}`, text } },
    ],
  })
  const toNumber = (id: string, text: string) => ({
    id: 'waba',
    changes: [
      {
        field: 'messages',
        value: {
          messaging_product: 'whatsapp',
          metadata: { display_phone_number: id, phone_number_id: id },
          contacts: [{ profile: { name: 'Persona de Prueba' }, wa_id: '5218330000002' }],
          messages: [
            {
              from: '5218330000002',
              id: `wamid-${id}-${text}`,
              timestamp: String(Math.floor(at / 1000)),
              type: 'text',
              text: { body: text },
            },
          ],
        },
      },
    ],
  })

  it('are told apart by the page, and each page answers with its own token', async () => {
    const { deliver, said, town } = await start()
    await deliver({ object: 'page', entry: [toPage('1001', 'uno'), toPage('2002', 'dos'), toPage('9999', 'ajena')] })
    await until(() => said().length >= 2)
    expect(said()).toEqual(['me/messages token-of-1001 eco: uno', 'me/messages token-of-2002 eco: dos'])
    expect(Object.keys(await conversations(town.database)).toSorted()).toEqual([
      'messenger/default psid-1',
      'messenger/dif psid-1',
    ])
  })

  it('are told apart by the number, and each number answers by itself', async () => {
    const { deliver, said, town } = await start()
    await deliver({ object: 'whatsapp_business_account', entry: [toNumber('3003', 'uno'), toNumber('4004', 'dos')] })
    await until(() => said().length >= 2)
    expect(said()).toEqual(['3003/messages token-of-3003 eco: uno', '4004/messages token-of-4004 eco: dos'])
    expect(Object.keys(await conversations(town.database)).toSorted()).toEqual([
      'whatsapp-cloud/avisos 5218330000002',
      'whatsapp-cloud/default 5218330000002',
    ])
  })
})

describe('two linked WhatsApp numbers', () => {
  const YAML = `
whatsapp:
  - account: emergencias
    pairing_phone: "528330000002"
    rate: 0
`
  it('are two accounts of the process that holds numbers', async () => {
    const { channels } = await startProcess(await emptyTown(), { variables: { WHATSAPP_ENABLED: 'true' }, yaml: YAML })
    const numbers = channels.filter(({ name }) => name === 'whatsapp')
    expect(numbers.map(({ account, home, limits }) => [account, home, limits.rate])).toEqual([
      ['default', 'whatsapp', 1],
      ['emergencias', 'whatsapp', 0],
    ])
  })

  it('have each a link and a socket of their own, and each answers what it was told', { timeout: 60_000 }, async () => {
    const servers = { default: await createWhatsappServer(), emergencias: await createWhatsappServer() }
    onTestFinished(async () => void (await Promise.all(Object.values(servers).map((server) => server.close()))))
    const town = await startProcess(await emptyTown(), {
      variables: {},
      yaml: 'rates: {}',
      // WhatsApp has one address for all; each of the fake ones is one number's.
      more: (context, database, folder) =>
        Object.entries(servers).map(([account, { url: serverUrl }]) => {
          const own = { account, serverUrl, database, secretKey: SECRET_KEY, spoolFolder: folder, rate: 0 }
          return createWhatsapp({ ...own, sentMessage: async () => undefined }, context, QUICK)
        }),
    })
    town.run()
    for (const [account, server] of Object.entries(servers)) {
      const vault = { database: town.database, box: createSecretBox(SECRET_KEY, 'whatsapp'), account }
      server.scan((await until(async () => (await readStatus(vault)).qr)) ?? '')
      await until(async () => (await readStatus(vault)).state === 'open')
      await server.says('90000001', `a ${account}`)
    }
    const heard = () => Object.values(servers).map((server) => server.heard.map(({ message }) => textOf(message)))
    await until(() => heard().every((texts) => texts.length > 0))
    expect(heard()).toEqual([['eco: a default'], ['eco: a emergencias']])
    expect(Object.keys(await conversations(town.database)).toSorted()).toEqual([
      'whatsapp/default 90000001@lid',
      'whatsapp/emergencias 90000001@lid',
    ])
  })
})

const textOf = (message: { conversation?: string | null; extendedTextMessage?: { text?: string | null } | null }) =>
  message.extendedTextMessage?.text ?? message.conversation

function post(town: TestProcess, body: object) {
  const payload = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature(payload) }
  return town.app.inject({ method: 'POST', url: '/webhooks/meta', headers, payload })
}
