import { beforeAll, describe, expect, it } from 'vitest'
import { imprimible } from '../../src/admin/pdf.ts'
import { BACHE } from '../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'
import { llegada } from './peticiones.ts'

let panel: TestPanel
let enlace: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
})

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length

describe('the formato', () => {
  it('takes as many pages as the petition needs, whatever was written in it', async () => {
    const short = await llegada(panel)
    const long = await llegada(panel, { ...BACHE, descripcion: 'Año, ñandú: «¿qué?» 😀 Здравствуйте\n'.repeat(150) })
    const pdf = async (folio: string) => (await enlace.get(`/admin/peticiones/${folio}/formato.pdf`)).rawPayload
    expect(pagesOf(await pdf(short.folio))).toBe(1)
    expect(pagesOf(await pdf(long.folio))).toBeGreaterThan(2)
  })

  it('leaves out what its font cannot draw, and nothing else', () => {
    expect(imprimible('¿Año? «Sí» – 20 € 😀\r\nДа')).toBe('¿Año? «Sí» – 20 € \n')
    expect(imprimible('camio\u0301n')).toBe('camión')
  })
})
