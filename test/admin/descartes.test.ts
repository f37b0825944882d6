import { expect, it, onTestFinished } from 'vitest'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { vecina } from '../workflow/ayuntamiento.ts'
import { startPanel } from './panel.ts'

it('a message that never went is put aside with a reason, and can still be tried again', async () => {
  const panel = await startPanel({ atEnd: onTestFinished })
  const validador = await panel.logIn(['validador'], 'UAC')
  const em = panel.database.fork()
  const { conversationId } = await vecina(em)
  const row = await sqlOne<{ id: number }>(
    em,
    `insert into message (channel, account, direction, conversation_id, seq, kind, body, status, error)
     values ('telegram', 'default', 'out', $1, 1, 'text', '{"text": "hola"}', 'failed', 'invalid: gone') returning id`,
    [conversationId],
  )
  const url = `/admin/pendientes/mensajes/${row?.id}`
  expect((await validador.post(`${url}/descartar`)).headers.location).toContain('sin_motivo')
  expect((await validador.post(`${url}/descartar`, { motivo: 'Ya se le llamó' })).headers.location).toContain(
    'descartado',
  )
  expect((await validador.post(`${url}/descartar`, { motivo: 'Otra vez' })).statusCode).toBe(404)
  const { body } = await validador.get('/admin/pendientes')
  expect(body).toContain('Ya se le llamó')
  expect(body).toContain('Ninguno. Todos los mensajes')
  expect(await sql(em, `select object_id from audit where action = 'pendiente.descartar'`)).toEqual([
    { object_id: String(row?.id) },
  ])
  await validador.post(`${url}/reintentar`)
  expect(panel.woken.sends).toEqual([conversationId])
  expect(await sql(em, 'select 1 from descarte')).toEqual([])
})
