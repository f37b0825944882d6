import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { CODIGOS_FALLIDOS } from '../../../src/workflow/personas/traspaso.ts'
import { sweep } from '../../../src/workflow/sweep.ts'
import { codigoEn, pueblo } from '../dos-cuentas.ts'

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
    await aqui.talk('hay un bache en mi calle', 'acepto', 'Miramar')
    const folio = await aqui.acabar()
    const codigo = codigoEn(await aqui.say('otro canal'))
    expect(await alla.say(codigo)).toContain('una cuenta de Telegram')
    await alla.say('sí')
    expect((await alla.row()).ciudadanoId).toBe((await aqui.row()).ciudadanoId)
    expect(await alla.talk('acepto', 'folio')).toContain(folio)
    // Who gave the code follows nothing new.
    await alla.talk('menu', 'hay un bache en mi calle', 'sí', 'Santa Elena')
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

  it('typed each at the other account, and both answered at the same moment, joins them once and loses no draft', async () => {
    const { cuenta, turn, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    const [mine, theirs] = [await aqui.codigo(), await alla.codigo()]
    await aqui.say(theirs)
    await alla.say(mine)
    await aqui.write('sí')
    await alla.write('sí')
    const ids = [(await aqui.row()).id, (await alla.row()).id]
    await Promise.all(ids.map(turn))
    // Whoever had to give way is tried again a moment later.
    const waiting = () => sql(database.fork(), `select 1 from message where status = 'received'`)
    await expect.poll(() => Promise.all(ids.map(turn)).then(waiting), { timeout: 10_000, interval: 200 }).toEqual([])
    expect(await sql(database.fork(), `select status from message where status = 'failed'`)).toEqual([])
    expect(await sql(database.fork(), 'select count(*)::int as n from union_de_ciudadanos')).toEqual([{ n: 1 }])
    const kept = await sql<{ n: number }>(
      database.fork(),
      `select (case when flow = 'registrar' then 1 else 0 end + jsonb_array_length(drafts))::int as n from conversation`,
    )
    expect(kept.reduce((sum, { n }) => sum + n, 0)).toBe(2)
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
