import { randomUUID } from 'node:crypto'
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { answering, graphError, ROOT } from '../../channels/meta/graph-api.ts'
import { filas } from '../../workflow/redes/redes-fixture.ts'
import { ID, startRedes, vuelve } from './redes.ts'

const { panel, agente, colega, comentan, hacer, actos, auditado, ver } = await startRedes()

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
    expect(await hacer(id, 'borrar', { sobre })).toMatchObject(vuelve(id, 'borrar'))
    expect(await ver(id)).toContain('y después se borró')
    expect((await hacer(id, 'borrar', { sobre })).statusCode).toBe(409)
  })

  it('whose outcome nobody knows is not repeated blindly, and can be looked for', async () => {
    const id = await comentan()
    answering(`${ID}/comments`, 504)
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos' })).toMatchObject(vuelve(id, 'ambiguo'))
    expect(await actos(id)).toEqual([{ acto: 'responder', estado: 'ambiguo', error: 'unavailable' }])
    const again = await hacer(id, 'responder', { texto: 'Lo revisamos' })
    expect([again.statusCode, again.body.includes('No se sabe si la respuesta anterior salió')]).toEqual([409, true])
    expect(again.body).toContain('>Lo revisamos</textarea>')
    const sobre = /comprobar[\s\S]*?name="sobre" value="(\d+)"/.exec(await ver(id))?.[1] ?? ''
    nock(ROOT)
      .get(/122104_9001\/comments/)
      .reply(200, { data: [{ id: '122104_9100', message: 'Lo revisamos', from: { id: '1074512345678901' } }] })
    expect(await hacer(id, 'comprobar', { sobre })).toMatchObject(vuelve(id, 'salio'))
    expect(await actos(id)).toEqual([{ acto: 'responder', estado: 'hecho', error: null }])
  })

  it('of which nobody knows is not taken for an earlier one in the same words, looked for or told of', async () => {
    const id = await comentan()
    const texto = 'Gracias, lo revisamos.'
    answering(`${ID}/comments`, 200, { id: '122104_9010' })
    await hacer(id, 'responder', { texto })
    answering(`${ID}/comments`, 504)
    await hacer(id, 'responder', { texto })
    const sobre = /comprobar[\s\S]*?name="sobre" value="(\d+)"/.exec(await ver(id))?.[1] ?? ''
    nock(ROOT)
      .get(/122104_9001\/comments/)
      .reply(200, { data: [{ id: '122104_9010', message: texto, from: { id: '1074512345678901' } }] })
    expect(await hacer(id, 'comprobar', { sobre })).toMatchObject(vuelve(id, 'espere'))
    await comentan('page/comment-own')
    expect((await actos(id)).map(({ estado }) => estado)).toEqual(['hecho', 'ambiguo'])
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
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos', aunque: 'si' })).toMatchObject(vuelve(id, 'responder'))
  })

  it.each([
    [400, graphError(32), 'Espere unos minutos'],
    [401, graphError(190), 'Avise a quien administra el sistema'],
    [400, graphError(100, { error_subcode: 33 }), 'El comentario ya no existe'],
    [400, graphError(100), 'no aceptó el texto'],
  ])('that is refused with %s is told in plain words, and may be tried again', async (status, answer, words) => {
    const id = await comentan()
    answering(`${ID}/comments`, status, answer)
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos' })).toMatchObject(vuelve(id, 'fallido'))
    expect(await ver(id)).toContain(words)
    expect(await filas(panel.database)).toMatchObject([{ atendido: false }])
    answering(`${ID}/comments`, 200, { id: '122104_9100' })
    expect(await hacer(id, 'responder', { texto: 'Lo revisamos' })).toMatchObject(vuelve(id, 'responder'))
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
    expect(await hacer(id, 'invitar', { a: 'messenger' })).toMatchObject(vuelve(id, 'invitar'))
    expect(calls[0]?.body).toEqual({ message: expect.stringContaining('https://m.me/1074512345678901') })
    expect((await hacer(id, 'invitar', { a: 'https://otro.example' })).statusCode).toBe(422)
  })
})
