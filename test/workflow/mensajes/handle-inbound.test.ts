import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { lockConversation } from '../../../src/workflow/mensajes/turn-rows.ts'
import { echo, messages, onlyConversation, said, testDatabase, turnDeps, waitingForALock } from '../way-fixture.ts'

const quietly = () => undefined

describe('handleInbound', () => {
  it('answers in order, numbering what was said on both sides', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'uno'), said('ana', 'dos')])
    const { deps, results } = turnDeps(database, echo)
    await handleInbound(deps, await onlyConversation(database))
    expect(
      (await messages(database)).map(({ seq, direction, text, status }) => [seq, direction, text, status]),
    ).toEqual([
      [1, 'in', 'uno', 'handled'],
      [2, 'out', 'eco: uno', 'pending'],
      [3, 'in', 'dos', 'handled'],
      [4, 'out', 'eco: dos', 'pending'],
    ])
    expect(results).toMatchObject([{ handled: 2, replies: 2, failed: 0 }])
  })

  it('handles each message once when many processes look at the same conversation', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)(Array.from({ length: 10 }, (_, index) => said('ana', String(index))))
    const { deps } = turnDeps(database, echo)
    const id = await onlyConversation(database)
    await Promise.all(Array.from({ length: 8 }, () => handleInbound(deps, id)))
    const rows = await messages(database)
    expect(rows).toHaveLength(20)
    expect(rows.filter((row) => row.direction === 'in').map((row) => row.text)).toEqual([...'0123456789'])
    const [conversation] = await sql<{ answers: { n: number } }>(database.fork(), 'select answers from conversation')
    expect(conversation?.answers.n).toBe(10)
  })

  it('knows what the turn before it noted of the person, also when it waited for that in another process', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'acepto'), said('ana', 'hay un bache')])
    const id = await onlyConversation(database)
    const known: (string | null)[] = []
    const { deps } = turnDeps(database, async (state, message, services) => {
      known.push(state.avisoVersion)
      return echo(state, message, services)
    })
    let turn: Promise<unknown> = Promise.resolve()
    await database.fork().transactional(async (em) => {
      await lockConversation(em, id)
      await sql(em, "update address set aviso_version = 'v1'")
      await sql(em, 'update conversation set misses = misses + 1')
      turn = handleInbound(deps, id)
      await waitingForALock(database)
    })
    await turn
    expect(known).toEqual(['v1', 'v1'])
  })

  it('rolls back only the message that fails, tries it again later, and lets none behind it pass', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'bien'), said('ana', 'veneno'), said('ana', 'después')])
    const { deps } = turnDeps(database, poisoned)
    const again = await handleInbound(deps, await onlyConversation(database))
    expect(again).toBe(1000)
    expect((await messages(database)).map(({ text, status, attempts }) => [text, status, attempts])).toEqual([
      ['bien', 'handled', 0],
      ['eco: bien', 'pending', 0],
      ['veneno', 'received', 1],
      ['después', 'received', 0],
    ])
  })

  it('sets a message aside after three failures: apology, a person, and the ones behind it go on', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'veneno'), said('ana', 'después')])
    const { deps } = turnDeps(database, poisoned)
    const id = await onlyConversation(database)
    for (let attempt = 0; attempt < 3; attempt++) {
      await sql(database.fork(), 'update message set due_at = null')
      await handleInbound(deps, id)
    }
    expect((await messages(database)).map(({ text, status }) => [text, status])).toEqual([
      ['veneno', 'failed'],
      ['disculpe', 'pending'],
      ['después', 'handled'],
      ['eco: después', 'pending'],
    ])
    const [conversation] = await sql<{ mode: string }>(
      database.fork(),
      'select mode from conversation where human_since is not null',
    )
    expect(conversation?.mode).toBe('human')
  })

  it('leaves no trace in other tables of a message that failed half-way', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'veneno', { media: [{ kind: 'image', ref: 'f1' }] })])
    const { deps } = turnDeps(database, poisoned)
    await handleInbound(deps, await onlyConversation(database))
    expect(await sql(database.fork(), 'select id from attachment')).toEqual([])
  })

  it('makes one turn of an album once its pictures have come', async () => {
    const database = await testDatabase()
    const album = ['f1', 'f2'].map((ref) =>
      said('ana', '', { kind: 'image', group: 'a1', media: [{ kind: 'image', ref }] }),
    )
    await createSaveInbound(database, quietly)(album)
    const seen: number[] = []
    const { deps, results } = turnDeps(database, async (state, message) => {
      seen.push(message.media?.filter((file) => file.attachmentId).length ?? 0)
      return { conversation: state, replies: [] }
    })
    const id = await onlyConversation(database)
    expect(await handleInbound(deps, id)).toBeGreaterThan(0)
    await sql(database.fork(), "update message set created_at = now() - interval '1 second'")
    await handleInbound(deps, id)
    expect(seen).toEqual([2])
    expect(results.flatMap((result) => result.attachments)).toHaveLength(2)
  })

  it('waits for quiet where free text is awaited, then answers the burst once', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'hay un bache'), said('ana', 'enfrente de mi casa')])
    const { deps } = turnDeps(database, echo, { quiet: 60_000 })
    const id = await onlyConversation(database)
    expect(await handleInbound(deps, id)).toBeGreaterThan(50_000)
    await sql(database.fork(), "update message set created_at = now() - interval '2 minutes'")
    await handleInbound(deps, id)
    expect((await messages(database)).at(-1)?.text).toBe('eco: hay un bache\nenfrente de mi casa')
  })

  it('empties what an anonymous report said, and its answer once it was delivered', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'denuncio')])
    const { deps } = turnDeps(database, async (state) => ({
      conversation: state,
      replies: [{ text: 'su folio' }],
      severSince: new Date(0),
    }))
    await handleInbound(deps, await onlyConversation(database))
    const rows = await sql(
      database.fork(),
      'select direction, body, expires_at is not null as expires from message order by seq',
    )
    expect(rows).toEqual([
      { direction: 'in', body: {}, expires: false },
      { direction: 'out', body: { text: 'su folio' }, expires: true },
    ])
  })

  it('keeps what was said right after an anonymous report, be it handled with it or stored meanwhile', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, quietly)
    const photo = { kind: 'image' as const, media: [{ kind: 'image' as const, ref: 'f1' }] }
    await save([said('ana', 'confirmo'), said('ana', 'otro bache', photo)])
    const heard: (string | undefined)[] = []
    const { deps } = turnDeps(database, async (state, message) => {
      heard.push(message.text)
      if (message.text !== 'confirmo') return { conversation: state, replies: [] }
      await save([said('ana', 'y una luminaria')])
      return { conversation: state, replies: [{ text: 'su folio' }], severSince: new Date(0) }
    })
    const id = await onlyConversation(database)
    while ((await handleInbound(deps, id)) !== undefined);
    expect(heard).toEqual(['confirmo', 'otro bache', 'y una luminaria'])
    expect(
      await sql(
        database.fork(),
        "select body->>'text' as text, status from message where direction = 'in' order by seq",
      ),
    ).toEqual([
      { text: null, status: 'handled' },
      { text: 'otro bache', status: 'handled' },
      { text: 'y una luminaria', status: 'handled' },
    ])
    expect(await sql(database.fork(), 'select status from attachment')).toEqual([{ status: 'pending' }])
  })

  it('keeps the photographs of another unfinished petition when an anonymous report is cut off', async () => {
    const database = await testDatabase()
    const photo = (ref: string) => said('ana', ref, { kind: 'image', media: [{ kind: 'image', ref }] })
    await createSaveInbound(database, quietly)([photo('de otra'), photo('de nadie'), said('ana', 'confirmo')])
    const { deps } = turnDeps(database, async (state, message) => {
      if (message.text === 'confirmo') return { conversation: state, replies: [], severSince: new Date(0) }
      const fotos = message.media?.map((file) => file.attachmentId)
      return { conversation: message.text === 'de otra' ? { ...state, answers: { fotos } } : state, replies: [] }
    })
    await handleInbound(deps, await onlyConversation(database))
    expect(
      await sql(
        database.fork(),
        "select source->>'ref' as ref, status, conversation_id is null as cut from attachment order by ref",
      ),
    ).toEqual([
      { ref: 'de nadie', status: 'discarded', cut: true },
      { ref: 'de otra', status: 'pending', cut: false },
    ])
  })

  it('undoes what a turn did when its replies cannot be made fit for the channel', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, quietly)([said('ana', 'sí')])
    const { deps } = turnDeps(database, echo)
    let em: Parameters<typeof deps.servicesFor>[0] | undefined
    const registering: typeof deps = {
      ...deps,
      servicesFor: (inTurn, conversation) => {
        em = inTurn
        return deps.servicesFor(inTurn, conversation)
      },
      advance: async (state) => {
        if (em) await sql(em, "insert into dia_inhabil (fecha, nombre) values ('2026-12-25', 'Navidad')")
        return { conversation: state, replies: [{ text: 'su folio' }] }
      },
      limitsOf: (channel, account) => ({
        ...deps.limitsOf(channel, account),
        get text(): number {
          throw new Error('this cannot be split')
        },
      }),
    }
    expect(await handleInbound(registering, await onlyConversation(database))).toBe(1000)
    expect(await sql(database.fork(), 'select 1 from dia_inhabil')).toEqual([])
  })

  it('marks an address that blocked us, and clears it when the person writes again', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, quietly)
    const { deps } = turnDeps(database, async (state) => ({ conversation: state, replies: [] }))
    const blocked = () =>
      sql<{ blocked: boolean }>(database.fork(), 'select blocked_at is not null as blocked from address')
    await save([said('ana', '', { kind: 'blocked' })])
    const id = await onlyConversation(database)
    await handleInbound(deps, id)
    expect(await blocked()).toEqual([{ blocked: true }])
    await save([said('ana', 'volví')])
    await handleInbound(deps, id)
    expect(await blocked()).toEqual([{ blocked: false }])
  })
})

const poisoned: typeof echo = async (state, message, services) => {
  if (message.text === 'veneno') throw new Error('cannot be processed')
  return echo(state, message, services)
}

describe('a conversation that the assistant gives to a person', () => {
  const toPerson: typeof echo = async (state) => ({
    conversation: { ...state, mode: 'human' },
    replies: [{ text: 'Le paso con una persona' }],
  })

  it('is passed to the platform’s inbox after what was said, once, and only where the channel does so', async () => {
    const database = await testDatabase()
    const save = createSaveInbound(database, quietly)
    await save([said('ana', 'asesor')])
    const { deps } = turnDeps(database, toPerson, { handsOver: true })
    const id = await onlyConversation(database)
    await handleInbound(deps, id)
    await save([said('ana', '¿siguen ahí?')])
    await handleInbound(deps, id)
    const bodies = await sql<{ body: object }>(
      database.fork(),
      `select body from message where direction = 'out' order by seq`,
    )
    expect(bodies.filter(({ body }) => 'handOver' in body)).toHaveLength(1)
    expect(bodies[1]).toEqual({ body: { handOver: true } })
  })
})
