import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import {
  publicarAvisoActivo,
  sumarseAAvisoActivo,
  terminarAvisosActivos,
} from '../../../src/workflow/avisos/avisos-activos.ts'
import { sumarse } from '../../../src/workflow/avisos/sumados.ts'
import { procesar } from '../../../src/workflow/peticion/verbos/procesar.ts'
import { responder } from '../../../src/workflow/peticion/verbos/responder.ts'
import { runOutboxRow } from '../../../src/workflow/run-outbox.ts'
import { AHORA, type Ayuntamiento, adjunto, ayuntamiento, BACHE, en, type Vecina, vecina } from '../ayuntamiento.ts'
import { ctx, llevada } from '../camino.ts'

async function correrTodo(town: Ayuntamiento): Promise<void> {
  for (;;) {
    const waiting = await sql<{ id: number }>(
      town.database.fork(),
      `select id from outbox where status = 'pending' order by id`,
    )
    if (waiting.length === 0) return
    for (const { id } of waiting) await runOutboxRow(town.database.fork(), id, town.outbox)
  }
}

const oidos = async ({ database }: Ayuntamiento, { conversationId }: Vecina): Promise<string[]> =>
  (
    await sql<{ text: string }>(
      database.fork(),
      `select (body->>'text') || coalesce(' ' || (body->'link'->>'label'), '') as text from message where conversation_id = $1 order by seq`,
      [conversationId],
    )
  ).map(({ text }) => text)

it('who chose English hears everything of a petition in English, and a neighbour who joined hears it in theirs', async () => {
  const town = await ayuntamiento()
  const em = town.database.fork()
  const [quien, vecino] = [await vecina(em), await vecina(em)]
  await sql(em, `update conversation set locale = 'en' where id = $1`, [quien.conversationId])
  const peticionId = await llevada(town, 'RECIBIDO', BACHE, quien)
  const [{ folio } = { folio: '' }] = await sql<{ folio: string }>(em, 'select folio from peticion where id = $1', [
    peticionId,
  ])
  await correrTodo(town)
  expect((await oidos(town, quien)).at(-1)).toMatch(
    /^News of your folio \S+ \(Pothole\):.* received it.*See the progress$/s,
  )
  await em.transactional((tx) => sumarse(tx, vecino.addressId, folio, AHORA))
  const { enlaceObras } = town.usuarios
  await en(town, async (tx) =>
    procesar(tx, peticionId, enlaceObras, { formato: await adjunto(tx, peticionId, 'formato') }, ctx),
  )
  await correrTodo(town)
  expect((await oidos(town, quien)).at(-1)).toContain('is working on it')
  expect((await oidos(town, vecino)).at(-1)).toContain('al que usted se sumó')
  const contexto = { ...town.outbox, ...ctx }
  await en(town, (tx) => responder(tx, peticionId, enlaceObras, { texto: 'Vamos el lunes.' }, contexto))
  expect((await oidos(town, quien)).at(-1)).toMatch(/^About your folio .* answers you:\nVamos el lunes\./s)

  const corte = {
    texto: 'No hay agua.',
    categorias: ['AGUA_FALTA'],
    colonias: [],
    hasta: new Date(AHORA.getTime() + 60_000),
  }
  const aviso = await publicarAvisoActivo(em, corte, town.usuarios.validador.id, AHORA)
  await sumarseAAvisoActivo(em, aviso, quien.addressId, AHORA)
  await terminarAvisosActivos(town.database.fork(), { ...town.outbox, ahora: () => corte.hasta })
  expect((await oidos(town, quien)).at(-1)).toContain('This notice has ended: No hay agua.')
})
