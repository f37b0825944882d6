import { expect, it } from 'vitest'
import { eventually } from '../telegram/context.ts'
import { PNG } from './files.ts'
import { createNumber, type TestNumber } from './number.ts'

const said = (number: {
  server: { heard: { id: string; message: { extendedTextMessage?: { text?: string | null } | null } }[] }
}) => number.server.heard.map(({ message }) => message.extendedTextMessage?.text)

/** Another process takes the number over: what Baileys has in memory of its own sends is gone. */
async function again(number: TestNumber, stop: () => Promise<void>): Promise<void> {
  await stop()
  number.run()
  await eventually(() => number.channel.health?.()).toMatchObject({ detail: 'The number is connected.' })
}

it('what the other side could not read is sent again from our rows, under its id', async () => {
  const number = await createNumber()
  const stop = await number.paired()
  const { providerId = '' } = await number.say('7001', '¿En qué le ayudo?')
  expect(said(number)).toEqual(['¿En qué le ayudo?'])
  await again(number, stop)
  await number.server.couldNotRead(providerId, '7001')
  await eventually(() => said(number)).toEqual(['¿En qué le ayudo?', '¿En qué le ayudo?'])
  expect(number.server.heard.map(({ id }) => id)).toEqual([providerId, providerId])
})

it('a file of ours that could not be read is uploaded and sent again', async () => {
  const number = await createNumber()
  const stop = await number.paired()
  await number.context.files.put('k', PNG, 'image/png')
  const media = { kind: 'image', key: 'k', mime: 'image/png', fileName: 'foto.png' } as const
  const { providerId = '' } = await number.say('7001', { media })
  await again(number, stop)
  await number.server.couldNotRead(providerId, '7001')
  await eventually(() => number.server.heard.map(({ file }) => file)).toEqual([PNG, PNG])
})

it('what we do not know any more is not sent again, and the rest goes on', async () => {
  const number = await createNumber()
  const stop = await number.paired()
  const { providerId = '' } = await number.say('7001', 'Su folio es…')
  number.sent.clear()
  await again(number, stop)
  await number.server.couldNotRead(providerId, '7001')
  await number.say('7001', '¿Sigue ahí?', '2')
  await eventually(() => said(number)).toEqual(['Su folio es…', '¿Sigue ahí?'])
})

it('what can never be decrypted is asked for several times, then leaves a row by which the citizen is asked to repeat', async () => {
  const number = await createNumber()
  await number.paired()
  const id = await number.server.says('7001', 'Hay un bache', { spoiled: 100 })
  await eventually(() => number.inbox).toMatchObject([
    { kind: 'unsupported', externalId: `7001@lid//${id}/unreadable`, from: { address: '7001@lid' } },
  ])
  expect(number.server.askedAgain.length).toBeGreaterThan(0)
})

it('what could be decrypted only after its placeholder was stored comes too', async () => {
  const number = await createNumber({ timings: { placeholder: 1 } })
  await number.paired()
  const id = await number.server.says('7001', 'Hay un bache', { spoiled: 2 })
  await eventually(() => number.inbox.map(({ kind }) => kind)).toEqual(['unsupported', 'text'])
  expect(number.inbox[1]).toMatchObject({ text: 'Hay un bache', externalId: `7001@lid//${id}` })
})

it.each([
  ['a number of 52', { from: '528330000009@s.whatsapp.net' }, '528330000009@s.whatsapp.net'],
  ['a number of 521', { from: '5218330000009@s.whatsapp.net' }, '5218330000009@s.whatsapp.net'],
  [
    'a LID whose number WhatsApp tells',
    { sender_pn: '5218330000009@s.whatsapp.net', addressing_mode: 'lid' },
    '7001@lid',
  ],
])(
  '%s is answered where it wrote from, and its telephone is known by +52 and ten digits',
  async (_what, attrs, address) => {
    const number = await createNumber()
    await number.paired()
    await number.server.says('7001', 'Hola', { attrs })
    await eventually(() => number.inbox).toMatchObject([{ from: { address, phone: '+528330000009' } }])
  },
)

it('whoever hides their number has none', async () => {
  const number = await createNumber()
  await number.paired()
  await number.server.says('7001', 'Hola')
  await eventually(() => number.inbox).toHaveLength(1)
  expect(number.inbox[0]?.from).not.toHaveProperty('phone')
})
