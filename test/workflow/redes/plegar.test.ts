import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plegar, type Suceso } from '../../../src/workflow/redes/plegar.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 18, 0, second))
const suceso = (id: number, verbo: Suceso['verbo'], cuerpo: Suceso['cuerpo'] = {}): Suceso => ({
  id,
  verbo,
  cuerpo,
  at: at(id),
})

const ALTA = suceso(1, 'add', { kind: 'comment', own: false, text: 'Hay un bache', authorName: 'Persona de Prueba' })
const CAMBIO = suceso(2, 'edit', { kind: 'comment', text: 'Hay dos baches' })
const OCULTO = suceso(3, 'hide')
const DETALLE = suceso(4, 'detail', { permalink: 'https://www.facebook.com/c', text: 'Lo que se leyó' })
const VISIBLE = suceso(5, 'unhide')
const BORRADO = suceso(6, 'remove')

describe('what the events of a comment come to', () => {
  it('is the same in whatever order they came', () => {
    const all = [ALTA, CAMBIO, OCULTO, DETALLE, VISIBLE, BORRADO]
    const once = plegar(all)
    expect(once).toMatchObject({ texto: 'Hay dos baches', editadoAt: at(2), borradoAt: at(6), oculto: false })
    expect(once).toMatchObject({
      publicadoAt: at(1),
      autor: 'Persona de Prueba',
      permalink: 'https://www.facebook.com/c',
    })
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) => {
        expect(plegar(order)).toEqual(once)
      }),
    )
  })

  it('is not yet something said when only its removal came', () => {
    expect(plegar([BORRADO])).toMatchObject({ publicadoAt: null, borradoAt: at(6), texto: null })
  })

  it('is what the edit says when the comment itself comes after it', () => {
    expect(plegar([CAMBIO, { ...ALTA, id: 9, at: at(9) }])).toMatchObject({
      texto: 'Hay dos baches',
      autor: 'Persona de Prueba',
    })
  })

  it('has the words that were asked for only where the platform told none', () => {
    const mention = suceso(1, 'add', { kind: 'mention', own: false })
    expect(plegar([mention, DETALLE])).toMatchObject({ kind: 'mention', texto: 'Lo que se leyó' })
    expect(plegar([ALTA, DETALLE]).texto).toBe('Hay un bache')
  })

  it('is hidden as the last of them says', () => {
    expect(plegar([ALTA, OCULTO]).oculto).toBe(true)
    expect(plegar([ALTA, VISIBLE, OCULTO]).oculto).toBe(false)
  })
})
