import { describe, expect, it } from 'vitest'
import { createConversations } from '../../../src/conversation/flows/conversations.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { createProponer } from '../../../src/workflow/mensajes/proponer.ts'
import { preguntar } from '../../../src/workflow/peticion/verbos/preguntar.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { AHORA, type Ayuntamiento, ayuntamiento, BACHE, en, municipio, vecina } from '../ayuntamiento.ts'
import { llevada } from '../camino.ts'

const { propose } = createConversations(await readSettings(CONFIG_FOLDER, {}), 'https://uac.example')

async function suya(town: Ayuntamiento, hasta: Parameters<typeof llevada>[1]) {
  const quien = await vecina(town.database.fork())
  await sql(town.database.fork(), 'update address set aviso_version = $1', [municipio.aviso_privacidad.version])
  return { ...quien, id: await llevada(town, hasta, BACHE, quien) }
}

/** What is asked after the petition's last change. */
async function propuesta(town: Ayuntamiento, { id, conversationId }: { id: number; conversationId: number }) {
  const proponer = createProponer({
    propose,
    servicesFor: (em, conversation) => servicesFor(em, conversation, town.services),
  })
  const row = await sqlOne<{ id: number }>(
    town.database.fork(),
    'select max(id) as id from movimiento where peticion_id = $1',
    [id],
  )
  return en(town, (em) => proponer(em, conversationId, row?.id ?? 0))
}

const flow = async (town: Ayuntamiento, id: number) =>
  (await sqlOne<{ flow: string | null }>(town.database.fork(), 'select flow from conversation where id = $1', [id]))
    ?.flow

describe('with the notice of a change', () => {
  it('that closed the petition its citizen is asked how it ended, once', async () => {
    const town = await ayuntamiento()
    const una = await suya(town, 'VALIDADO')
    const [asked] = await propuesta(town, una)
    expect(asked?.text).toContain('¿Quedó resuelto')
    expect(asked?.options?.map(({ id }) => id)).toContain('resuelto/si_quedo')
    expect(await flow(town, una.conversationId)).toBe('encuesta')
    await sql(
      town.database.fork(),
      `insert into encuesta (peticion_id, resuelto, medio, at) values ($1, true, 'telegram', now())`,
      [una.id],
    )
    expect(await propuesta(town, una)).toEqual([])
  })

  it('by which the staff asked something, the question is put, so that the next words are its answer', async () => {
    const town = await ayuntamiento()
    const una = await suya(town, 'PROCESO')
    const ctx = { ahora: AHORA, municipio }
    await en(town, (em) => preguntar(em, una.id, town.usuarios.enlaceObras, { texto: '¿De qué lado está?' }, ctx))
    const [asked] = await propuesta(town, una)
    expect(asked?.text).toContain('¿De qué lado está?')
    expect(await flow(town, una.conversationId)).toBe('contestar')
  })

  it('nothing is asked of who is in the middle of something, speaks with a person, or blocked us', async () => {
    const town = await ayuntamiento()
    for (const change of [
      `update conversation set flow = 'registrar', step = 'calle'`,
      `update conversation set flow = null, mode = 'human'`,
      `update address set blocked_at = now()`,
    ]) {
      const una = await suya(town, 'VALIDADO')
      await sql(town.database.fork(), change)
      const before = await flow(town, una.conversationId)
      expect(await propuesta(town, una)).toEqual([])
      expect(await flow(town, una.conversationId)).toBe(before)
      await sql(town.database.fork(), `update conversation set flow = null, mode = 'bot'`)
    }
  })

  it('nothing is asked after other changes', async () => {
    const town = await ayuntamiento()
    expect(await propuesta(town, await suya(town, 'CONCLUIDO'))).toEqual([])
  })
})
