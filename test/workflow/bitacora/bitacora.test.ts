import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { sellarBitacora } from '../../../src/workflow/bitacora/sellar.ts'
import { verificarBitacora } from '../../../src/workflow/bitacora/verificar.ts'
import { aplicarRetencion } from '../../../src/workflow/privacidad/retencion.ts'
import { AHORA, ayuntamiento, municipio, SECRET } from '../ayuntamiento.ts'

const escribir = `insert into audit (action, object_type, object_id, detail, ip, at)
  select 'peticion.ver', 'peticion', 'UAC-' || n, jsonb_build_object('n', n), '10.0.0.1', now() - make_interval(mins => 60 - n) from generate_series($1::int, $2::int) n`

it('a line of the audit log that was changed or taken out is found and named', async () => {
  const { database } = await ayuntamiento()
  const em = database.fork()
  await sql(em, escribir, [1, 20])
  expect(await sellarBitacora(database, SECRET, AHORA)).toBe(20)
  await sql(em, escribir, [21, 30])
  // Two processes at once make one chain.
  const both = await Promise.all([sellarBitacora(database, SECRET, AHORA), sellarBitacora(database, SECRET, AHORA)])
  expect(both.toSorted()).toEqual([0, 10])
  const whole = await verificarBitacora(em, SECRET)
  expect(whole).toMatchObject({ revisados: 30, depurados: 0, fallas: [], ultimo: { n: 30 } })
  await expect(sql(em, `update audit set action = 'nada'`)).rejects.toThrow('append-only')
  await expect(sql(em, 'delete from audit_sello')).rejects.toThrow('append-only')

  // Whoever holds the database may take the triggers away; without the key they cannot seal anew.
  await sql(em, 'alter table audit disable trigger user')
  await sql(em, `update audit set object_id = 'UAC-otra' where id = 7`)
  await sql(em, 'delete from audit where id = 12')
  expect((await verificarBitacora(em, SECRET)).fallas).toEqual([
    { que: 'cambiado', id: 7 },
    { que: 'borrado', id: 12 },
  ])
  await sql(em, 'alter table audit_sello disable trigger user')
  await sql(em, 'delete from audit_sello where audit_id = 12')
  expect((await verificarBitacora(em, SECRET)).fallas).toEqual([
    { que: 'cambiado', id: 7 },
    { que: 'sin_eslabon', id: 12 },
  ])
})

it('lines go by their age from the oldest on, and the chain is whole', async () => {
  const { database } = await ayuntamiento()
  const em = database.fork()
  await sql(em, escribir, [1, 5])
  await sellarBitacora(database, SECRET, AHORA)
  const files = { delete: async () => undefined }
  const deps = { database, files, municipio, secretKey: SECRET, ahora: new Date(Date.now() + 61 * 31 * 86_400_000) }
  expect((await aplicarRetencion(deps)).bitacora).toEqual({ bloqueados: 0, borrados: 5 })
  await sellarBitacora(database, SECRET, AHORA)
  expect(await verificarBitacora(em, SECRET)).toMatchObject({ revisados: 1, depurados: 5, fallas: [] })
  // The words alone take nothing out: they are sealed too.
  await sql(em, escribir, [6, 9])
  await sellarBitacora(database, SECRET, AHORA)
  await sql(em, 'alter table audit disable trigger user')
  await sql(em, `delete from audit where object_id = 'UAC-7'`)
  await sql(
    em,
    `insert into audit (action, object_type, detail) values ('bitacora.depurar', 'bitacora', '{"hasta": 9, "renglones": 3}')`,
  )
  await sellarBitacora(database, SECRET, AHORA)
  expect(await verificarBitacora(em, SECRET)).toMatchObject({ fallas: [{ que: 'borrado' }] })
  expect(await sql(em, 'select clase, filas from borrado')).toEqual([{ clase: 'bitacora', filas: 5 }])
})
