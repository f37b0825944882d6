import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterEach, beforeEach, expect } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { createSavePublic } from '../../../src/workflow/redes/guardar.ts'
import { createAccounts } from '../../channels/meta/context.ts'
import { allowTheNetwork, forbidTheNetwork } from '../../channels/meta/graph-api.ts'
import { filas, sucesosDe } from '../../workflow/redes/redes-fixture.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'

/** The platform's id of the comment in `page/comment`. */
export const ID = '122104_9001'

/** A panel with a page and an Instagram account connected, and two agents of Comunicación Social. */
export interface Redes {
  panel: TestPanel
  agente: Navegador
  colega: Navegador
  /** Somebody comments, now unless said; gives the row's id. */
  comentan(name?: string, at?: Date): Promise<number>
  /** Posts the form of an act, with an id of its own. */
  hacer(id: number, acto: string, fields?: Record<string, string>, quien?: Navegador): Promise<LightMyRequestResponse>
  actos(id: number): Promise<{ acto: string; estado: string; error: string | null }[]>
  auditado(id: number): Promise<{ action: string }[]>
  /** The page of a comment. */
  ver(id: number): Promise<string>
}

/** The accounts that Redes speaks for in tests. */
export function metaOf() {
  const { channelOf } = createAccounts()
  return (name: string, account: string) =>
    account === 'default' && (name === 'messenger' || name === 'instagram') ? channelOf(name) : undefined
}

/** As if nobody had said anything yet. */
export async function olvidar({ database }: TestPanel): Promise<void> {
  await sql(database.fork(), 'truncate comentario, comentario_suceso, comentario_acto, peticion_publicacion')
}

/**
 * Starts it for the tests of one file, at its top: all comments are forgotten before each of them, and the Graph API answers only
 * what a test says.
 */
export async function startRedes(): Promise<Redes> {
  const panel = await startPanel({ channelOf: metaOf() })
  beforeEach(async () => {
    forbidTheNetwork()
    await olvidar(panel)
  })
  afterEach(allowTheNetwork)
  const agente = await panel.logIn(['comunicacion'])
  const colega = await panel.logIn(['comunicacion'])
  const { database } = panel
  return {
    panel,
    agente,
    colega,
    async comentan(name = 'page/comment', at = new Date()) {
      const events = sucesosDe(name).map((event) => ({ ...event, at, post: { ...event.post, publishedAt: at } }))
      await createSavePublic(database, () => undefined)(events)
      return (await filas(database)).at(-1)?.id ?? 0
    },
    hacer: (id, acto, fields = {}, quien = agente) =>
      quien.post(`/admin/redes/${id}/${acto}`, { solicitud: randomUUID(), ...fields }),
    actos: (id) =>
      sql(database.fork(), 'select acto, estado, error from comentario_acto where comentario_id = $1 order by id', [
        id,
      ]),
    auditado: (id) => sql(database.fork(), AUDITADO, [String(id)]),
    ver: async (id) => (await agente.get(`/admin/redes/${id}`)).body,
  }
}

/** The answer to a form: back to the comment, with what became of it. */
export const vuelve = (id: number, hecho: string) => ({
  statusCode: 303,
  headers: expect.objectContaining({ location: `/admin/redes/${id}?hecho=${hecho}` }),
})

const AUDITADO = `
select action from audit
 where object_type = 'comentario' and object_id = $1 and action <> 'comentario.ver' order by id`
