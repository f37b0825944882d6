import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { leerFecha } from '../../../src/conversation/flows/registrar/fecha.ts'
import { settings } from '../talk.ts'

const now = DateTime.fromISO('2026-11-22T20:30:00', { zone: 'America/Mexico_City' })

test.each([
  ['hoy', '2026-11-22'],
  ['Ayer', '2026-11-21'],
  ['15/11/2026', '2026-11-15'],
  ['15-11-26', '2026-11-15'],
  ['15/11', '2026-11-15'],
  ['15/12', '2025-12-15'],
  ['el 3 de noviembre', '2026-11-03'],
  ['3 de diciembre de 2025', '2025-12-03'],
  ['2026-11-01', '2026-11-01'],
  ['31/02/2026', undefined],
  ['noviembre', undefined],
  ['no me acuerdo', undefined],
])('a day as people write it: %s', (typed, iso) => {
  expect(leerFecha(typed, now, settings.mensajes)?.toISODate()).toBe(iso)
})
