import { describe, expect, it } from 'vitest'
import { sql } from '../../src/runtime/sql.ts'
import { lockConversation } from '../../src/workflow/mensajes/turn-rows.ts'
import { reintentarOutbox } from '../../src/workflow/outbox.ts'
import { registrar } from '../../src/workflow/peticion/registrar.ts'
import { canalizar } from '../../src/workflow/peticion/verbos/canalizar.ts'
import { cancelar } from '../../src/workflow/peticion/verbos/cancelar.ts'
import { concluir } from '../../src/workflow/peticion/verbos/concluir.ts'
import { devolver } from '../../src/workflow/peticion/verbos/devolver.ts'
import { recibir } from '../../src/workflow/peticion/verbos/recibir.ts'
import { responder } from '../../src/workflow/peticion/verbos/responder.ts'
import { rechazar } from '../../src/workflow/peticion/verbos/validar.ts'
import { OUTBOX_ATTEMPTS, type OutboxDeps, runOutboxRow } from '../../src/workflow/run-outbox.ts'
import { type Ayuntamiento, ayuntamiento, BACHE, en, QUEJA, registrarDe, type Vecina, vecina } from './ayuntamiento.ts'
import { ctx, llevada, SISTEMA } from './camino.ts'
import { RESUELTO } from './hacer.ts'

interface Fila {
  id: number
  kind: string
  status: string
  attempts: number
  error: string | null
  messageId: number | null
}

const filas = ({ database }: Ayuntamiento) =>
  sql<Fila>(
    database.fork(),
    'select id, kind, status, attempts, error, message_id as "messageId" from outbox order by id',
  )

const correr = (town: Ayuntamiento, id: number, change: Partial<OutboxDeps> = {}) =>
  runOutboxRow(town.database.fork(), id, { ...town.outbox, ...change })

/** Runs all that waits, newest first: the order of the jobs is nobody's promise. */
async function correrTodo(town: Ayuntamiento, change: Partial<OutboxDeps> = {}): Promise<void> {
  for (;;) {
    const waiting = (await filas(town)).filter((one) => one.status === 'pending').reverse()
    if (waiting.length === 0) return
    for (const { id } of waiting) await correr(town, id, change)
  }
}

const oidos = async ({ database }: Ayuntamiento, { conversationId }: Vecina) =>
  (
    await sql<{ text: string; url: string }>(
      database.fork(),
      `select body->>'text' as text, body->'link'->>'url' as url from message
        where conversation_id = $1 and status = 'pending' order by seq`,
      [conversationId],
    )
  ).map((one) => ({ ...one, line: one.text.split('\n')[1] ?? one.text }))

const yaDebida = ({ database }: Ayuntamiento) => sql(database.fork(), 'update outbox set due_at = now()')

describe('what a registered petition owes', () => {
  it('is done: it is directed and the citizen hears where to, once however often the job runs', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const { folio, outbox, enlacePublico } = await registrarDe(town, quien)
    await Promise.all([1, 2, 3].map(() => correr(town, outbox[0] ?? 0)))
    const [canaliza, notifica] = await filas(town)
    expect(canaliza).toMatchObject({ kind: 'canalizar', status: 'done', attempts: 0 })
    expect(notifica).toMatchObject({ kind: 'notificar', status: 'pending' })
    const results = await Promise.all([1, 2, 3].map(() => correr(town, notifica?.id ?? 0)))
    const messages = results.flatMap((one) => one.messages)
    expect(messages).toEqual([
      { id: expect.any(Number), channel: 'telegram', account: 'default', conversationId: quien.conversationId },
    ])
    expect((await filas(town))[1]).toMatchObject({ status: 'done', messageId: messages[0]?.id })
    const heard = await oidos(town, quien)
    expect(heard).toHaveLength(1)
    expect(heard[0]?.text).toContain(folio)
    expect(heard[0]?.text).toContain('Obras Públicas')
    expect(heard[0]?.url).toBe(enlacePublico)
  })

  it('is nothing any more when UAC was quicker, or it was cancelled', async () => {
    const town = await ayuntamiento()
    const { validador } = town.usuarios
    const una = await registrarDe(town, await vecina(town.database.fork()))
    await en(town, (em) => canalizar(em, una.peticionId, validador, { dependencia: 'TV' }, ctx))
    const otra = await registrarDe(town, await vecina(town.database.fork()))
    await en(town, (em) => cancelar(em, otra.peticionId, validador, { motivo: 'x', explicacion: 'x' }, ctx))
    await correr(town, una.outbox[0] ?? 0)
    await correr(town, otra.outbox[0] ?? 0)
    const done = (await filas(town)).filter((one) => one.kind === 'canalizar')
    expect(done.map((one) => one.status)).toEqual(['skipped', 'skipped'])
  })
})

describe('the citizen', () => {
  it('hears of each step in the order of the history, whatever the order of the jobs', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const id = await llevada(town, 'VALIDADO', BACHE, quien)
    await correrTodo(town)
    const heard = await oidos(town, quien)
    expect(heard.map((one) => one.line)).toEqual([
      'ya la enviamos a quien la va a atender: Obras Públicas.',
      'quien la atiende, Obras Públicas, ya la recibió y la está revisando.',
      'quien la atiende, Obras Públicas, ya la está trabajando.',
      'quien la atiende, Obras Públicas, informa que ya se resolvió. Lo vamos a comprobar.',
      'comprobamos la respuesta y la petición quedó cerrada. Gracias por ayudarnos.',
    ])
    expect(heard.at(-1)?.text.split('\n').at(-1)).toBe(
      'Si el problema sigue, escriba REABRIR antes del 7 de diciembre.',
    )
    expect(id).toBeGreaterThan(0)
  })

  it('is told why it was not solved, and that it goes on when UAC does not accept that', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const id = await llevada(town, 'PROCESO', BACHE, quien)
    const { enlaceObras, validador } = town.usuarios
    const explicacion = 'La calle es federal y no podemos trabajar en ella.'
    await en(town, (em) => concluir(em, id, enlaceObras, { ...RESUELTO, resuelto: false, explicacion }, ctx))
    await en(town, (em) => rechazar(em, id, validador, { motivo: 'No es federal' }, ctx))
    await correrTodo(town)
    const [no, sigue] = (await oidos(town, quien)).slice(-2)
    expect(no?.text).toContain(explicacion)
    expect(sigue?.text).toContain('regresamos para que la terminen de atender: Obras Públicas')
    expect(sigue?.text).not.toContain('No es federal')
  })

  it('does not hear that an enlace gave it back', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const { peticionId: id } = await registrarDe(town, quien)
    await en(town, (em) => canalizar(em, id, SISTEMA, {}, ctx))
    await en(town, (em) => recibir(em, id, town.usuarios.enlaceObras, {}, ctx))
    const before = (await filas(town)).length
    await en(town, (em) => devolver(em, id, town.usuarios.enlaceObras, { motivo: 'No es nuestra' }, ctx))
    expect(await filas(town)).toHaveLength(before)
  })

  it('of a reserved petition reads no more than that there is news', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const { folio } = await registrarDe(town, quien, QUEJA)
    await correrTodo(town)
    const heard = await oidos(town, quien)
    expect(heard.map((one) => one.text)).toEqual([`Su folio ${folio} tiene una novedad.`])
  })

  it.each([
    ['asked for no notices', 'update address set avisos_baja_at = now()'],
    ['blocked us', 'update address set blocked_at = now()'],
  ])('who %s gets none', async (_why, change) => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    await llevada(town, 'CANALIZADO', BACHE, quien)
    await sql(town.database.fork(), change)
    await correrTodo(town)
    expect(await oidos(town, quien)).toEqual([])
    expect((await filas(town)).map((one) => one.status)).toEqual(['skipped', 'skipped'])
  })
})

describe('what fails', () => {
  const falla = (town: Ayuntamiento, veces: number): OutboxDeps['enviar'] => {
    let left = veces
    return (...args) => (left-- > 0 ? Promise.reject(new Error('the channel is gone')) : town.outbox.enviar(...args))
  }

  it('is tried again after growing pauses, and later notices wait for it', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    await llevada(town, 'RECIBIDO', BACHE, quien)
    const [, primera, segunda] = await filas(town)
    const enviar = falla(town, 1)
    expect(await correr(town, segunda?.id ?? 0, { enviar })).toEqual({ messages: [] })
    expect(await oidos(town, quien)).toEqual([])
    expect((await filas(town))[1]).toMatchObject({
      status: 'pending',
      attempts: 1,
      error: 'Error: the channel is gone',
    })
    await correr(town, primera?.id ?? 0, { enviar })
    expect((await filas(town))[1]).toMatchObject({ status: 'pending' })
    await yaDebida(town)
    await correr(town, segunda?.id ?? 0, { enviar })
    expect((await oidos(town, quien)).map((one) => one.line)).toEqual([
      'ya la enviamos a quien la va a atender: Obras Públicas.',
      'quien la atiende, Obras Públicas, ya la recibió y la está revisando.',
    ])
  })

  it('at last is left to the staff, who may have it tried again, and stops nothing', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    await llevada(town, 'RECIBIDO', BACHE, quien)
    const [, primera, segunda] = await filas(town)
    const enviar = falla(town, OUTBOX_ATTEMPTS)
    for (let i = 0; i < OUTBOX_ATTEMPTS; i++) {
      await yaDebida(town)
      await correr(town, primera?.id ?? 0, { enviar })
    }
    expect((await filas(town))[1]).toMatchObject({ status: 'failed', attempts: OUTBOX_ATTEMPTS })
    await correr(town, segunda?.id ?? 0, { enviar })
    expect((await oidos(town, quien)).map((one) => one.line)).toEqual([
      'quien la atiende, Obras Públicas, ya la recibió y la está revisando.',
    ])

    expect(await en(town, (em) => reintentarOutbox(em, primera?.id ?? 0))).toBe(true)
    expect(await en(town, (em) => reintentarOutbox(em, segunda?.id ?? 0))).toBe(false)
    await correr(town, primera?.id ?? 0, { enviar })
    expect((await filas(town))[1]).toMatchObject({ status: 'done', error: null })
  })

  it('is nobody’s fault when the database is away', async () => {
    const town = await ayuntamiento()
    await llevada(town, 'CANALIZADO', BACHE, await vecina(town.database.fork()))
    const [, notifica] = await filas(town)
    const away = Object.assign(new Error('Connection terminated'), { code: '57P01' })
    await expect(correr(town, notifica?.id ?? 0, { enviar: () => Promise.reject(away) })).rejects.toThrow(away)
    expect((await filas(town))[1]).toMatchObject({ status: 'pending', attempts: 0 })
  })
})

it('turns, replies, verbs and notices about one person at once all end', async () => {
  const town = await ayuntamiento()
  const { database, outbox, usuarios } = town
  const quien = await vecina(database.fork())
  const ids = await Promise.all([1, 2, 3, 4].map(() => llevada(town, 'CANALIZADO', BACHE, quien)))
  const turno = () =>
    en(town, async (em) => {
      await lockConversation(em, quien.conversationId)
      const origen = { tipo: 'chat', ...quien, medio: 'telegram' } as const
      await registrar(em, BACHE, origen, { ...town.services, ahora: ctx.ahora })
    })
  const respuesta = (id: number) =>
    en(town, (em) => responder(em, id, usuarios.enlaceObras, { texto: 'Vamos' }, { ...outbox, ahora: ctx.ahora }))
  await Promise.all([
    ...ids.flatMap((id) => [turno(), respuesta(id), en(town, (em) => recibir(em, id, usuarios.enlaceObras, {}, ctx))]),
    ...(await filas(town)).map((one) => correr(town, one.id)),
  ])
  await correrTodo(town)
  const seqs = await sql<{ seq: number }>(database.fork(), 'select seq from message order by seq')
  expect(seqs.map((one) => one.seq)).toEqual(seqs.map((_, at) => at + 1))
  // Four replies; of eight petitions where they went, and of four that they were received.
  expect(seqs).toHaveLength(4 + 8 + 4)
})
