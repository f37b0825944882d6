import { expect, it } from 'vitest'
import { createTelegramCitizen } from '../../fakes/telegram-citizen.ts'
import { createBot, enough, eventually } from './context.ts'

it('a citizen and the bot hear each other', async () => {
  await using bot = await createBot()
  const rosa = createTelegramCitizen(bot.telegram, { chat: 7 })
  const say = (message: Parameters<typeof bot.channel.send>[0]['message']) =>
    bot.channel.send({ id: '1', to: '7', message }, enough())
  bot.read()
  rosa.starts('cartel')
  await eventually(() => bot.inbox).toHaveLength(1)
  await say({ text: '¿Qué pasó?', options: [{ id: 'cat:bache', label: 'Bache' }] })
  await say({ text: '¿Dónde?', requestLocation: 'Mi ubicación', options: [{ id: 'w', label: 'Escribir la colonia' }] })
  rosa.presses('Bache')
  rosa.presses('Escribir la colonia')
  rosa.sharesPlace(22.39, -97.93)
  rosa.sharesPhone('8331234567')
  rosa.sendsVoice(Buffer.from('voice'))
  rosa.sendsDocument(Buffer.from('pdf'), 'oficio.pdf', 'application/pdf')
  rosa.sendsPhoto(Buffer.from('jpeg'), { caption: 'Así está', album: 'a' })
  rosa.says('gracias')
  rosa.blocksTheBot()
  await eventually(() => bot.inbox.map(({ kind, text }) => [kind, text])).toEqual([
    ['start', 'cartel'],
    ['choice', undefined],
    ['text', 'Escribir la colonia'],
    ['location', undefined],
    ['contact', undefined],
    ['voice', undefined],
    ['document', undefined],
    ['image', 'Así está'],
    ['text', 'gracias'],
    ['blocked', undefined],
  ])
  expect(bot.inbox[1]?.choice).toEqual({ id: 'cat:bache', label: 'Bache' })
  expect(rosa.hears()).toEqual(['¿Qué pasó?', '¿Dónde?'])
  const photo = await bot.channel.fetchMedia?.(bot.inbox[7]?.media?.[0] ?? { kind: 'image', ref: '' }, enough())
  expect(await new Response(photo?.body).text()).toBe('jpeg')
  await expect(say({ text: 'Hay una novedad' })).rejects.toMatchObject({ code: 'blocked' })
})
