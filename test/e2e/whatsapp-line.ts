import { until } from '../../src/runtime/until.ts'
import type { FakeWhatsapp } from '../fakes/whatsapp/fake-whatsapp.ts'
import type { Line } from './citizen.ts'
import { createPanelClient } from './panel-client.ts'
import { logIn } from './staff.ts'

/** The user part of the citizen's LID. */
const PERSON = '7001'

/** The administrator opens the number's page in the panel, and its owner types the code there into the telephone. */
export async function linkNumber(url: string, whatsapp: FakeWhatsapp): Promise<void> {
  const admin = createPanelClient(url)
  await logIn(admin)
  const code = await until(async () => codeIn((await admin.open('/admin/canales/whatsapp/default')).html), {
    timeout: 30_000,
  })
  if (!code) throw new Error('the panel shows no code')
  await whatsapp.type(code)
  if (!(await until(() => whatsapp.connected === 1, { timeout: 30_000 }))) throw new Error('the number was not linked')
}

/** Eight letters and digits, in two groups. */
const codeIn = (html: string) => /id="codigo">([1-9A-Z]{4})-([1-9A-Z]{4})</.exec(html)?.slice(1).join('')

/** A citizen on WhatsApp, whose telephone decrypts what it is sent. There are no buttons. */
export function openWhatsappLine(whatsapp: FakeWhatsapp): Line {
  const manner = { name: 'Vecina' }
  return {
    channel: 'WhatsApp',
    write: (text) => whatsapp.says(PERSON, text, manner),
    press: (label) => {
      throw new Error(`there is no button ${label}`)
    },
    photo: (bytes) => whatsapp.sendsFile(PERSON, 'image', bytes, { mimetype: 'image/jpeg' }, manner),
    received: () =>
      whatsapp.heard.map(({ message: { conversation, extendedTextMessage, imageMessage } }) => ({
        text: extendedTextMessage?.text ?? conversation ?? imageMessage?.caption ?? '',
        buttons: [],
      })),
    close: async () => undefined,
  }
}
