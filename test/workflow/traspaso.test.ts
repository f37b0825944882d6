import { describe, expect, it } from 'vitest'
import type { InboundMessage } from '../../src/channels/message.ts'
import { createConversations } from '../../src/conversation/flows/conversations.ts'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../src/settings.ts'
import { handleInbound } from '../../src/workflow/handle-inbound.ts'
import { createSaveInbound } from '../../src/workflow/inbox.ts'
import { servicesFor } from '../../src/workflow/services.ts'
import { sweep } from '../../src/workflow/sweep.ts'
import { CODIGOS_FALLIDOS } from '../../src/workflow/traspaso.ts'
import { ayuntamiento } from './ayuntamiento.ts'
import { said, turnDeps } from './way-fixture.ts'

const settings = await readSettings(CONFIG_FOLDER, {})
const { advance } = createConversations(settings, 'https://uac.example')

/** A town whose assistant is the program's own, and accounts that talk with it. */
async function pueblo() {
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
    const codigo = async () => codigoEn(await talk('hay un bache en mi calle', 'acepto', 'sí', 'Miramar', 'otro canal'))
    return { row, write, say, talk, codigo, acabar }
  }
  return {
    ...town,
    cuenta,
    pasan: (minutes: number) => (later += minutes * 60_000),
    turn: (id: number) => handleInbound(deps, id),
  }
}

const codigoEn = (text: string) => /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)?.[0] ?? 'no code'

describe('a code', () => {
  it('brings the unfinished petition with all that was said, takes it from where it was, and tells that account', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    const codigo = await aqui.codigo()
    expect(await alla.say(codigo.toLowerCase().replace('-', ' '))).toContain(
      'su reporte de Bache, que empezó por Telegram',
    )
    expect(await alla.say('solo el reporte')).toContain('¿En qué calle y número?')
    await alla.acabar()
    expect(
      await sql(database.fork(), 'select medio, colonia, descripcion, address_id as "addressId" from peticion'),
    ).toEqual([
      {
        medio: 'whatsapp',
        colonia: 'Miramar',
        descripcion: 'hay un bache en mi calle',
        addressId: (await alla.row()).addressId,
      },
    ])
    expect(await aqui.say('hola')).not.toContain('sin terminar')
    const told = await sql<{ text: string }>(
      database.fork(),
      `select body->>'text' as text from message where conversation_id = $1 and body->>'text' like '%escriba ASESOR%'`,
      [(await aqui.row()).id],
    )
    expect(told).toEqual([
      { text: 'Lo que tenía pendiente sigue ahora por WhatsApp. Si no fue usted, escriba ASESOR.' },
    ])
    // Only carried: they are two persons still.
    expect(await sql(database.fork(), 'select 1 from union_de_ciudadanos')).toEqual([])
  })

  it('with a yes makes both accounts one person: folios are followed from the new one and notices may come there', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    await aqui.talk('hay un bache en mi calle', 'acepto', 'sí', 'Miramar')
    const folio = await aqui.acabar()
    const codigo = codigoEn(await aqui.say('otro canal'))
    expect(await alla.say(codigo)).toContain('una cuenta de Telegram')
    await alla.say('sí')
    expect((await alla.row()).ciudadanoId).toBe((await aqui.row()).ciudadanoId)
    expect(await alla.talk('acepto', 'folio')).toContain(folio)
    // Who gave the code follows nothing new.
    await alla.talk('menu', 'hay un bache en mi calle', 'sí', 'Miramar')
    const otro = await alla.acabar()
    const own = await aqui.say('folio')
    expect([own.includes(folio), own.includes(otro)]).toEqual([true, false])
    expect(
      await sqlOne(database.fork(), 'select avisos_alta_at is not null as alta from address where id = $1', [
        (await alla.row()).addressId,
      ]),
    ).toEqual({ alta: true })
  })

  it('lies nowhere as it was written, neither where it was given nor where it was typed', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    const codigo = await aqui.codigo()
    await sql(
      database.fork(),
      `update message set expires_at = now() - interval '1 second', status = 'sent' where expires_at is not null`,
    )
    await sweep(database, () => false)
    await alla.say(codigo)
    const rows = await sql<{ text: string }>(
      database.fork(),
      'select m::text as text from message m union all select t::text from traspaso t union all select c::text from conversation c union all select t::text from throttle t',
    )
    for (const written of [codigo, codigo.replace('-', '')])
      expect(rows.filter(({ text }) => text.includes(written))).toEqual([])
  })

  it.each([
    ['after a quarter of an hour', async ({ pasan }: Awaited<ReturnType<typeof pueblo>>) => void pasan(15.1)],
    [
      'after another one was asked for',
      async (_: unknown, aqui: { say(text: string): Promise<string> }) => void (await aqui.say('otro canal')),
    ],
    [
      'after the petition was cancelled',
      async (_: unknown, aqui: { talk(...texts: string[]): Promise<string> }) =>
        void (await aqui.talk('hola', 'seguir', 'cancelar', 'sí')),
    ],
    [
      'after the petition was registered where it was begun',
      async (_: unknown, aqui: { acabar(): Promise<string>; talk(...texts: string[]): Promise<string> }) => {
        await aqui.talk('hola', 'seguir')
        await aqui.acabar()
      },
    ],
    [
      'after somebody else used it',
      async ({ cuenta }: Awaited<ReturnType<typeof pueblo>>, _: unknown, codigo: string) =>
        void (await cuenta('messenger', 'otra').talk(codigo, 'solo el reporte')),
    ],
    [
      'after somebody else only typed it',
      async ({ cuenta }: Awaited<ReturnType<typeof pueblo>>, _: unknown, codigo: string) =>
        void (await cuenta('messenger', 'otra').talk(codigo)),
    ],
  ])('is of no use %s', async (_when, happens) => {
    const town = await pueblo()
    const [aqui, alla] = [town.cuenta('telegram', 'ana'), town.cuenta('whatsapp', '5551@lid')]
    const codigo = await aqui.codigo()
    await happens(town, aqui, codigo)
    expect(await alla.say(codigo)).toContain('Ese código no sirve')
  })

  it('is refused where it was given, and good elsewhere after that', async () => {
    const { cuenta } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    const codigo = await aqui.codigo()
    expect(await aqui.say(codigo)).toContain('escríbanos desde ella')
    expect(await alla.say(codigo)).toContain('su reporte de Bache')
  })

  it('of somebody else is declined with a no, and nothing is brought nor known', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    const codigo = await aqui.codigo()
    await alla.talk(codigo, 'no es mía')
    expect(await alla.say(codigo)).toContain('Ese código no sirve')
    expect(await sql(database.fork(), 'select 1 from seguimiento')).toEqual([])
    expect(await aqui.say('hola')).toContain('su reporte de Bache')
  })

  it('typed at two accounts at once serves one of them', async () => {
    const { cuenta, turn, database } = await pueblo()
    const codigo = await cuenta('telegram', 'ana').codigo()
    const others = [cuenta('whatsapp', '5551@lid'), cuenta('messenger', 'psid')]
    for (const one of others) await one.write(codigo)
    const ids = await Promise.all(others.map(async (one) => (await one.row()).id))
    await Promise.all(ids.map(turn))
    const flows = await sql<{ flow: string | null }>(
      database.fork(),
      'select flow from conversation where id = any($1)',
      [ids],
    )
    expect(flows.map(({ flow }) => flow).toSorted()).toEqual([null, 'traer'])
  })

  it('is not found by trying: after some misses an account has to wait, also with the right one', async () => {
    const { cuenta } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    const codigo = await aqui.codigo()
    for (let miss = 0; miss < CODIGOS_FALLIDOS.hits; miss++)
      expect(await alla.say(`K7M2-XQ${miss + 2}P`)).toContain('no sirve')
    expect(await alla.say(codigo)).toContain('Espere una hora')
    expect(await cuenta('messenger', 'psid').say(codigo)).toContain('su reporte de Bache')
  })

  it('answered only after the petition was finished elsewhere brings nothing', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    await alla.say(await aqui.codigo())
    await aqui.talk('hola', 'seguir')
    await aqui.acabar()
    expect(await alla.say('sí')).toContain('ya no está pendiente')
    expect(await sql(database.fork(), 'select count(*)::int as n from peticion')).toEqual([{ n: 1 }])
    expect(await sql(database.fork(), 'select 1 from union_de_ciudadanos')).toEqual([])
  })
})

describe('a petition that was carried over', () => {
  it('takes its photographs along', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    await aqui.talk('hola', 'acepto', 'hay un bache en mi calle', 'sí', 'Miramar', 'calle Hidalgo 12')
    await aqui.say('', { kind: 'image', media: [{ kind: 'image', ref: 'file' }] })
    await alla.talk(codigoEn(await aqui.say('otro canal')), 'sí', 'listo')
    await alla.acabar()
    expect(await sql(database.fork(), 'select peticion_id is not null as suya from attachment')).toEqual([
      { suya: true },
    ])
  })

  it('and is anonymous in the end leaves nothing of it at the account where it was begun, twice carried too', async () => {
    const { cuenta, database } = await pueblo()
    const [primera, segunda, tercera] = [
      cuenta('telegram', 'ana'),
      cuenta('whatsapp', '5551@lid'),
      cuenta('messenger', 'psid'),
    ]
    await primera.talk('hola', 'acepto')
    await primera.say('CONTAMINACION', { kind: 'start' })
    await primera.talk('sí', 'con mis datos', 'Los de la ferretería queman plástico cada noche')
    await segunda.talk(codigoEn(await primera.say('otro canal')), 'sí', 'menu')
    await tercera.talk(codigoEn(await segunda.talk('hola', 'otro canal')), 'sí')
    await tercera.talk('Miramar')
    const { answers } = (await sqlOne<{ answers: Record<string, unknown> }>(
      database.fork(),
      'select answers from conversation where id = $1',
      [(await tercera.row()).id],
    )) ?? { answers: {} }
    expect(answers).toMatchObject({ colonia: 'Miramar' })
    await sql(database.fork(), `update conversation set answers = answers || '{"anonima": true}' where id = $1`, [
      (await tercera.row()).id,
    ])
    await tercera.acabar()
    expect(await sql(database.fork(), 'select anonima, address_id as "addressId" from peticion')).toEqual([
      { anonima: true, addressId: null },
    ])
    await sql(
      database.fork(),
      `update message set expires_at = now() - interval '1 second', status = 'sent' where expires_at is not null`,
    )
    await sweep(database, () => false)
    const rows = await sql<{ text: string }>(
      database.fork(),
      'select m::text as text from message m union all select c::text from conversation c union all select t::text from traspaso t where borrador is not null',
    )
    expect(rows.filter(({ text }) => /ferreter|Cada noche|Contaminaci/i.test(text))).toEqual([])
    expect(await sql(database.fork(), 'select 1 from traspaso where borrador is not null')).toEqual([])
  })
})
