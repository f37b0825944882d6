import { describe, expect, test } from 'vitest'
import type { Mensajes } from '../../../src/conversation/mensajes.ts'
import { sql } from '../../../src/runtime/sql.ts'
import type { ReplaySettings } from '../../../src/workflow/replay/play.ts'
import { replay } from '../../../src/workflow/replay/replay.ts'
import type { StoredConversation } from '../../../src/workflow/replay/stored-conversation.ts'
import { storedConversations } from '../../../src/workflow/replay/stored-conversations.ts'
import { type Ayuntamiento, ayuntamiento } from '../ayuntamiento.ts'
import { converse, PUBLIC_URL, type Said, settings } from './held.ts'

const BACHE = 'hay un bache enorme en la calle hidalgo 305 colonia miramar'
const POTHOLE = 'there is a huge pothole on calle hidalgo 305, colonia miramar'
const FOLIO: readonly Said[] = [BACHE, 'acepto', { choice: 'resumen/registrar' }]
const NUMBERED = { options: 'numbered', replyOnly: true, quiet: 1 } as const
const ANONIMA = ['quiero denunciar que un transito me pidio dinero', 'acepto', 'si', 'anónimo']

async function stored(town: Ayuntamiento): Promise<StoredConversation[]> {
  const found: StoredConversation[] = []
  for await (const one of storedConversations(town.database.fork(), { mensajes: settings.mensajes })) found.push(one)
  return found
}

const again = (conversations: StoredConversation[], wanted: ReplaySettings = settings) =>
  replay(conversations, wanted, { publicUrl: PUBLIC_URL, inForce: settings })

/** The settings with one text in other words. */
function worded(key: string, words: string): ReplaySettings {
  const text: Mensajes['text'] = (name, ...fill) => (name === key ? words : settings.mensajes.text(name, ...fill))
  return { ...settings, mensajes: { ...settings.mensajes, text } }
}

/** The settings in which a pothole needs a paper. */
const conRequisito: ReplaySettings = {
  ...settings,
  catalogo: {
    ...settings.catalogo,
    categorias: settings.catalogo.categorias.map((one) => ({
      ...one,
      requisitos: [{ id: 'acta', nombre: 'Acta', tipo: 'documento', obligatorio: true }],
    })),
  },
}

describe('conversations over real rows', () => {
  test('are held again word for word, on channels with buttons and without, also what was near by', async () => {
    const town = await ayuntamiento()
    await converse(town, 'con botones', [...FOLIO, 'menú'])
    await converse(town, 'sin botones', [...FOLIO.slice(0, -1), 'es otro', '1', 'si', 'gracias'], NUMBERED)
    await converse(town, 'con cercana', [BACHE, 'acepto', 'sumarme', 'menú'])
    await converse(town, 'una de varias', [BACHE, 'acepto', 'ayuda', '2', 'menú'], NUMBERED)
    await converse(town, 'otra vez', [BACHE, 'acepto', '2'])
    await converse(town, 'con botones', [BACHE, '1', 'menú'])
    await converse(town, 'corrige', [BACHE, 'acepto', 'no, es en la calle 5 de mayo 8', 'si', 'menú'])
    const conversations = await stored(town)
    const folios = conversations.map(({ turns }) => turns.reduce((sum, one) => sum + one.folios, 0))
    expect(folios).toEqual([1, 1, 0, 0, 0, 1])
    expect(conversations.some(({ turns }) => JSON.stringify(turns).includes('ya hay 2 reportes'))).toBe(true)
    expect(await again(conversations)).toMatchObject({ conversations: 6, differences: [], lost: [], gained: [] })
    for (const address of ['english', 'otherwise'])
      await converse(
        town,
        address,
        [POTHOLE, 'english', 'i accept', 'help', address === 'english' ? '2' : '3', 'menu'],
        NUMBERED,
      )
    const english = (await stored(town)).filter(({ turns }) => JSON.stringify(turns).includes('reports of'))
    expect(english).toHaveLength(2)
    expect((await again(english)).differences).toEqual([])
  })

  test('show what is worded otherwise, and that no folio is lost by it', async () => {
    const town = await ayuntamiento()
    await converse(town, 'a', FOLIO)
    const { differences, lost } = await again(await stored(town), worded('registrar.confirmar', '¿Está bien así?'))
    expect(lost).toEqual([])
    expect(differences).toMatchObject([{ turn: 2, said: 'acepto', cause: 'settings' }])
    expect(differences[0]?.before).toContain('¿Lo registro así?')
    expect(differences[0]?.after).toContain('¿Está bien así?')
  })

  test('that reached a folio and no longer do are named', async () => {
    const town = await ayuntamiento()
    await converse(town, 'a', FOLIO)
    const { lost } = await again(await stored(town), conRequisito)
    expect(lost).toMatchObject([{ folios: { before: 1, after: 0 }, cause: 'settings' }])
  })

  test('end before what was emptied, and begin again at the menu', async () => {
    const town = await ayuntamiento()
    const id = await converse(town, 'a', [...FOLIO, 'menú'])
    await converse(town, 'a', ANONIMA.slice(2))
    await sql(
      town.database.fork(),
      `insert into message (channel, account, direction, conversation_id, seq, kind, body, status)
       select 'test', 'default', 'out', $1, last_seq + 1, 'text', '{}', 'sent' from conversation where id = $1`,
      [id],
    )
    await sql(town.database.fork(), 'update conversation set last_seq = last_seq + 1 where id = $1', [id])
    await converse(town, 'a', ['menú', 'folio', 'menú'])
    const conversations = await stored(town)
    expect(conversations.map(({ begins }) => begins)).toEqual(['first_word', 'menu'])
    const { differences, lost, gained } = await again(conversations)
    // The petition made before is not known to the replay.
    expect(differences).toMatchObject([{ said: 'folio', cause: 'rows' }])
    expect([...lost, ...gained]).toEqual([])
  })
})
