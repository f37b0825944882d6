import { describe, expect, it } from 'vitest'
import { createConversations } from '../../../src/conversation/flows/conversations.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { atencionEn } from '../../../src/workflow/atencion/atencion.ts'
import { avisoDeEspera, esperaSola } from '../../../src/workflow/atencion/espera.ts'
import { volverAlAsistente } from '../../../src/workflow/atencion/volver-al-asistente.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { type Ayuntamiento, ayuntamiento, municipio, type Vecina, vecina } from '../ayuntamiento.ts'

const { release } = createConversations(await readSettings(CONFIG_FOLDER, {}), 'https://uac.example')
const hora = (texto: string) => new Date(`${texto}:00-06:00`)

describe('people of the staff attend', () => {
  it.each([
    ['Monday within the hours', '2026-11-23T10:00', { abierto: true }],
    ['Monday before them: today', '2026-11-23T07:59', { abierto: false, fecha: '2026-11-23', faltan: 0 }],
    ['Monday after them: tomorrow', '2026-11-23T16:00', { abierto: false, fecha: '2026-11-24', faltan: 1 }],
    ['Friday evening: on Monday', '2026-11-27T20:00', { abierto: false, fecha: '2026-11-30', faltan: 3 }],
    ['before a day off: the day after it', '2026-12-24T20:00', { abierto: false, fecha: '2026-12-28', faltan: 4 }],
  ])('%s', (_when, at, expected) => {
    expect(atencionEn(hora(at), municipio, new Set(['2026-12-25']))).toEqual(expected)
  })
})

async function espera(town: Ayuntamiento, desde: Date): Promise<Vecina> {
  const quien = await vecina(town.database.fork())
  await sql(
    town.database.fork(),
    `update conversation set mode = 'human', human_since = $2, last_inbound_at = $2 where id = $1`,
    [quien.conversationId, desde],
  )
  return quien
}

const contesta = (town: Ayuntamiento, { conversationId }: Vecina, at: Date) =>
  sql(
    town.database.fork(),
    `with c as (update conversation set last_seq = last_seq + 1 where id = $1 returning last_seq)
     insert into message (channel, account, direction, conversation_id, seq, kind, body, status, created_at, usuario_id)
     select 'telegram', 'default', 'out', $1, last_seq, 'text', '{"text":"Buenas tardes"}', 'sent', $2,
            (select min(id) from usuario) from c`,
    [conversationId, at],
  )

describe('who waits for a person', () => {
  it('and writes while nobody attends hears once when they will be answered', async () => {
    const town = await ayuntamiento()
    const { conversationId } = await espera(town, hora('2026-11-23T15:00'))
    const escribe = (at: string) =>
      avisoDeEspera(town.database.fork(), conversationId, { municipio, ahora: () => hora(at) })
    expect(await escribe('2026-11-23T15:30')).toBeUndefined()
    expect(await escribe('2026-11-23T18:00')).toEqual({ abierto: false, fecha: '2026-11-24', faltan: 1 })
    expect(await escribe('2026-11-23T18:01')).toBeUndefined()
    expect(await escribe('2026-11-24T06:00')).toBeUndefined()
    expect(await escribe('2026-11-24T17:00')).toMatchObject({ fecha: '2026-11-25' })
  })

  it('hears nothing of the assistant once somebody wrote or took the conversation', async () => {
    const town = await ayuntamiento()
    const quien = await espera(town, hora('2026-11-23T15:00'))
    const em = () => town.database.fork()
    const escribe = () =>
      avisoDeEspera(em(), quien.conversationId, { municipio, ahora: () => hora('2026-11-23T18:00') })
    expect(await esperaSola(em(), quien.conversationId)).toBe(true)
    await contesta(town, quien, hora('2026-11-23T15:10'))
    expect(await esperaSola(em(), quien.conversationId)).toBe(false)
    expect(await escribe()).toBeUndefined()
    const otra = await espera(town, hora('2026-11-23T15:00'))
    await sql(em(), 'update conversation set assigned_to = (select min(id) from usuario) where id = $1', [
      otra.conversationId,
    ])
    expect(await esperaSola(em(), otra.conversationId)).toBe(false)
  })

  it('is the assistant’s again, without a word, hours after a person answered, and not before they did', async () => {
    const town = await ayuntamiento()
    const [atendida, olvidada] = [
      await espera(town, hora('2026-11-23T10:00')),
      await espera(town, hora('2026-11-23T10:00')),
    ]
    await contesta(town, atendida, hora('2026-11-23T11:00'))
    const deps = {
      database: town.database,
      municipio,
      release,
      servicesFor: (em: Parameters<typeof servicesFor>[0], conversation: Parameters<typeof servicesFor>[1]) =>
        servicesFor(em, conversation, town.services),
    }
    expect(await volverAlAsistente(deps, hora('2026-11-23T22:00'))).toBe(0)
    const both = await Promise.all([
      volverAlAsistente(deps, hora('2026-11-23T23:30')),
      volverAlAsistente(deps, hora('2026-11-23T23:30')),
    ])
    expect(both.reduce((sum, one) => sum + one)).toBe(1)
    const modes = await sql<{ id: number; mode: string }>(
      town.database.fork(),
      'select id, mode from conversation where id = any($1) order by id',
      [[atendida.conversationId, olvidada.conversationId]],
    )
    expect(modes.map(({ mode }) => mode)).toEqual(['bot', 'human'])
    expect(await sql(town.database.fork(), `select 1 from message where usuario_id is null`)).toEqual([])
  })
})
