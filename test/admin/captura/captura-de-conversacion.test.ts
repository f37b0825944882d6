import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { type Vecina, vecina } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo } from '../peticiones.ts'

let panel: TestPanel
let uac: Navegador
beforeAll(async () => {
  panel = await startPanel()
  uac = await panel.logIn(['capturista'], 'UAC')
})

async function dice(who: Vecina, text: string, minutesAgo: number): Promise<void> {
  await sql(
    panel.database.fork(),
    `with c as (update conversation set last_seq = last_seq + 1 where id = $1 returning last_seq)
     insert into message (channel, account, external_id, direction, conversation_id, seq, kind, body, status, created_at)
     select 'telegram', 'default', $2, 'in', $1, last_seq, 'text', jsonb_build_object('text', $3::text), 'handled',
            clock_timestamp() - make_interval(mins => $4) from c`,
    [who.conversationId, randomUUID(), text, minutesAgo],
  )
}

async function manda(who: Vecina): Promise<string> {
  await dice(who, 'Mire la foto', 1)
  const id = randomUUID()
  await sql(
    panel.database.fork(),
    `insert into attachment (id, message_id, conversation_id, kind, status, mime, storage_key, thumb_key)
     select $1, max(id), $2, 'image', 'stored', 'image/png', 'x', 'x' from message where conversation_id = $2`,
    [id, who.conversationId],
  )
  return id
}

async function elegidas(who: Vecina): Promise<Record<string, string>> {
  const { body } = await uac.get(`/admin/captura?conversacion=${who.conversationId}&categoria=BACHEO`)
  const selects = body.matchAll(/<select id="[^"]+" name="(pregunta_[^"]+)" required>[\s\S]*?<option value="([^"]+)">/g)
  return Object.fromEntries([...selects].map(([, name = '', value = '']) => [name, value]))
}

/** The form with what its page says must be chosen. */
const form = async (who: Vecina, mas: Record<string, string> = {}): Promise<Record<string, string>> => ({
  _csrf: uac.csrf,
  captura: randomUUID(),
  categoria: 'BACHEO',
  conversacion: String(who.conversationId),
  descripcion: 'Hay un bache enorme',
  dato_colonia: 'Miramar',
  dato_calle: 'Ébano',
  dato_nombre: 'Persona de Prueba',
  dato_telefono: '833 000 00 01',
  ...(await elegidas(who)),
  ...mas,
})

describe('a petition made of a conversation', () => {
  it('begins with what the person said lately, and with what they sent', async () => {
    const who = await vecina(panel.database.fork())
    await dice(who, 'Algo de hace una semana', 7 * 24 * 60)
    await dice(who, 'Hay un bache enorme', 3)
    const foto = await manda(who)
    expect((await uac.get(`/admin/conversaciones/${who.conversationId}`)).body).toContain(
      `/admin/captura?conversacion=${who.conversationId}`,
    )
    const page = (await uac.get(`/admin/captura?conversacion=${who.conversationId}&categoria=BACHEO`)).body
    expect(page).toMatch(/<textarea id="descripcion"[^>]*>Hay un bache enorme\nMire la foto<\/textarea>/)
    expect(page).toContain(`value="${foto}" checked`)
    expect(page).not.toContain('hace una semana')
  })

  it('is of that person and its channel, has the files that were ticked, and tells them their folio', async () => {
    const who = await vecina(panel.database.fork())
    const foto = await manda(who)
    const left = await manda(who)
    const answer = await uac.post('/admin/captura', {}, conArchivo(await form(who, { de_conversacion: foto })))
    expect(answer.statusCode).toBe(303)
    const folio = String(answer.headers.location).split('/').at(-1)
    const row = await sqlOne(
      panel.database.fork(),
      `select p.medio, p.address_id as "addressId", (select array_agg(id::text) from attachment where peticion_id = p.id) as fotos,
              (select count(*) from outbox where peticion_id = p.id and kind = 'notificar') as avisos
         from peticion p where p.folio = $1`,
      [folio],
    )
    expect(row).toEqual({ medio: 'telegram', addressId: who.addressId, fotos: [foto], avisos: 1 })
    expect(left).not.toBe(foto)
  })

  it('takes no file of another conversation, and is made once', async () => {
    const [who, other] = [await vecina(panel.database.fork()), await vecina(panel.database.fork())]
    const foreign = await manda(other)
    const fields = await form(who, { de_conversacion: foreign })
    const answers = [
      await uac.post('/admin/captura', {}, conArchivo(fields)),
      await uac.post('/admin/captura', {}, conArchivo(fields)),
    ]
    expect(answers.map((one) => one.statusCode)).toEqual([303, 303])
    expect(new Set(answers.map((one) => one.headers.location)).size).toBe(1)
    const row = await sqlOne<{ peticionId: number | null }>(
      panel.database.fork(),
      'select peticion_id as "peticionId" from attachment where id = $1',
      [foreign],
    )
    expect(row?.peticionId).toBeNull()
  })

  it('of a conversation that does not exist is not found', async () => {
    expect((await uac.get('/admin/captura?conversacion=999999')).statusCode).toBe(404)
  })
})
