import { describe, expect, it } from 'vitest'
import { duenosDeMensajes, type MensajeDeHilo } from '../../../src/admin/conversaciones/hilo-alcance.ts'

const BACHE = 1
const QUEJA = 2
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute))
const peticiones = [
  { id: QUEJA, registradaAt: at(20) },
  { id: BACHE, registradaAt: at(10) },
]

let made = 0
const message = (minute: number, direction: 'in' | 'out', of: Partial<MensajeDeHilo> = {}): MensajeDeHilo => {
  made += 1
  return { id: made, direction, createdAt: at(minute), kind: 'text', usuarioId: null, peticionId: null, ...of }
}
const citizen = (minute: number) => message(minute, 'in')
const bot = (minute: number) => message(minute, 'out')
const notice = (minute: number, peticionId: number) => message(minute, 'out', { peticionId })
const staff = (minute: number, peticionId: number | null) => message(minute, 'out', { usuarioId: 7, peticionId })

describe('a message of a conversation belongs', () => {
  it.each([
    ['to the petition that it led to', [citizen(5), bot(5), citizen(15), bot(15)], [BACHE, BACHE, QUEJA, QUEJA]],
    ['to no petition yet, when none came of it', [citizen(25), bot(25)], [null, null]],
    ['to the petition whose notice it is', [notice(30, BACHE), notice(31, QUEJA)], [BACHE, QUEJA]],
    ['to what was last talked of with a person', [staff(30, BACHE), citizen(31), citizen(32)], [BACHE, BACHE, BACHE]],
    ['to nothing, when that person attended no petition', [staff(30, null), citizen(31)], [null, null]],
    [
      'to the next report, when the assistant answers it',
      [notice(12, BACHE), citizen(15), bot(15)],
      [BACHE, QUEJA, QUEJA],
    ],
    ['to the petition of its last answer, written at the same moment', [citizen(10), bot(10)], [BACHE, BACHE]],
  ])('%s', (_what, messages, owners) => {
    const found = duenosDeMensajes(messages, peticiones)
    expect(messages.map(({ id }) => found.get(id))).toEqual(owners)
  })
})
