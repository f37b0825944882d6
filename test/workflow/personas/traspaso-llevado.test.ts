import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { sweep } from '../../../src/workflow/sweep.ts'
import { codigoEn, pueblo } from '../dos-cuentas.ts'

describe('a petition that was carried over', () => {
  it('takes its photographs along', async () => {
    const { cuenta, database } = await pueblo()
    const [aqui, alla] = [cuenta('telegram', 'ana'), cuenta('whatsapp', '5551@lid')]
    await aqui.talk('hola', 'acepto', 'hay un bache en mi calle', 'Miramar', 'calle Hidalgo 12')
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
