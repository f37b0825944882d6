import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { createSavePublic } from '../../../src/workflow/redes/guardar.ts'
import { leerDetalles } from '../../../src/workflow/redes/leer-detalles.ts'
import { createAccounts } from '../../channels/meta/context.ts'
import { allowTheNetwork, forbidTheNetwork, ROOT } from '../../channels/meta/graph-api.ts'
import { ayuntamiento, silent } from '../ayuntamiento.ts'
import { filas, llegan, sucesosDe } from './redes-fixture.ts'

const COMENTARIO = '122104_9001'

describe('what is said in public', () => {
  it('is stored once, however often it comes and twenty at once', async () => {
    const { database } = await ayuntamiento()
    const save = createSavePublic(database, () => undefined)
    const results = await Promise.all(Array.from({ length: 20 }, () => save(sucesosDe('page/comment'))))
    expect(results.reduce((sum, { saved }) => sum + saved, 0)).toBe(1)
    expect(await filas(database)).toMatchObject([
      { texto: 'Hay una fuga de agua en la calle Hidalgo', publicado: true },
    ])
  })

  it.each([
    [['comment', 'comment-edited', 'comment-hidden', 'comment-unhidden', 'comment-removed']],
    [['comment-removed', 'comment-unhidden', 'comment-hidden', 'comment-edited', 'comment']],
    [['comment-edited', 'comment-removed', 'comment', 'comment-unhidden', 'comment-hidden']],
  ])('comes to the same in any order: %s', async (order) => {
    const { database } = await ayuntamiento()
    await llegan(database, ...order.map((name) => `page/${name}`))
    const [fila] = await filas(database, COMENTARIO)
    expect(fila).toMatchObject({ texto: 'Hay una fuga de agua en la calle Hidalgo 123', borrado: true, oculto: false })
    const kept = await sql<{ texto: string | null }>(
      database.fork(),
      `select cuerpo->>'text' as texto from comentario_suceso where verbo in ('add', 'edit') order by at`,
    )
    expect(kept.map(({ texto }) => texto)).toEqual([
      'Hay una fuga de agua en la calle Hidalgo',
      'Hay una fuga de agua en la calle Hidalgo 123',
    ])
  })

  it('does not show in the tray while only its removal is known', async () => {
    const { database } = await ayuntamiento()
    await llegan(database, 'page/comment-removed')
    expect(await filas(database)).toMatchObject([{ publicado: false, borrado: true }])
  })

  it.each([[['page/comment', 'page/comment-own']], [['page/comment-own', 'page/comment']]])(
    'is attended when our page answered elsewhere: %s',
    async (order) => {
      const { database } = await ayuntamiento()
      await llegan(database, ...order)
      expect((await filas(database, COMENTARIO))[0]).toMatchObject({ atendido: true, contestado: true })
      expect((await filas(database, '122104_9010'))[0]).toMatchObject({ propio: true })
    },
  )

  it('of two deliveries that name the same comments in another order both end', async () => {
    const { database } = await ayuntamiento()
    const save = createSavePublic(database, () => undefined)
    const batch = sucesosDe('page/comment', 'page/comment-reply', 'page/comment-edited', 'page/comment-hidden')
    await Promise.all(Array.from({ length: 8 }, (_, at) => save(at % 2 ? batch : batch.toReversed())))
    expect(await filas(database)).toHaveLength(2)
  })

  it('wakes who asks for the rest only when the platform told not all', async () => {
    const { database } = await ayuntamiento()
    let woken = 0
    const save = createSavePublic(database, () => woken++)
    await save(sucesosDe('page/comment-own'))
    expect(woken).toBe(0)
    await save(sucesosDe('instagram/mention-comment'))
    expect(woken).toBe(1)
  })
})

describe('what the platform did not tell', () => {
  beforeEach(forbidTheNetwork)
  afterEach(allowTheNetwork)
  const deps = async () => {
    const { database } = await ayuntamiento()
    const { channelOf } = createAccounts()
    return { database, channelOf, log: silent }
  }
  const due = (database: Parameters<typeof filas>[0]) =>
    sql(database.fork(), 'select detalle_intentos as n from comentario where detalle_at is not null')

  it('is asked for once and kept', async () => {
    const town = await deps()
    await llegan(town.database, 'instagram/mention-comment')
    nock(ROOT)
      .get(/mentioned_comment/)
      .reply(200, { mentioned_comment: { text: '@ayuntamiento ¿y el bache?', username: 'persona.de.prueba' } })
    expect(await leerDetalles(town)).toBe(1)
    expect(await leerDetalles(town)).toBe(0)
    expect(await filas(town.database)).toMatchObject([{ texto: '@ayuntamiento ¿y el bache?' }])
  })

  it('is asked for later when Meta fails, and not again when it is gone', async () => {
    const town = await deps()
    await llegan(town.database, 'page/comment')
    nock(ROOT)
      .get(/122104_9001/)
      .reply(500, { error: { code: 2, message: 'Service temporarily unavailable' } })
    await leerDetalles(town)
    expect(await due(town.database)).toEqual([{ n: 1 }])
    await sql(town.database.fork(), 'update comentario set detalle_at = now()')
    nock(ROOT)
      .get(/122104_9001/)
      .reply(400, { error: { code: 100, error_subcode: 33, message: 'does not exist' } })
    await leerDetalles(town)
    expect(await due(town.database)).toEqual([])
    expect(await filas(town.database)).toMatchObject([{ texto: 'Hay una fuga de agua en la calle Hidalgo' }])
  })
})
