import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { answering, graphError } from '../../channels/meta/graph-api.ts'
import { filas } from '../../workflow/redes/redes-fixture.ts'
import { ID, startRedes, vuelve } from './redes.ts'

const { panel, agente, comentan, hacer, actos, auditado, ver } = await startRedes()

describe('an answer in private', () => {
  it('goes once, and the conversation goes on in Conversaciones', async () => {
    const id = await comentan()
    const calls = answering('me/messages', 200, { recipient_id: '741', message_id: 'm_priv1' })
    expect(await hacer(id, 'privado', { texto: 'Hola, ¿en qué calle?' })).toMatchObject(vuelve(id, 'privado'))
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

  it('stands once in the conversation, though the platform’s echo of it was here first', async () => {
    const id = await comentan('instagram/comment')
    const em = panel.database.fork()
    await sql(em, `insert into address (channel, account, external_id) values ('instagram', 'default', '555')`)
    await sql(em, `insert into conversation (address_id, last_seq) select id, 1 from address where external_id = '555'`)
    await sql(
      em,
      `insert into message (channel, account, external_id, direction, conversation_id, seq, kind, body, status, provider_id)
       select 'instagram', 'default', 'mid_9:echo', 'out', c.id, 1, 'echo', '{"text": "Hola"}', 'sent', 'mid_9'
         from conversation c join address a on a.id = c.address_id where a.external_id = '555'`,
    )
    answering('me/messages', 200, { recipient_id: '555', message_id: 'mid_9' })
    expect(await hacer(id, 'privado', { texto: 'Hola' })).toMatchObject(vuelve(id, 'privado'))
    expect(await sql(em, `select kind, usuario_id as quien from message where provider_id = 'mid_9'`)).toEqual([
      { kind: 'text', quien: agente.usuarioId },
    ])
  })

  it('is not offered after seven days', async () => {
    const id = await comentan('page/comment', new Date(Date.now() - 7.1 * 86_400_000))
    expect(await ver(id)).toContain('Ya pasaron los 7 días')
    expect((await hacer(id, 'privado', { texto: 'Hola' })).statusCode).toBe(409)
  })

  it('that Meta says was given before settles the one of which nobody knew', async () => {
    const id = await comentan()
    for (const texto of ['Hola', 'Hola otra vez']) {
      answering('me/messages', 504)
      await hacer(id, 'privado', { texto })
    }
    answering('me/messages', 400, graphError(10900))
    await hacer(id, 'privado', { texto: 'Hola' })
    expect(await actos(id)).toEqual([
      { acto: 'privado', estado: 'hecho', error: null },
      { acto: 'privado', estado: 'ambiguo', error: 'unavailable' },
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
    expect(await hacer(id, 'ocultar')).toMatchObject(vuelve(id, 'ocultar'))
    expect(await filas(panel.database)).toMatchObject([{ oculto: true, atendido: true }])
    expect(await hacer(id, 'mostrar')).toMatchObject(vuelve(id, 'mostrar'))
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
