import { describe, expect, it } from 'vitest'
import type { AnyChannel, ChannelLimits } from '../../../src/channels/channel.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { desviarAvisos } from '../../../src/workflow/avisos/desviar-avisos.ts'
import { sendPending } from '../../../src/workflow/mensajes/send-message.ts'
import { separarCiudadanos, unirCiudadanos } from '../../../src/workflow/personas/union-de-ciudadanos.ts'
import { runOutboxRow } from '../../../src/workflow/run-outbox.ts'
import { ayuntamiento, BACHE, en, QUEJA, registrarDe, type Vecina } from '../ayuntamiento.ts'
import { notingChannel, sendDeps } from '../way-fixture.ts'

const HOUR = 3_600_000

interface Cuenta extends Vecina {
  ciudadanoId: number
}

/** A person with a petition made on Messenger and an account on Telegram where they asked for notices. */
async function pueblo(limits: Partial<ChannelLimits> = { windowMs: 24 * HOUR }, borrador = BACHE) {
  const town = await ayuntamiento()
  const { database } = town
  const sent: { channel: string; to: string; text: string }[] = []
  const failing = new Map<string, SendError>()
  const channels = new Map<string, AnyChannel>(
    (['messenger', 'telegram', 'web-chat'] as const).map((name) => {
      const own = name === 'messenger' ? limits : name === 'web-chat' ? { readsRows: true as const } : {}
      const { channel } = notingChannel(own, ({ to, message }) => {
        const failure = failing.get(name)
        if (failure) throw failure
        sent.push({ channel: name, to, text: message.text ?? '' })
        return {}
      })
      return [name, { ...channel, name }]
    }),
  )
  const outbox = { ...town.outbox, channelOf: (name: string) => channels.get(name) }

  const cuenta = async (channel: string, externalId: string, pidio: boolean): Promise<Cuenta> => {
    const row = await sqlOne<Cuenta>(
      database.fork(),
      `with p as (insert into ciudadano default values returning id),
            a as (insert into address (channel, account, external_id, ciudadano_id, avisos_alta_at)
                  select $1, 'default', $2, p.id, case when $3 then now() end from p returning id, ciudadano_id),
            c as (insert into conversation (address_id, last_inbound_at) select id, now() from a returning id, address_id)
       select c.address_id as "addressId", c.id as "conversationId", a.ciudadano_id as "ciudadanoId" from c, a`,
      [channel, externalId, pidio],
    )
    if (!row) throw new Error('no address was made')
    return row
  }
  const propia = await cuenta('messenger', 'psid', false)
  const otra = await cuenta('telegram', 'chat', true)
  const quien = { tipo: 'usuario' as const, usuarioId: town.usuarios.validador.id, motivo: 'Es ella' }
  const union = await en(town, (em) =>
    unirCiudadanos(em, { queda: propia.ciudadanoId, unido: otra.ciudadanoId }, quien),
  )
  await registrarDe(town, propia, borrador)

  /** Does what is owed: the petition is directed, and the person told. */
  const avisar = async () => {
    for (let round = 0; round < 2; round++) {
      const rows = await sql<{ id: number }>(
        database.fork(),
        `select id from outbox where status = 'pending' order by id`,
      )
      for (const { id } of rows) await runOutboxRow(database.fork(), id, outbox)
    }
  }
  const desviar = () => desviarAvisos(database.fork(), outbox)
  const enviar = async () => {
    for (const { conversationId } of [propia, otra]) {
      const at = conversationId === propia.conversationId ? 'messenger' : 'telegram'
      const channel = channels.get(at)
      if (channel)
        await sendPending(sendDeps(database, channel).deps, conversationId, { channel: at, account: 'default' })
    }
  }
  const change = (text: string, ...params: unknown[]) => sql(database.fork(), text, params)
  const avisos = () =>
    sql<{ channel: string; status: string; moved: boolean }>(
      database.fork(),
      `select channel, status, moved_to is not null as moved from message where outbox_id is not null order by id`,
    )
  return { ...town, propia, otra, union, channels, sent, failing, avisar, desviar, enviar, change, avisos, cuenta }
}

const POR_TELEGRAM = [
  { channel: 'messenger', status: 'failed', moved: true },
  { channel: 'telegram', status: 'sent', moved: false },
]
const POR_MESSENGER = [{ channel: 'messenger', status: 'sent', moved: false }]

describe('a notice', () => {
  it('goes where the petition was made, as long as it can', async () => {
    const { avisar, enviar, desviar, avisos } = await pueblo()
    await avisar()
    await enviar()
    expect([await desviar(), await avisos()]).toEqual([[], POR_MESSENGER])
  })

  it('goes once by another account of theirs where they asked for notices, and says why, when the window is closed', async () => {
    const { avisar, enviar, desviar, avisos, sent, change, propia } = await pueblo()
    await change(
      `update conversation set last_inbound_at = now() - interval '25 hours' where id = $1`,
      propia.conversationId,
    )
    await avisar()
    await enviar()
    await desviar()
    await enviar()
    expect(await avisos()).toEqual(POR_TELEGRAM)
    expect(sent).toEqual([{ channel: 'telegram', to: 'chat', text: expect.stringContaining('Novedad de su folio') }])
    expect(sent[0]?.text.startsWith('Le avisamos por aquí porque no pudimos por Messenger.\n')).toBe(true)
  })

  it.each([
    ['they blocked us', `update address set blocked_at = now() where channel = 'messenger'`],
    ['they said BAJA there', `update address set avisos_baja_at = now() where channel = 'messenger'`],
    [
      'the account has been down for minutes',
      `insert into channel_state (channel, account, paused_at) values ('messenger', 'default', now() - interval '6 minutes')`,
    ],
  ])('goes by the other account when %s', async (_why, what) => {
    const { avisar, enviar, avisos, change } = await pueblo()
    await change(what)
    await avisar()
    await enviar()
    expect(await avisos()).toEqual(POR_TELEGRAM)
  })

  it('that was refused or came to a closed window afterwards goes by the other one then, and not again when they write', async () => {
    const { avisar, enviar, desviar, avisos, failing, change } = await pueblo()
    failing.set('messenger', new SendError('outside_window', 'closed', { retryable: false }))
    await avisar()
    await enviar()
    expect(await avisos()).toEqual([{ channel: 'messenger', status: 'waiting_window', moved: false }])
    await change(
      `update conversation set last_inbound_at = now() - interval '2 days' where id in (select conversation_id from message where channel = 'messenger')`,
    )
    const both = await Promise.all([desviar(), desviar()])
    expect(both.flat()).toHaveLength(1)
    await enviar()
    expect([await desviar(), await avisos()]).toEqual([[], POR_TELEGRAM])
  })

  it('that waits for an account that stays down goes by the other one after some minutes', async () => {
    const { avisar, enviar, desviar, avisos, change } = await pueblo()
    await avisar()
    await change(
      `insert into channel_state (channel, account, paused_at) values ('messenger', 'default', now() - interval '6 minutes')`,
    )
    expect(await desviar()).toEqual([])
    await change(`update message set created_at = now() - interval '6 minutes'`)
    await desviar()
    await change('delete from channel_state')
    await enviar()
    expect(await avisos()).toEqual(POR_TELEGRAM)
  })

  it('that may have arrived goes by no other', async () => {
    const { avisar, enviar, desviar, avisos, failing, change } = await pueblo({ idempotentSend: true })
    await avisar()
    failing.set('messenger', new SendError('timeout', 'no answer', { retryable: true, outcomeUnknown: true }))
    await enviar()
    await change(`update address set blocked_at = now() where channel = 'messenger'`)
    await change(`update message set created_at = now() - interval '6 minutes'`)
    expect([await desviar(), await avisos()]).toEqual([[], [{ channel: 'messenger', status: 'pending', moved: false }]])
  })

  it.each([
    ['they did not ask for notices there', `update address set avisos_alta_at = null where channel = 'telegram'`],
    ['they said BAJA there', `update address set avisos_baja_at = now() where channel = 'telegram'`],
    [
      'it is down too',
      `insert into channel_state (channel, account, ok, since) values ('telegram', 'default', false, now() - interval '1 hour')`,
    ],
    [
      'it is a page that nobody may be looking at',
      `update address set channel = 'web-chat' where channel = 'telegram'`,
    ],
  ])('waits as before when there is another account but %s', async (_why, what) => {
    const { avisar, enviar, desviar, avisos, change, propia } = await pueblo()
    await change(what)
    await change(
      `update conversation set last_inbound_at = now() - interval '25 hours' where id = $1`,
      propia.conversationId,
    )
    await avisar()
    await enviar()
    expect([await desviar(), await avisos()]).toEqual([
      [],
      [{ channel: 'messenger', status: 'waiting_window', moved: false }],
    ])
  })

  it('of a reserved petition goes to no other account', async () => {
    const { avisar, enviar, desviar, avisos, change, propia } = await pueblo(undefined, QUEJA)
    await change(
      `update conversation set last_inbound_at = now() - interval '25 hours' where id = $1`,
      propia.conversationId,
    )
    await avisar()
    await enviar()
    expect([await desviar(), await avisos()]).toEqual([
      [],
      [{ channel: 'messenger', status: 'waiting_window', moved: false }],
    ])
  })

  it('on its way to an account that turns out to be another person’s is not sent', async () => {
    const town = await pueblo()
    const { avisar, enviar, change, propia, union, sent, usuarios } = town
    await change(`update address set blocked_at = now() where channel = 'messenger'`)
    await avisar()
    await en(town, (em) =>
      separarCiudadanos(
        em,
        { union, queda: propia.ciudadanoId },
        { usuarioId: usuarios.validador.id, motivo: 'No era' },
      ),
    )
    await enviar()
    expect(sent).toEqual([])
  })
})

describe('where only answers are allowed', () => {
  it('nobody is told unasked: by another account if there is one, else not at all', async () => {
    const { avisar, enviar, avisos } = await pueblo({ replyOnly: true })
    await avisar()
    await enviar()
    expect(await avisos()).toEqual(POR_TELEGRAM)
    const alone = await pueblo({ replyOnly: true })
    await alone.change(`update address set avisos_alta_at = null where channel = 'telegram'`)
    await alone.avisar()
    expect(await alone.avisos()).toEqual([])
    expect(await sql(alone.database.fork(), `select status from outbox where kind = 'notificar'`)).toEqual([
      { status: 'skipped' },
    ])
  })

  it('what happens while they are being asked whether they want notices is told when they said yes', async () => {
    const { avisar, enviar, avisos, change } = await pueblo({ replyOnly: true })
    await change(
      `update conversation set flow = 'avisos' where address_id = (select id from address where channel = 'messenger')`,
    )
    await avisar()
    expect(await avisos()).toEqual([])
    await change(`update address set avisos_alta_at = now() where channel = 'messenger'`)
    await change(`update conversation set flow = 'menu'`)
    await change(`update outbox set due_at = now() where status = 'pending'`)
    await avisar()
    await enviar()
    expect(await avisos()).toEqual(POR_MESSENGER)
  })

  it('who asked for notices is told', async () => {
    const { avisar, enviar, avisos, change } = await pueblo({ replyOnly: true })
    await change(`update address set avisos_alta_at = now() where channel = 'messenger'`)
    await avisar()
    await enviar()
    expect(await avisos()).toEqual(POR_MESSENGER)
  })
})
