import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { anotar } from '../../../src/workflow/peticion/verbos/anotar.ts'
import { claseDe } from '../../../src/workflow/privacidad/clases.ts'
import { aplicarRetencion } from '../../../src/workflow/privacidad/retencion.ts'
import { AHORA, ayuntamiento, BACHE, en, municipio, registrarDe, SECRET, vecina } from '../ayuntamiento.ts'

const files = { delete: async () => undefined }
const DIA = 86_400_000
const tras = (dias: number) => new Date(AHORA.getTime() + dias * DIA)

it('a note on a petition whose data went goes in its turn', async () => {
  const town = await ayuntamiento()
  const { database, usuarios } = town
  const em = database.fork()
  const { peticionId } = await registrarDe(town, await vecina(em), BACHE)
  await sql(em, "update peticion set estado = 'VALIDADO' where id = $1", [peticionId])
  const deps = { database, files, municipio, secretKey: SECRET }
  await aplicarRetencion({ ...deps, ahora: tras(1900) })
  await en(town, (tx) => anotar(tx, peticionId, usuarios.validador, { nota: 'Vive en la 12' }, { ahora: tras(1901) }))
  const notas = () => sql(em, "select nota from movimiento where verbo = 'anotar'")

  await aplicarRetencion({ ...deps, ahora: tras(1930) })
  expect(await notas()).toEqual([{ nota: 'Vive en la 12' }])
  await aplicarRetencion({ ...deps, ahora: tras(3801) })
  expect(await notas()).toEqual([{ nota: null }])
})

it('a petition that cannot be blocked holds back its own data alone', async () => {
  const town = await ayuntamiento()
  const em = town.database.fork()
  const rota = await registrarDe(town, await vecina(em), BACHE)
  const sana = await registrarDe(town, await vecina(em), BACHE)
  await sql(em, "update peticion set estado = 'VALIDADO'")
  await sql(em, `alter table peticion add check (bloqueada_at is null or id <> ${rota.peticionId})`)
  const deps = { database: town.database, files, municipio, secretKey: SECRET, ahora: tras(1900) }
  await expect(aplicarRetencion(deps)).rejects.toThrow('could not be')
  expect(await sql(em, 'select id from peticion where bloqueada_at is not null')).toEqual([{ id: sana.peticionId }])
})

it('conversations that go on come round one after another, however few a run takes', async () => {
  const { database } = await ayuntamiento()
  const em = database.fork()
  await sql(
    em,
    `with a as (insert into address (channel, account, external_id) values ('telegram', 'default', 'a'), ('telegram', 'default', 'b') returning id)
     insert into conversation (address_id, created_at, last_inbound_at) select id, $1, 'infinity' from a`,
    [AHORA],
  )
  const deps = { database, files, municipio, secretKey: SECRET }
  for (const dias of [3000, 3008]) await aplicarRetencion({ ...deps, ahora: tras(dias) }, 1)
  expect(await sql(em, 'select 1 from conversation where depurada_at is null')).toEqual([])
})

it('what belongs to a petition is found among millions of rows by their indexes', async () => {
  const { database } = await ayuntamiento()
  const grandes = claseDe('peticion').partes.filter(({ tabla }) =>
    ['message', 'outbox', 'attachment', 'movimiento'].includes(tabla),
  )
  await database.fork().transactional(async (em) => {
    await sql(em, 'set local enable_seqscan = off')
    for (const { tabla, donde } of grandes) {
      const plan = await sql(em, `explain select 1 from ${tabla} t where ${donde}`, [1])
      expect(JSON.stringify(plan), tabla).not.toContain('Seq Scan')
    }
  })
})
