import { expect, it } from 'vitest'
import { eventually } from '../telegram/context.ts'
import { createNumber } from './number.ts'

it('a number is paired by its QR, hears a citizen and is heard', async () => {
  const number = await createNumber()
  await number.paired()
  expect(await number.status()).toMatchObject({ state: 'open', phone: '5218330000001', reason: null })
  const id = await number.server.says('7001', 'Buenas tardes', { name: 'Rosa' })
  await eventually(() => number.inbox).toHaveLength(1)
  expect(number.inbox[0]).toMatchObject({
    channel: 'whatsapp',
    account: 'default',
    externalId: `7001@lid//${id}`,
    from: { address: '7001@lid', name: 'Rosa' },
    kind: 'text',
    text: 'Buenas tardes',
    providerId: id,
  })
  await eventually(() => [...number.server.receipted]).toContain(id)
  const { providerId } = await number.say('7001', '¿En qué le ayudo?')
  expect(number.server.heard).toMatchObject([{ id: providerId, to: '7001@lid' }])
  expect(number.server.heard[0]?.message.extendedTextMessage?.text).toBe('¿En qué le ayudo?')
})

it('delivered and read are noted, also when they come before the send was', async () => {
  const number = await createNumber()
  await number.paired()
  const { providerId = '' } = await number.say('7001', 'Hola')
  const receipt = { channel: 'whatsapp', account: 'default', providerId }
  number.server.receipt(providerId, '7001')
  // Noted twice: the first time the send may not yet have been.
  await eventually(() => number.receipts).toEqual(Array(2).fill({ ...receipt, status: 'delivered' }))
  number.server.receipt(providerId, '7001', 'read')
  await eventually(() => number.receipts.slice(2)).toEqual(Array(2).fill({ ...receipt, status: 'read' }))
})

it('a repeated send is the same message to WhatsApp', async () => {
  const number = await createNumber()
  await number.paired()
  const first = await number.say('7001', 'Hola', '12')
  const again = await number.say('7001', 'Hola', '12')
  const other = await number.say('7001', 'Hola', '13')
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

it('a person who answers on the telephone is an echo; what we sent ourselves is nothing', async () => {
  const number = await createNumber()
  await number.paired()
  await number.server.ownerSays('7001', 'Soy Lupita, ya vamos para allá')
  await number.server.says('7001', 'Gracias')
  await eventually(() => number.inbox).toHaveLength(2)
  expect(number.inbox).toMatchObject([
    { kind: 'echo', from: { address: '7001@lid' }, text: 'Soy Lupita, ya vamos para allá' },
    { kind: 'text', from: { address: '7001@lid' } },
  ])
})

it('what cannot be decrypted is asked for again, and comes once', async () => {
  const number = await createNumber()
  await number.paired()
  await number.server.says('7001', 'Primero')
  await eventually(() => number.inbox).toHaveLength(1)
  const id = await number.server.says('7001', 'Hay un bache', { spoiled: 1 })
  await eventually(() => number.inbox).toHaveLength(2)
  expect(number.inbox[1]).toMatchObject({ kind: 'text', text: 'Hay un bache', providerId: id })
})

it('what WhatsApp does not acknowledge has an unknown outcome', async () => {
  const number = await createNumber({ timings: { acknowledge: 200 } })
  await number.paired()
  number.server.acknowledge = 'no'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
    outcomeUnknown: true,
  })
})

it('what WhatsApp refuses says whether to try again', async () => {
  const number = await createNumber()
  await number.paired()
  number.server.acknowledge = '479'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  number.server.acknowledge = '404'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({
    code: 'invalid',
    retryable: false,
    providerCode: '404',
  })
  number.server.acknowledge = '463'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({ code: 'not_connected', scope: 'account' })
  number.server.acknowledge = 'yes'
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({ code: 'not_connected' })
  expect(await number.status()).toMatchObject({ state: 'restricted', reason: '463' })
})

it('"writing…" is shown while an answer is made', async () => {
  const number = await createNumber({ timings: { composing: [1, 5] } })
  await number.paired()
  await number.say('7001', 'Hola')
  expect(number.server.composing).toContain('7001@lid')
})

it('without a socket a send waits', async () => {
  const number = await createNumber()
  await expect(number.say('7001', 'Hola')).rejects.toMatchObject({ code: 'not_connected', retryable: true })
})
