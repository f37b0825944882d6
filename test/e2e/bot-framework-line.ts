import {
  createBotFrameworkServer,
  type FakeBot,
  type FakeBotFramework,
  type PostedActivity,
} from '../fakes/bot-framework-server.ts'
import type { Heard, Line } from './citizen.ts'

interface Button {
  title?: string
  text?: string
  value?: unknown
}

interface Shown {
  type?: string
  text?: string
  suggestedActions?: { actions: Button[] }
  attachments?: { content?: { buttons?: Button[] } }[]
}

const BOT: FakeBot = { appId: 'f1d0c5a2-0000-4000-8000-000000000001', password: 'secreto-de-azure' }

/** Azure Bot Service, with a citizen in Teams. */
export async function openBotFramework() {
  const service = await createBotFrameworkServer([BOT])
  const env = {
    BOTFRAMEWORK_APP_ID: BOT.appId,
    BOTFRAMEWORK_APP_PASSWORD: BOT.password,
    BOTFRAMEWORK_OPENID_URL: service.openIdUrl,
    BOTFRAMEWORK_LOGIN_URL: service.loginUrl,
  }
  return { env, open: async (url: string) => openBotFrameworkLine(service, BOT, url), close: service.close }
}

/** A citizen in Teams, by way of Azure Bot Service: signed activities to our address, answers at the connector's. */
function openBotFrameworkLine(service: FakeBotFramework, bot: FakeBot, url: string): Line {
  let sent = 0
  const conversation = { conversationType: 'personal', id: 'a:1vecina' }
  const post = async (activity: object) => {
    const id = String(1_795_370_400_000 + sent++)
    const common = { type: 'message', id, timestamp: new Date().toISOString(), channelId: 'msteams', locale: 'es-MX' }
    const parties = { from: { id: '29:vecina', name: 'Vecina' }, recipient: { id: `28:${bot.appId}`, name: 'UAC' } }
    const response = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: service.authorization(bot) },
      body: JSON.stringify({ ...common, ...parties, conversation, serviceUrl: service.serviceUrl, ...activity }),
    })
    if (!response.ok) throw new Error(`/api/messages answered ${response.status}: ${await response.text()}`)
  }
  const messages = () => service.posted.map(shownIn).filter(({ type }) => type === 'message')
  return {
    channel: 'Bot Framework',
    write: (text) => post({ text }),
    press(label) {
      const found = messages()
        .flatMap(buttonsOf)
        .findLast(({ title = '' }) => title.replace(/^\d+\. /, '') === label)
      // What has no button is a numbered line, and is answered in words.
      return found ? post({ text: found.text, value: found.value }) : post({ text: label })
    },
    photo: (bytes) =>
      post({
        attachments: [{ contentType: 'image/*', contentUrl: service.keepFile(bytes, 'image/jpeg'), name: 'foto.jpg' }],
      }),
    received: () => messages().map(heard),
    close: async () => undefined,
  }
}

const shownIn = ({ activity }: PostedActivity): Shown => activity

const buttonsOf = ({ suggestedActions, attachments = [] }: Shown): Button[] => [
  ...(suggestedActions?.actions ?? []),
  ...attachments.flatMap(({ content }) => content?.buttons ?? []),
]

const heard = (shown: Shown): Heard => ({
  text: shown.text ?? '',
  buttons: buttonsOf(shown).map(({ title = '' }) => title),
})
