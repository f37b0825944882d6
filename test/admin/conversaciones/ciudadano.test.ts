import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { BACHE, QUEJA, type Vecina, vecina } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let validador: Navegador
let capturista: Navegador
beforeAll(async () => {
  panel = await startPanel()
  validador = await panel.logIn(['validador'], 'UAC')
  capturista = await panel.logIn(['capturista'], 'UAC')
})

const ciudadanoDe = async ({ addressId }: Vecina): Promise<number> => {
  const row = await sqlOne<{ id: number }>(
    panel.database.fork(),
    'select ciudadano_id as id from address where id = $1',
    [addressId],
  )
  return row?.id ?? 0
}

let phones = 10
/** Somebody with a petition, and the page of theirs. */
async function persona(nombre: string, telefono = `833 000 00${phones++}`) {
  const made = await llegada(panel, { ...BACHE, datos: { ...BACHE.datos, nombre, telefono } })
  const id = await ciudadanoDe(made)
  return { ...made, id, url: `/admin/ciudadanos/${id}` }
}

describe('the page of a person', () => {
  it('shows addresses, petitions and conversations, and is led to from both', async () => {
    const ana = await persona('Persona de Prueba')
    const { body } = await capturista.get(ana.url)
    for (const one of ['Persona de Prueba', ana.folio, `/admin/conversaciones/${ana.conversationId}`])
      expect(body).toContain(one)
    expect((await capturista.get(`/admin/peticiones/${ana.folio}`)).body).toContain(`href="${ana.url}"`)
    const led = await capturista.post(`/admin/conversaciones/${ana.conversationId}/persona`)
    expect(led.headers.location).toBe(ana.url)
  })

  it('is made for who never registered anything, so that having one tells nothing', async () => {
    const who = await vecina(panel.database.fork())
    const { headers } = await capturista.post(`/admin/conversaciones/${who.conversationId}/persona`)
    expect((await capturista.get(String(headers.location))).body).toContain('Ninguna que usted pueda ver')
  })

  it('names no reserved petition to who may not see it, nor what was told in it', async () => {
    const who = await vecina(panel.database.fork())
    const queja = await llegada(
      panel,
      { ...QUEJA, datos: { nombre: 'Quejosa de Prueba', telefono: '833 000 0077' } },
      who,
    )
    const url = `/admin/ciudadanos/${await ciudadanoDe(who)}`
    const seen = (await capturista.get(url)).body
    for (const secret of [queja.folio, 'Quejosa de Prueba', '8330000077', 'servidor público'])
      expect(seen).not.toContain(secret)
    expect((await validador.get(url)).body).toContain(queja.folio)
  })

  it('is not there for who sees nothing of theirs', async () => {
    const who = await vecina(panel.database.fork())
    await llegada(panel, QUEJA, who)
    const administrador = await panel.logIn(['administrador'])
    expect((await administrador.get(`/admin/ciudadanos/${await ciudadanoDe(who)}`)).statusCode).toBe(404)
    expect((await administrador.get('/admin/ciudadanos/999999')).statusCode).toBe(404)
  })
})

describe('two persons who may be one', () => {
  it('are suggested by the telephone, however it was written, and joined only after both were shown', async () => {
    const ana = await persona('Ana de Prueba', '+52 1 833 000 0005')
    const otra = await persona('Anita de Prueba', '8330000005')
    const vouched = await persona('Tercera de Prueba', '833 000 0006')
    await sql(panel.database.fork(), "update address set phone = '+528330000005' where id = $1", [vouched.addressId])

    const page = (await validador.get(ana.url)).body
    expect(page).toContain('Posible misma persona')
    for (const one of [otra, vouched]) expect(page).toContain(`${ana.url}/unir?con=${one.id}`)
    expect(await ciudadanoDe(otra)).toBe(otra.id)

    const both = (await validador.get(`${ana.url}/unir?con=${otra.id}`)).body
    for (const shown of [ana.folio, otra.folio, 'Ana de Prueba', 'Anita de Prueba']) expect(both).toContain(shown)
    const empty = await validador.post(`${ana.url}/unir`, { con: String(otra.id), motivo: ' ' })
    expect([empty.statusCode, await ciudadanoDe(otra)]).toEqual([422, otra.id])

    const done = await validador.post(`${ana.url}/unir`, { con: String(otra.id), motivo: 'Lo confirmó por teléfono' })
    expect([done.statusCode, await ciudadanoDe(otra)]).toEqual([303, ana.id])
    const joined = (await validador.get(ana.url)).body
    for (const one of [ana.folio, otra.folio, 'Lo confirmó por teléfono']) expect(joined).toContain(one)
    expect(joined).not.toContain(`unir?con=${otra.id}`)
    expect((await validador.get(otra.url)).headers.location).toBe(ana.url)
  })

  it('are not suggested for a telephone told in a reserved petition, nor to who may not join them', async () => {
    const ana = await persona('Prudencia de Prueba', '833 000 0078')
    const who = await vecina(panel.database.fork())
    await llegada(panel, { ...QUEJA, datos: { telefono: '833 000 0078' } }, who)
    expect((await validador.get(ana.url)).body).not.toContain('Posible misma persona')
    const otra = await persona('Otra de Prueba', '833 000 0078')
    expect((await capturista.get(ana.url)).body).not.toContain(`unir?con=${otra.id}`)
  })

  it('are found by the folio of one, unless it is anonymous or already of the same person', async () => {
    const [ana, otra] = [await persona('Una de Prueba'), await persona('Dos de Prueba')]
    const anonima = await llegada(panel, { ...BACHE, categoria: 'CONTAMINACION', datos: {}, anonima: true })
    const ask = (folio: string) => validador.get(`${ana.url}/unir?folio=${encodeURIComponent(folio)}`)
    expect((await ask(otra.folio.toLowerCase().replaceAll('-', ' '))).body).toContain('¿Son la misma persona?')
    expect((await ask(anonima.folio)).body).toContain('es anónima y no es de nadie')
    expect((await ask(ana.folio)).body).toContain('ya es de esta persona')
    expect((await ask('nada')).statusCode).toBe(422)
  })

  it('are joined once when two of the staff do it at the same time, and the other one is told', async () => {
    const [ana, otra] = [await persona('Tres de Prueba'), await persona('Cuatro de Prueba')]
    const answers = await Promise.all([
      validador.post(`${ana.url}/unir`, { con: String(otra.id), motivo: 'Es ella' }),
      validador.post(`${otra.url}/unir`, { con: String(ana.id), motivo: 'Es ella' }),
    ])
    // Whoever is so late that one of the two is no longer a person of their own finds nobody there.
    const [done, late] = answers.toSorted((one, other) => one.statusCode - other.statusCode)
    expect(done?.statusCode).toBe(303)
    expect(late?.body).toContain(late?.statusCode === 409 ? 'Alguien más unió o separó' : 'No está aquí')
    expect([404, 409]).toContain(late?.statusCode)
  })

  it('are taken apart again with a reason, and each has their own', async () => {
    const [ana, otra] = [await persona('Cinco de Prueba'), await persona('Seis de Prueba')]
    await validador.post(`${ana.url}/unir`, { con: String(otra.id), motivo: 'Es ella' })
    const row = await sqlOne<{ id: number }>(
      panel.database.fork(),
      'select id from union_de_ciudadanos where unido = $1',
      [otra.id],
    )
    const union = String(row?.id)
    expect((await validador.post(`${ana.url}/separar`, { union, motivo: '' })).statusCode).toBe(422)
    const done = await validador.post(`${ana.url}/separar`, { union, motivo: 'Son hermanas' })
    expect([done.statusCode, await ciudadanoDe(otra)]).toEqual([303, otra.id])
    expect((await validador.get(otra.url)).body).toContain(otra.folio)
    expect((await validador.get(ana.url)).body).not.toContain(otra.folio)
    expect((await validador.post(`${ana.url}/separar`, { union, motivo: 'Otra vez' })).statusCode).toBe(409)
    expect(
      await sql(
        panel.database.fork(),
        "select action from audit where action like 'ciudadano.%' and object_id = $1 and action <> 'ciudadano.ver' order by id",
        [String(ana.id)],
      ),
    ).toEqual([{ action: 'ciudadano.unir' }, { action: 'ciudadano.separar' }])
  })
})
