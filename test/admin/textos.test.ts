import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CAJONES } from '../../src/admin/bandeja/cajones.ts'
import { ESTADOS } from '../../src/admin/canales/canal-estado.ts'
import { DATOS } from '../../src/admin/captura/captura-forma.ts'
import { SECCIONES } from '../../src/admin/menu.ts'
import { createPalabras } from '../../src/admin/palabras.ts'
import { VISTAS } from '../../src/admin/redes/redes-consulta.ts'
import { ROLES } from '../../src/workflow/actor.ts'
import { TROUBLES } from '../../src/workflow/mensajes/account-state.ts'
import { TRANSICIONES, VERBOS } from '../../src/workflow/peticion/transiciones.ts'
import { ACTOS } from '../../src/workflow/redes/acto.ts'

const now = new Date('2026-11-22T18:30:00Z')
const palabras = createPalabras('America/Mexico_City', () => now)
const doneByStaff = [
  ...new Set(
    TRANSICIONES.filter(({ quien }) => quien.some((one) => one !== 'ciudadano' && one !== 'sistema')).map(
      ({ verbo }) => verbo,
    ),
  ),
]

describe('the words of the panel', () => {
  it.each([
    ['verbo', VERBOS],
    ['hecho', doneByStaff.filter((verbo) => verbo !== 'registrar')],
    ['boton', doneByStaff.filter((verbo) => !['registrar', 'responder', 'anotar'].includes(verbo))],
    ['accion', doneByStaff.filter((verbo) => !['registrar', 'responder', 'anotar'].includes(verbo))],
    ['siguiente', ['recibir', 'canalizar', 'procesar', 'concluir', 'validar']],
    ['rol', ROLES],
    ['rol_hace', ROLES],
    ['cajon', CAJONES],
    ['cajon_es', CAJONES],
    ['cajon_vacio', CAJONES],
    ['menu', Object.keys(SECCIONES)],
    ['dato', DATOS],
    ['red', ['messenger', 'instagram']],
    ['redes_tipo', ['comment', 'live_comment', 'post', 'mention', 'review']],
    ['redes_vista', VISTAS],
    ['redes_vista_es', VISTAS],
    ['redes_vacio', VISTAS],
    ['redes_acto', ACTOS],
    ['redes_estado', ['en_curso', 'fallido', 'ambiguo']],
    ['redes_hecho', [...ACTOS.filter((acto) => acto !== 'capturar'), 'fallido', 'ambiguo', 'repetido']],
    ['redes_hecho', ['salio', 'no_salio', 'espere', 'no_se_puede']],
    [
      'redes_problema',
      ['gone', 'already', 'not_allowed', 'too_late', 'no_salio', 'throttled', 'unavailable', 'timeout'],
    ],
    ['redes_problema', ['blocked', 'invalid', 'outside_window', 'unauthorized', 'not_connected', 'unknown']],
    ['redes_destino', ['messenger', 'instagram', 'whatsapp', 'web-chat']],
    [
      'error',
      ['borrado', 'apagado', 'no_se_puede', 'privado_ya', 'privado_tarde', 'duda', 'conflicto', 'sin_respuesta'].map(
        (motivo) => `redes_${motivo}`,
      ),
    ],
    ['canal_estado', ESTADOS],
    ['canal_estado_es', ESTADOS],
    ['canal_motivo', TROUBLES],
    ['canal_remedio', TROUBLES],
    ['canal_hecho', ['probar', 'reiniciar', 'desvincular', 'vincular']],
    ['entrega', ['pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'ambiguous', 'waiting_window']],
    [
      'error',
      [
        'motivo',
        'texto',
        'accion',
        'observacion',
        'explicacion',
        'formato',
        'oficio',
        'dependencia',
        'enlace',
        'duplicado',
        'ventana',
        'categoria',
        'medio',
        'programa',
        'modulo',
      ].map((falta) => `falta_${falta}`),
    ],
  ])('name everything of %s', (list, values) => {
    for (const value of values) expect(palabras.t(`${list}.${value}`)).not.toBe('')
  })

  it('say when a term ends as a person would', () => {
    const said = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-25'].map(palabras.vence)
    expect(said).toEqual(['vencida hace 2 días', 'vencida desde ayer', 'vence hoy', 'vence mañana', 'vence en 3 días'])
  })

  it('count days where the town is, not where the server is', () => {
    const late = createPalabras('America/Mexico_City', () => new Date('2026-11-23T05:30:00Z'))
    expect(late.vence('2026-11-22')).toBe('vence hoy')
  })

  it('say how long ago a thing was', () => {
    const ago = (seconds: number) => palabras.hace(new Date(now.getTime() - seconds * 1000))
    expect([ago(5), ago(120), ago(7200), ago(86_400)]).toEqual([
      'hace un momento',
      'hace 2 minutos',
      'hace 2 horas',
      'hace 1 día',
    ])
  })
})

it('every field of the views says its type: the stylesheet knows it by that', () => {
  const views = new URL('../../src/admin/views/', import.meta.url)
  const untyped = readdirSync(views)
    .filter((name) => name.endsWith('.eta'))
    .flatMap((name) =>
      readFileSync(new URL(name, views), 'utf8')
        .split('\n')
        .filter((line) => line.replace(/<%.*?%>/g, '').match(/<input (?![^>]*\btype=)/))
        .map((line) => `${name}: ${line.trim()}`),
    )
  expect(untyped).toEqual([])
})
