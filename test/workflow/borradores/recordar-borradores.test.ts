import { describe, expect, it } from 'vitest'
import type { ChannelLimits } from '../../../src/channels/channel.ts'
import { createConversations } from '../../../src/conversation/flows/conversations.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { leerBorradores } from '../../../src/workflow/borradores/borradores.ts'
import { recordarBorradores } from '../../../src/workflow/borradores/recordar-borradores.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { LIMITS } from '../../channels/limits.ts'
import { type Ayuntamiento, ayuntamiento, municipio, type Vecina, vecina } from '../ayuntamiento.ts'

const settings = await readSettings(CONFIG_FOLDER, {})
const { remind } = createConversations(settings, 'https://uac.example')

const hora = (texto: string) => new Date(`2026-11-${texto}:00-06:00`)
const DEJADO = hora('23T10:00')
const DICHO = {
  desde: DEJADO.toISOString(),
  asunto: 'hay un bache',
  descripcion: 'hay un bache muy grande',
  categoria: 'BACHEO',
  colonia: 'Miramar',
}

async function dejar(town: Ayuntamiento, answers: object = DICHO, flow: string | null = 'registrar'): Promise<Vecina> {
  const quien = await vecina(town.database.fork())
  const drafts =
    flow === 'registrar' ? [] : [{ id: '1', flow: 'registrar', flowVersion: 1, step: null, answers, savedAt: '' }]
  await sql(
    town.database.fork(),
    `update conversation set flow = $2, flow_version = 1, step = 'calle', answers = $3, drafts = $4, last_inbound_at = $5 where id = $1`,
    [quien.conversationId, flow, JSON.stringify(flow === 'registrar' ? answers : {}), JSON.stringify(drafts), DEJADO],
  )
  await sql(town.database.fork(), `update address set aviso_version = $2 where id = $1`, [
    quien.addressId,
    municipio.aviso_privacidad.version,
  ])
  return quien
}

function revisar(town: Ayuntamiento, ahora: Date, limits: Partial<ChannelLimits> = {}) {
  const woken: number[] = []
  const deps = {
    database: town.database,
    municipio,
    limitsOf: () => ({ ...LIMITS, ...limits }),
    remind,
    servicesFor: (em: Parameters<typeof servicesFor>[0], conversation: Parameters<typeof servicesFor>[1]) =>
      servicesFor(em, conversation, town.services),
    enviar: town.outbox.enviar,
    wakeSend: (id: number) => void woken.push(id),
  }
  return recordarBorradores(deps, ahora).then(() => woken)
}

const dichos = async (town: Ayuntamiento) =>
  (await sql<{ text: string }>(town.database.fork(), `select body->>'text' as text from message order by id`)).map(
    ({ text }) => text,
  )

describe('who left a petition half told', () => {
  it('is reminded of it once, some hours later, at the question where they stood', async () => {
    const town = await ayuntamiento()
    const { conversationId } = await dejar(town)
    expect(await revisar(town, hora('23T13:59'))).toEqual([])
    const both = await Promise.all([revisar(town, hora('23T14:01')), revisar(town, hora('23T14:01'))])
    expect(both.flat()).toEqual([conversationId])
    expect(await revisar(town, hora('24T14:01'))).toEqual([])
    const [text] = await dichos(town)
    expect(text).toContain('Se quedó a medias')
    expect(text).toContain('Bache')
  })

  it('also of one that was laid aside, which is offered', async () => {
    const town = await ayuntamiento()
    const { conversationId } = await dejar(town, DICHO, 'menu')
    expect(await revisar(town, hora('23T15:00'))).toEqual([conversationId])
    expect(await sql(town.database.fork(), 'select flow from conversation where id = $1', [conversationId])).toEqual([
      { flow: 'retomar' },
    ])
  })

  it.each([
    ['at night', '23T22:00', {}, ''],
    ['where nobody is written to unasked', '23T15:00', { replyOnly: true as const }, ''],
    ['on the web chat', '23T15:00', { readsRows: true as const }, ''],
    ['out of the channel’s window', '23T15:00', { windowMs: 1 }, ''],
    ['who wants no notices', '23T15:00', {}, 'update address set avisos_baja_at = now()'],
    ['who blocked us', '23T15:00', {}, 'update address set blocked_at = now()'],
    ['while a person attends', '23T15:00', {}, "update conversation set mode = 'human'"],
  ])('is not reminded %s', async (_when, ahora, limits, change) => {
    const town = await ayuntamiento()
    await dejar(town)
    if (change) await sql(town.database.fork(), change)
    expect(await revisar(town, hora(ahora), limits)).toEqual([])
    expect(await dichos(town)).toEqual([])
  })

  it('is kept only so many days', async () => {
    const town = await ayuntamiento()
    const { conversationId } = await dejar(town)
    await revisar(town, new Date(DEJADO.getTime() + 31 * 86_400_000))
    expect(
      await sql(town.database.fork(), 'select flow, step, answers from conversation where id = $1', [conversationId]),
    ).toEqual([{ flow: null, step: null, answers: {} }])
  })
})

describe('the tray of drafts', () => {
  const leer = (town: Ayuntamiento, reservadas = false) =>
    leerBorradores(town.database.fork(), { antes: hora('24T10:01'), reservadas })

  it('has what can be worked on, current or laid aside, and nothing anonymous', async () => {
    const town = await ayuntamiento()
    const una = await dejar(town)
    const otra = await dejar(town, DICHO, 'menu')
    await dejar(town, { ...DICHO, anonima: true })
    await dejar(town, { ...DICHO, quiereAnonima: true })
    await dejar(town, { desde: DICHO.desde })
    expect((await leer(town)).map((one) => one.conversationId)).toEqual([una.conversationId, otra.conversationId])
    expect((await leer(town))[0]?.dicho).toMatchObject({ categoria: 'BACHEO', colonia: 'Miramar' })
  })

  it('shows what is reserved only to who may see it', async () => {
    const town = await ayuntamiento()
    await sql(town.database.fork(), `update categoria set reservada = true where id = 'BACHEO'`)
    await dejar(town)
    expect(await leer(town)).toEqual([])
    expect(await leer(town, true)).toHaveLength(1)
  })
})
