import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { fila, llegada } from '../peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let titular: Navegador
let ajeno: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  titular = await panel.logIn(['titular'], 'OP')
  ajeno = await panel.logIn(['enlace'], 'COMAPA')
})

const url = (folio: string, verbo = '') => `/admin/peticiones/${folio}${verbo && `/${verbo}`}`
const arroba = (who: Navegador) => `@${who.email.split('@')[0]}`
const anotar = async (folio: string, nota: string) =>
  enlace.post(url(folio, 'anotar'), { version: String((await fila(panel, folio))?.version), nota })

describe('an internal note', () => {
  it('that names a colleague calls them to the petition until they say that they read it', async () => {
    const { folio } = await llegada(panel)
    expect((await enlace.get(url(folio))).body).toContain(arroba(titular))
    expect((await anotar(folio, `${arroba(titular)}, ¿autoriza la mezcla? Escriba a x@y.mx.`)).statusCode).toBe(303)
    const tray = (await titular.get('/admin')).body
    expect(tray).toContain('Le mencionaron en 1 nota')
    expect(tray).toContain('autoriza la mezcla?')
    expect((await enlace.get('/admin')).body).not.toContain('Le mencionaron')
    expect((await titular.get(url(folio))).body).toContain('Le llaman a esta petición')
    await titular.post(url(folio, 'enterado'))
    expect((await titular.get('/admin')).body).not.toContain('Le mencionaron')
    expect((await titular.get(url(folio))).body).not.toContain('Le llaman a esta petición')
  })

  it('cannot call somebody who may not see the petition, nor who does not exist, and keeps what was typed', async () => {
    const { folio } = await llegada(panel)
    expect((await enlace.get(url(folio))).body).not.toContain(arroba(ajeno))
    for (const name of [arroba(ajeno), '@nadie']) {
      const answer = await anotar(folio, `${name} mire esto`)
      expect([answer.statusCode, answer.body.includes('nombra a alguien que no existe')]).toEqual([422, true])
      expect(answer.body).toContain('mire esto')
    }
    expect((await ajeno.post(url(folio, 'enterado'))).statusCode).toBe(404)
  })

  it('is no longer told to who lost sight of the petition', async () => {
    const { folio } = await llegada(panel)
    await anotar(folio, `${arroba(titular)} vea`)
    await sql(panel.database.fork(), "update peticion set dependencia_id = 'COMAPA' where folio = $1", [folio])
    expect((await titular.get('/admin')).body).not.toContain(folio)
  })

  it('is never sent: no message, no notice, nothing on the public page', async () => {
    const { folio, conversationId } = await llegada(panel, BACHE)
    const count = () =>
      sqlOne<{ n: number }>(
        panel.database.fork(),
        `select (select count(*) from message where conversation_id = $1) + (select count(*) from outbox o join peticion p on p.id = o.peticion_id where p.folio = $2) as n`,
        [conversationId, folio],
      )
    const before = await count()
    await anotar(folio, `La mezcla llega el lunes, ${arroba(titular)}`)
    expect(await count()).toEqual(before)
    const noted = await sqlOne(
      panel.database.fork(),
      "select m.nota_publica as publica, m.nota from movimiento m join peticion p on p.id = m.peticion_id where p.folio = $1 and m.verbo = 'anotar'",
      [folio],
    )
    expect(noted).toMatchObject({ publica: null, nota: expect.stringContaining('La mezcla llega') })
  })
})
