import { expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { vecina } from '../../workflow/ayuntamiento.ts'
import { notingChannel } from '../../workflow/way-fixture.ts'
import { startPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

it('staff see in both threads that a notice went by another account, each as far as the petition is in their reach', async () => {
  const panel = await startPanel()
  const em = panel.database.fork()
  const { channel } = notingChannel()
  const propia = await llegada(panel)
  const otra = await vecina(em)
  const row = await sqlOne<{ outbox: number }>(
    em,
    `select o.id as outbox from outbox o join peticion p on p.id = o.peticion_id where p.folio = $1 and o.kind = 'notificar'`,
    [propia.folio],
  )
  const outboxId = row?.outbox ?? 0
  const enviar = createStoreOutbound(() => channel.limits)
  await panel.database.fork().transactional(async (tx) => {
    const [first] = await enviar(tx, propia.conversationId, [{ text: 'Novedad del bache' }], { outboxId })
    const [there] = await enviar(tx, otra.conversationId, [{ text: 'Le avisamos por aquí: novedad del bache' }], {
      outboxId,
    })
    await sql(tx, `update message set status = 'failed', error = 'blocked: x', moved_to = $2 where id = $1`, [
      first,
      there,
    ])
  })
  const validador = await panel.logIn(['validador'], 'UAC')
  expect((await validador.get(`/admin/peticiones/${propia.folio}`)).body).toContain(
    'no se pudo aquí; se avisó por Telegram',
  )
  expect((await validador.get(`/admin/conversaciones/${otra.conversationId}`)).body).toContain('novedad del bache')
  // It is not offered to be tried again: it went.
  expect((await validador.get('/admin/pendientes')).body).not.toContain('blocked: x')
  const ajena = await panel.logIn(['comunicacion'])
  expect((await ajena.get(`/admin/conversaciones/${otra.conversationId}`)).body).not.toContain('novedad del bache')
})
