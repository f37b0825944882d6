import { randomUUID } from 'node:crypto'
import nock from 'nock'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { createSavePublic } from '../../src/workflow/redes/guardar.ts'
import { createAccounts } from '../channels/meta/context.ts'
import { allowTheNetwork, answering, forbidTheNetwork, graphError, ROOT } from '../channels/meta/graph-api.ts'
import { filas, sucesosDe } from '../workflow/redes/redes-fixture.ts'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'
import { fila } from './peticiones.ts'

let panel: TestPanel
let agente: Navegador
let colega: Navegador
beforeAll(async () => {
  const { channelOf } = createAccounts()
  panel = await startPanel({
    channelOf: (name, account) => (account === 'default' && name !== 'apagado' ? channelOf(name) : undefined),
  })
  agente = await panel.logIn(['comunicacion'])
  colega = await panel.logIn(['comunicacion'])
})
beforeEach(async () => {
  forbidTheNetwork()
  const em = panel.database.fork()
  await sql(em, 'truncate comentario, comentario_suceso, comentario_acto, peticion_publicacion')
})
afterEach(allowTheNetwork)

const ID = '122104_9001'
/** Somebody comments now; gives the row's id. */
async function comentan(name = 'page/comment', at = new Date()): Promise<number> {
  const events = sucesosDe(name).map((event) => ({ ...event, at, post: { ...event.post, publishedAt: at } }))
  await createSavePublic(panel.database, () => undefined)(events)
  const rows = await filas(panel.database)
  return rows.at(-1)?.id ?? 0
}
const hacer = (id: number, acto: string, fields: Record<string, string> = {}, quien = agente) =>
  quien.post(`/admin/redes/${id}/${acto}`, { solicitud: randomUUID(), ...fields })
const actos = (id: number) =>
  sql<{ acto: string; estado: string; error: string | null }>(
    panel.database.fork(),
    'select acto, estado, error from comentario_acto where comentario_id = $1 order by id',
    [id],
  )
const auditado = (id: number) =>
  sql<{ action: string }>(
    panel.database.fork(),
    `select action from audit where object_type = 'comentario' and object_id = $1 and action <> 'comentario.ver' order by id`,
    [String(id)],
  )
const ver = async (id: number) => (await agente.get(`/admin/redes/${id}`)).body
const a = (id: number, hecho: string) => ({
  statusCode: 303,
  headers: expect.objectContaining({ location: `/admin/redes/${id}?hecho=${hecho}` }),
})

describe('the tray', () => {
  it('shows what waits, what is done and everything, with their counts and by account', async () => {
    const first = await comentan()
    await comentan('instagram/comment')
    await hacer(first, 'atender')
    const shown = async (query: string) => {
      const { body } = await agente.get(`/admin/redes?${query}`)
      return [/fuga de agua/.test(body), /bache de la Miramar/.test(body)]
    }
    expect(await shown('ver=sin_atender')).toEqual([false, true])
    expect(await shown('ver=atendidos')).toEqual([true, false])
    expect(await shown('ver=todos')).toEqual([true, true])
    expect(await shown('ver=todos&cuenta=instagram/default')).toEqual([false, true])
    expect((await agente.get('/admin/redes')).body).toMatch(/Todos <span class="cuenta">2</)
  })

  it('does not show what our own page says, nor a removal of what is not known', async () => {
    await comentan('page/comment-own')
    await comentan('page/comment-removed')
    const { body } = await agente.get('/admin/redes?ver=todos')
    expect(body).toContain('Todavía no ha llegado ningún comentario')
  })

  it('goes on where the page before ended', async () => {
    const [event] = sucesosDe('page/comment')
    if (!event) throw new Error('no event')
    const many = Array.from({ length: 30 }, (_, at) => ({
      ...event,
      externalId: `c${at}:add`,
      post: {
        ...event.post,
        id: `c${at}`,
        text: `Comentario número ${at}.`,
        publishedAt: new Date(Date.now() - at * 1000),
      },
    }))
    await createSavePublic(panel.database, () => undefined)(many)
    const one = (await agente.get('/admin/redes')).body
    const next = /despues=(\d+_\d+)/.exec(one)?.[1]
    const two = (await agente.get(`/admin/redes?despues=${next}`)).body
    expect([one, two].map((body) => [...body.matchAll(/número (\d+)\./g)].length)).toEqual([25, 5])
    expect(one).toContain('número 0.')
    expect(two).toContain('número 29.')
  })

  it('tells the load of the day: what came, what was answered, how soon and by whom', async () => {
    const id = await comentan('page/comment', new Date(Date.now() - 12 * 60_000))
    answering(`${ID}/comments`, 200, { id: '122104_9100' })
    await hacer(id, 'responder', { texto: 'Lo revisamos' })
    const { body } = await agente.get('/admin/redes?ver=todos')
    expect(body.replace(/\s+/g, ' ')).toMatch(/Contestados hoy<\/dt><dd>1<.*<dd>12 minutos<.*Persona \d+ \(1\)/)
  })

  it('escapes what people write and who they say they are', async () => {
    const [event] = sucesosDe('page/comment')
    if (!event) throw new Error('no event')
    const post = { ...event.post, text: '<script>alert(1)</script>', authorName: '<b>Yo</b>' }
    await createSavePublic(panel.database, () => undefined)([{ ...event, post }])
    const { body } = await agente.get('/admin/redes?ver=todos')
    expect(body).not.toContain('<script>alert')
    expect(body).not.toContain('<b>Yo')
  })

  it('gives 404 for a comment that is not there, and for one of our own page', async () => {
    const own = await comentan('page/comment-own')
    expect([
      (await agente.get('/admin/redes/999999')).statusCode,
      (await agente.get(`/admin/redes/${own}`)).statusCode,
    ]).toEqual([404, 404])
    expect((await hacer(999_999, 'atender')).statusCode).toBe(404)
  })
})

describe('an answer in public', () => {
  it('is published once, though the button is pressed twice at once', async () => {
    const id = await comentan()
    const calls = answering(`${ID}/comments`, 200, { id: '122104_9100' })
    const fields = { texto: 'Gracias, lo revisamos.', solicitud: randomUUID() }
    const answers = await Promise.all([1, 2].map(() => agente.post(`/admin/redes/${id}/responder`, fields)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303])
    expect(calls.map(({ body }) => body)).toEqual([{ message: 'Gracias, lo revisamos.' }])
    expect(await actos(id)).toEqual([{ acto: 'responder', estado: 'hecho', error: null }])
    expect(await auditado(id)).toEqual([{ action: 'comentario.responder' }])
    expect(await filas(panel.database)).toMatchObject([{ atendido: true, contestado: true }])
    expect(await ver(id)).toMatch(/Respuesta en público[\s\S]*Gracias, lo revisamos\.[\s\S]*Persona \d/)
  })

  it('is not shown a second time when the platform tells of it, and can be deleted', async () => {
    const id = await comentan()
    answering(`${ID}/comments`, 200, { id: '122104_9010' })
    await hacer(id, 'responder', { texto: 'Gracias, lo revisamos.' })
    await comentan('page/comment-own')
    expect(await ver(id)).not.toContain('Contestado fuera del panel')
    const sobre = /name="sobre" value="(\d+)"/.exec(await ver(id))?.[1] ?? ''
    nock(ROOT).delete('/v26.0/122104_9010').reply(200, { success: true })
    expect(await hacer(id, 'borrar', { sobre })).toMatchObject(a(id, 'borrar'))
    expect(await ver(id)).toContain('y después se borró')
    expect((await hacer(id, 'borrar', { sobre })).statusCode).toBe(409)
  })

  it('whose outcome nobody knows is not repeated blindly, and can be looked for', async () => {
    const id = await comentan()
    answering(`${ID}/comments`, 504)
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos' })).toMatchObject(a(id, 'ambiguo'))
    expect(await actos(id)).toEqual([{ acto: 'responder', estado: 'ambiguo', error: 'unavailable' }])
    const again = await hacer(id, 'responder', { texto: 'Lo revisamos' })
    expect([again.statusCode, again.body.includes('No se sabe si la respuesta anterior salió')]).toEqual([409, true])
    expect(again.body).toContain('>Lo revisamos</textarea>')
    const sobre = /comprobar[\s\S]*?name="sobre" value="(\d+)"/.exec(await ver(id))?.[1] ?? ''
    nock(ROOT)
      .get(/122104_9001\/comments/)
      .reply(200, { data: [{ id: '122104_9100', message: 'Lo revisamos', from: { id: '1074512345678901' } }] })
    expect(await hacer(id, 'comprobar', { sobre })).toMatchObject(a(id, 'salio'))
    expect(await actos(id)).toEqual([{ acto: 'responder', estado: 'hecho', error: null }])
  })

  it('of which nobody knew is known when the platform tells of it', async () => {
    const id = await comentan()
    answering(`${ID}/comments`, 504)
    await hacer(id, 'responder', { texto: 'Gracias, lo revisamos.' })
    await comentan('page/comment-own')
    expect(await actos(id)).toMatchObject([{ estado: 'hecho' }])
  })

  it('under way when its process died counts as unknown after a while', async () => {
    const id = await comentan()
    await sql(
      panel.database.fork(),
      `insert into comentario_acto (comentario_id, acto, usuario_id, solicitud, estado, texto, created_at)
       values ($1, 'responder', $2, gen_random_uuid(), 'en_curso', 'Hola', now() - interval '2 minutes')`,
      [id, agente.usuarioId],
    )
    expect(await ver(id)).toContain('no se sabe si se hizo')
    expect((await hacer(id, 'responder', { texto: 'Hola' })).statusCode).toBe(409)
  })

  it('may be sent all the same by who looked there', async () => {
    const id = await comentan()
    answering(`${ID}/comments`, 504)
    await hacer(id, 'responder', { texto: 'Lo revisamos' })
    answering(`${ID}/comments`, 200, { id: '122104_9101' })
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos', aunque: 'si' })).toMatchObject(a(id, 'responder'))
  })

  it.each([
    [400, graphError(32), 'Espere unos minutos'],
    [401, graphError(190), 'Avise a quien administra el sistema'],
    [400, graphError(100, { error_subcode: 33 }), 'El comentario ya no existe'],
    [400, graphError(100), 'no aceptó el texto'],
  ])('that is refused with %s is told in plain words, and may be tried again', async (status, answer, words) => {
    const id = await comentan()
    answering(`${ID}/comments`, status, answer)
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos' })).toMatchObject(a(id, 'fallido'))
    expect(await ver(id)).toContain(words)
    expect(await filas(panel.database)).toMatchObject([{ atendido: false }])
    answering(`${ID}/comments`, 200, { id: '122104_9100' })
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos' })).toMatchObject(a(id, 'responder'))
  })

  it('comes back with what was typed when somebody else answered meanwhile', async () => {
    const id = await comentan()
    const visto = /name="visto" value="(\d+)"/.exec(await ver(id))?.[1] ?? ''
    answering(`${ID}/comments`, 200, { id: '122104_9100' })
    await hacer(id, 'responder', { texto: 'Ya lo vemos' }, colega)
    const late = await hacer(id, 'responder', { texto: 'Lo revisamos', visto })
    expect([late.statusCode, late.body.includes('Otra persona le contestó')]).toEqual([409, true])
    expect(late.body).toContain('>Lo revisamos</textarea>')
  })

  it('must say something, and no more than the network takes', async () => {
    const id = await comentan('instagram/comment')
    const none = await hacer(id, 'responder', { texto: '   ' })
    const long = await hacer(id, 'responder', { texto: 'x'.repeat(301) })
    expect([none.statusCode, long.statusCode, await actos(id)]).toEqual([422, 422, []])
  })

  it('is not offered where the account is not connected, nor below what was removed', async () => {
    const id = await comentan()
    await sql(panel.database.fork(), `update comentario set account = 'otra'`)
    expect(await ver(id)).toContain('no está conectada')
    expect((await hacer(id, 'responder', { texto: 'Hola' })).statusCode).toBe(409)
    await sql(panel.database.fork(), `update comentario set account = 'default', borrado_at = now()`)
    expect((await hacer(id, 'responder', { texto: 'Hola' })).statusCode).toBe(409)
  })

  it('may be one of the texts that are ready, or an invitation with a link', async () => {
    const id = await comentan()
    expect((await agente.get(`/admin/redes/${id}?publica=0`)).body).toContain(
      '>Gracias por avisarnos. Ya lo estamos revisando.</textarea>',
    )
    const calls = answering(`${ID}/comments`, 200, { id: '122104_9100' })
    expect(await hacer(id, 'invitar', { a: 'messenger' })).toMatchObject(a(id, 'invitar'))
    expect(calls[0]?.body).toEqual({ message: expect.stringContaining('https://m.me/1074512345678901') })
    expect((await hacer(id, 'invitar', { a: 'https://otro.example' })).statusCode).toBe(422)
  })
})

describe('an answer in private', () => {
  it('goes once, and the conversation goes on in Conversaciones', async () => {
    const id = await comentan()
    const calls = answering('me/messages', 200, { recipient_id: '741', message_id: 'm_priv1' })
    expect(await hacer(id, 'privado', { texto: 'Hola, ¿en qué calle?' })).toMatchObject(a(id, 'privado'))
    expect(calls).toHaveLength(1)
    expect((await hacer(id, 'privado', { texto: 'Otra vez' })).statusCode).toBe(409)
    const row = await sqlOne<Record<string, unknown>>(
      panel.database.fork(),
      `select v.id, a.external_id as address, a.name, v.mode, v.assigned_to as mia, m.status, m.body->>'text' as texto, m.provider_id
         from comentario c join address a on a.id = c.address_id join conversation v on v.address_id = a.id
         join message m on m.conversation_id = v.id where c.id = $1`,
      [id],
    )
    expect(row).toMatchObject({
      address: '741',
      name: 'Persona de Prueba',
      mode: 'human',
      mia: agente.usuarioId,
      status: 'sent',
      texto: 'Hola, ¿en qué calle?',
      provider_id: 'm_priv1',
    })
    expect(await ver(id)).toContain(`/admin/conversaciones/${row?.id}`)
    expect((await agente.get(`/admin/conversaciones/${row?.id}`)).body).toContain('Hola, ¿en qué calle?')
  })

  it('is not offered after seven days', async () => {
    const id = await comentan('page/comment', new Date(Date.now() - 7.1 * 86_400_000))
    expect(await ver(id)).toContain('Ya pasaron los 7 días')
    expect((await hacer(id, 'privado', { texto: 'Hola' })).statusCode).toBe(409)
  })

  it('that Meta says was given before settles the one of which nobody knew', async () => {
    const id = await comentan()
    answering('me/messages', 504)
    await hacer(id, 'privado', { texto: 'Hola' })
    answering('me/messages', 400, graphError(10900))
    await hacer(id, 'privado', { texto: 'Hola' })
    expect(await actos(id)).toEqual([
      { acto: 'privado', estado: 'hecho', error: null },
      { acto: 'privado', estado: 'fallido', error: 'already' },
    ])
  })

  it('is no possibility for a mention', async () => {
    const id = await comentan('page/mention-comment')
    expect((await hacer(id, 'privado', { texto: 'Hola' })).statusCode).toBe(409)
    expect((await hacer(id, 'ocultar')).statusCode).toBe(409)
  })
})

describe('hiding and marking', () => {
  it('hides and shows again, and an old event of the platform changes nothing back', async () => {
    const id = await comentan()
    const calls = [answering(ID, 200, { success: true }), answering(ID, 200, { success: true })]
    expect(await hacer(id, 'ocultar')).toMatchObject(a(id, 'ocultar'))
    expect(await filas(panel.database)).toMatchObject([{ oculto: true, atendido: true }])
    expect(await hacer(id, 'mostrar')).toMatchObject(a(id, 'mostrar'))
    await comentan('page/comment-hidden', new Date(Date.now() - 60_000))
    expect(await filas(panel.database)).toMatchObject([{ oculto: false }])
    expect(calls.flat()).toHaveLength(2)
  })

  it('marks as attended without answering, and back', async () => {
    const id = await comentan()
    await hacer(id, 'atender')
    expect(await filas(panel.database)).toMatchObject([{ atendido: true, contestado: false }])
    await hacer(id, 'reabrir')
    expect(await filas(panel.database)).toMatchObject([{ atendido: false }])
    expect(await auditado(id)).toEqual([{ action: 'comentario.atender' }, { action: 'comentario.reabrir' }])
  })
})

describe('turning a comment into a petition', () => {
  const datos = {
    categoria: 'BACHEO',
    descripcion: 'Hay una fuga de agua en la calle Hidalgo',
    medio: 'presencial',
    dato_nombre: 'Persona de Prueba',
    dato_telefono: '8330000001',
    dato_colonia: 'Miramar',
    dato_calle: 'Hidalgo',
    dato_numero: '1',
  }
  /** A valid answer to every question that must be answered. */
  const respuestas = async (categoria: string) => {
    const row = await sqlOne<{ preguntas: { id: string; opciones?: string[]; obligatoria: boolean }[] }>(
      panel.database.fork(),
      'select preguntas from categoria where id = $1',
      [categoria],
    )
    const asked = (row?.preguntas ?? []).filter(({ obligatoria }) => obligatoria)
    return Object.fromEntries(asked.map(({ id, opciones }) => [`pregunta_${id}`, opciones?.[0] ?? 'No']))
  }
  const capturar = async (id: number, more: Record<string, string> = {}, quien = agente) => {
    const answer = await quien.post('/admin/captura', {
      ...datos,
      ...(await respuestas(more.categoria ?? datos.categoria)),
      comentario: String(id),
      captura: randomUUID(),
      ...more,
    })
    return { answer, folio: /captura\/(UAC-[\d-]+)$/.exec(answer.headers.location ?? '')?.[1] ?? '' }
  }

  it('fills the form with what was said, and keeps it with the petition as it was', async () => {
    const id = await comentan()
    const form = (await agente.get(`/admin/captura?comentario=${id}&categoria=BACHEO`)).body
    expect(form).toMatch(/<textarea[^>]*name="descripcion"[^>]*>Hay una fuga de agua/)
    expect(form).toMatch(/name="dato_nombre"[^>]*value="Persona de Prueba"/)
    expect(form).not.toContain('name="anonima"')
    const { folio } = await capturar(id)
    const shown = (await agente.get(`/admin/peticiones/${folio}`)).body
    expect(shown).toMatch(
      /Se dijo en público[\s\S]*Hay una fuga de agua[\s\S]*Persona de Prueba[\s\S]*facebook\.com\/1074512345678901/,
    )
    expect(shown).toContain('Facebook')
    expect(await ver(id)).toContain(folio)
    expect(await filas(panel.database)).toMatchObject([{ atendido: true }])
    await comentan('page/comment-edited')
    await comentan('page/comment-removed')
    expect((await agente.get(`/admin/peticiones/${folio}`)).body).not.toContain('Hidalgo 123')
  })

  it('makes one petition though the form is sent twice', async () => {
    const id = await comentan()
    const captura = randomUUID()
    const both = await Promise.all([capturar(id, { captura }), capturar(id, { captura })])
    expect(new Set(both.map(({ folio }) => folio)).size).toBe(1)
    expect(await sql(panel.database.fork(), 'select from peticion_publicacion')).toHaveLength(1)
    expect(await actos(id)).toEqual([{ acto: 'capturar', estado: 'hecho', error: null }])
  })

  it('hides the folio of a reserved one from who may not see it', async () => {
    const id = await comentan()
    const { folio } = await capturar(id)
    await sql(panel.database.fork(), 'update peticion set reservada = true where folio = $1', [folio])
    const body = await ver(id)
    expect([body.includes(folio), body.includes('petición reservada')]).toEqual([false, true])
    const uac = await panel.logIn(['validador'], 'UAC')
    expect((await uac.get(`/admin/redes/${id}`)).body).toContain(folio)
  })

  it('is never anonymous, whatever the form says', async () => {
    const id = await comentan()
    const { folio } = await capturar(id, { categoria: 'CONTAMINACION', anonima: 'si' })
    const row = await sqlOne<{ anonima: boolean; nombre: string }>(
      panel.database.fork(),
      'select anonima, nombre from peticion where folio = $1',
      [folio],
    )
    expect(row).toEqual({ anonima: false, nombre: 'Persona de Prueba' })
  })

  it('tells the person in the conversation that was opened in private, before or after', async () => {
    for (const first of ['privado', 'captura']) {
      await sql(panel.database.fork(), 'truncate comentario, comentario_suceso, comentario_acto, peticion_publicacion')
      const id = await comentan()
      const privado = async () => {
        answering('me/messages', 200, { recipient_id: `psid-${first}`, message_id: `m_${first}` })
        await hacer(id, 'privado', { texto: 'Hola' })
      }
      if (first === 'privado') await privado()
      const { folio } = await capturar(id)
      if (first === 'captura') await privado()
      const row = await sqlOne<{ address: string }>(
        panel.database.fork(),
        'select a.external_id as address from peticion p join address a on a.id = p.address_id where p.folio = $1',
        [folio],
      )
      expect(row?.address).toBe(`psid-${first}`)
    }
  })

  it('is not for who does not attend the networks', async () => {
    const id = await comentan()
    const capturista = await panel.logIn(['capturista'], 'UAC')
    expect((await capturista.get(`/admin/captura?comentario=${id}`)).statusCode).toBe(404)
    expect((await capturar(id, {}, capturista)).answer.statusCode).toBe(404)
    expect((await agente.get('/admin/captura?comentario=999999')).statusCode).toBe(404)
  })

  it('gives the folio only in private', async () => {
    const id = await comentan()
    expect(await ver(id)).not.toContain('Dar el folio')
    const { folio } = await capturar(id)
    expect((await agente.get(`/admin/redes/${id}?privada=1`)).body).toMatch(
      new RegExp(`quedó registrado con el folio ${folio}`),
    )
    expect(await fila(panel, folio)).toMatchObject({ estado: 'REGISTRADO' })
  })
})
