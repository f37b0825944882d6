import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { lugarDeFotos } from '../../../src/workflow/peticion/lugar-de-fotos.ts'
import { type Ayuntamiento, ayuntamiento, BACHE, registrarDe, type Vecina, vecina } from '../ayuntamiento.ts'

async function foto(town: Ayuntamiento, { conversationId }: Vecina, status: 'stored' | 'pending'): Promise<string> {
  const id = randomUUID()
  await sql(
    town.database.fork(),
    `insert into attachment (id, conversation_id, kind, status, latitud, longitud)
     values ($1, $2, 'image', $3, case when $3 = 'stored' then 22.4 end, case when $3 = 'stored' then -97.93 end)`,
    [id, conversationId, status],
  )
  return id
}

const ubicadas = (town: Ayuntamiento) =>
  sql(town.database.fork(), 'select 1 from attachment where latitud is not null or longitud is not null')

it('where a photograph was taken is told to the conversation it came by and to no other', async () => {
  const town = await ayuntamiento()
  const [una, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
  const ids = [await foto(town, una, 'stored'), await foto(town, una, 'pending')]
  const buscar = ({ conversationId }: Vecina, cuales = ids) =>
    lugarDeFotos(town.database.fork(), conversationId, cuales)
  expect(await buscar(una)).toEqual({ punto: { latitud: 22.4, longitud: -97.93 }, pendiente: true })
  expect(await buscar(una, ids.slice(1))).toEqual({ pendiente: true })
  expect(await buscar(otra)).toEqual({ pendiente: false })
  expect(await buscar(una, ['no soy un id'])).toEqual({ pendiente: false })
})

it.each([
  ['a petition', false, 'BACHEO'],
  ['an anonymous one', true, 'BASURERO'],
])('it is forgotten once the photograph belongs to %s', async (_what, anonima, categoria) => {
  const town = await ayuntamiento()
  const quien = await vecina(town.database.fork())
  const fotos = [await foto(town, quien, 'stored')]
  expect(await ubicadas(town)).toHaveLength(1)
  await registrarDe(town, quien, { ...BACHE, categoria, fotos, anonima, datos: { colonia: 'Miramar' } })
  expect(await ubicadas(town)).toEqual([])
})
