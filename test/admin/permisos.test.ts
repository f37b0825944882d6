import { beforeAll, describe, expect, it } from 'vitest'
import type { Estado } from '../../src/conversation/flows/vocabulary.ts'
import { sqlOne } from '../../src/runtime/sql.ts'
import type { Rol } from '../../src/workflow/actor.ts'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'
import { type Fila, MATRIZ, type Objeto, prepararObjetos, reponer } from './permisos-objetos.ts'
import { conArchivo, PDF } from './peticiones.ts'

let panel: TestPanel
let objetos: Objeto[]
let accion: string
const personas = new Map<Rol, Navegador>()
beforeAll(async () => {
  panel = await startPanel()
  for (const [rol, dependencia] of Object.entries(MATRIZ.personas) as [Rol, string | null][]) {
    personas.set(rol, await panel.logIn([rol], dependencia ?? undefined))
  }
  objetos = await prepararObjetos(panel)
  const row = await sqlOne<{ accion: string }>(
    panel.database.fork(),
    "select acciones[1] as accion from categoria where id = 'BACHEO'",
  )
  accion = row?.accion ?? ''
})

const rutas = Object.entries(MATRIZ.rutas)
const deClase = (clase: string) => rutas.filter(([, fila]) => fila === clase).map(([ruta]) => ruta)
const verbos = rutas.filter(
  (one): one is [string, Extract<Fila, { estado: Estado }>] => typeof one[1] === 'object' && 'estado' in one[1],
)
const partes = (ruta: string): { method: 'GET' | 'POST'; path: string } => {
  const [method, path = ''] = ruta.split(' ')
  return { method: method === 'POST' ? 'POST' : 'GET', path }
}

/** What a valid form of the verb says; version 1 is what `reponer` sets. */
const campos = (verbo: string): Record<string, string> => ({
  version: '1',
  motivo: 'Por esto',
  explicacion: 'Porque no se puede',
  texto: 'Acuda allá',
  nota: 'Una nota',
  dependencia: verbo === 'recanalizar' ? 'SSP' : 'OP',
  resuelto: 'si',
  accion,
  observacion: 'Hecho',
  aceptada: 'si',
})

/** The address with something in place of its parameters. */
const urlDe = (path: string, objeto?: Objeto) => {
  const id = path.startsWith('/admin/adjuntos')
    ? objeto?.adjunto
    : path.includes('conversaciones')
      ? objeto?.conversationId
      : 999_999
  const url = path
    .replace(':folio', objeto?.folio ?? 'UAC-26-000001-9')
    .replace(':id', String(id))
    .replace('*', 'panel.css')
  const query = { '/cambios': '?movimiento=0', '/novedades': '?desde=2026-11-22T00:00:00.000Z&ultima=0' }
  return url + (Object.entries(query).find(([end]) => path.endsWith(end))?.[1] ?? '')
}

function pedir(browser: Navegador, ruta: string, objeto?: Objeto, fields: Record<string, string> = {}) {
  const { method, path } = partes(ruta)
  return method === 'GET'
    ? browser.get(urlDe(path, objeto), { payloadAsStream: path.endsWith('/eventos') })
    : browser.post(urlDe(path, objeto), fields)
}

it('every route of the panel has a row in the matrix, and every row a route', () => {
  expect(panel.routes.toSorted()).toEqual(rutas.map(([ruta]) => ruta).toSorted())
})

describe('a stranger', () => {
  it.each(deClase('publica'))('may ask for %s', async (ruta) => {
    // 404: a link that is not there.
    expect([200, 401, 404]).toContain((await pedir(panel.stranger(), ruta)).statusCode)
  })

  it.each(rutas.filter(([, fila]) => fila !== 'publica').map(([ruta]) => ruta))(
    'is sent to log in by %s',
    async (ruta) => {
      const answer = await pedir(panel.stranger(), ruta, objetos[0])
      expect([answer.statusCode, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/admin\/login/)])
    },
  )
})

describe('a form of another site', () => {
  it.each(rutas.map(([ruta]) => ruta).filter((ruta) => ruta.startsWith('POST') && !ruta.endsWith('/login')))(
    'is refused by %s',
    async (ruta) => {
      for (const [rol, persona] of personas) {
        const answer = await pedir(persona, ruta, objetos[0], { ...campos(''), _csrf: 'ajeno' })
        expect([rol, answer.statusCode]).toEqual([rol, 403])
      }
    },
  )
})

describe('a route of some roles', () => {
  it.each(rutas.filter(([, fila]) => Array.isArray(fila)))('%s is for them alone', async (ruta, fila) => {
    for (const [rol, persona] of personas) {
      const { statusCode } = await pedir(persona, ruta, objetos[0], { _csrf: persona.csrf })
      const may = Array.isArray(fila) && fila.includes(rol)
      // Whoever may gets in, and is told what is wrong with an empty form or that there is no such thing.
      expect([rol, may ? statusCode < 500 && statusCode !== 403 : statusCode]).toEqual([rol, may || 403])
    }
  })
})

describe('a petition', () => {
  const each = async (
    test: (rol: Rol, persona: Navegador, objeto: Objeto) => Promise<void>,
    estado: Estado,
    valoracion?: 'pendiente',
  ) => {
    for (const [rol, persona] of personas) {
      for (const objeto of objetos) {
        await reponer(panel, objeto, estado, persona.usuarioId, valoracion)
        await test(rol, persona, objeto)
      }
    }
  }
  const ve = (rol: Rol, objeto: Objeto) => MATRIZ.alcance[rol].includes(objeto.nombre)

  it.each(deClase('alcance'))('%s is for whoever has it in reach', async (ruta) => {
    await each(async (rol, persona, objeto) => {
      const { statusCode } = await pedir(persona, ruta, objeto)
      expect([rol, objeto.nombre, statusCode]).toEqual([rol, objeto.nombre, ve(rol, objeto) ? 200 : 404])
    }, 'PROCESO')
  })

  it('is in the tray, the search and the counts of whoever has it in reach', async () => {
    await each(async (rol, persona, objeto) => {
      for (const query of [`q=${objeto.folio}`, 'estado=PROCESO', 'q=ebano']) {
        const shown = (await persona.get(`/admin?${query}`)).body.includes(`/admin/peticiones/${objeto.folio}`)
        expect([rol, objeto.nombre, query, shown]).toEqual([rol, objeto.nombre, query, ve(rol, objeto)])
      }
    }, 'PROCESO')
    for (const [rol, persona] of personas) {
      for (const objeto of objetos) await reponer(panel, objeto, 'CONCLUIDO', persona.usuarioId)
      const tab = /Concluido <span class="cuenta">(\d+)/.exec((await persona.get('/admin')).body)?.[1]
      expect([rol, tab]).toEqual([rol, String(MATRIZ.alcance[rol].length)])
    }
  })

  it.each(verbos)('%s is for those the matrix names', async (ruta, { estado, valoracion, ...quien }) => {
    const verbo = ruta.split('/').at(-1) ?? ''
    await each(
      async (rol, persona, objeto) => {
        const may = quien[rol]?.includes(objeto.nombre) ?? false
        const withFile = conArchivo({ ...campos(verbo), _csrf: persona.csrf }, PDF)
        const takesFile = verbo === 'procesar' || verbo === 'concluir'
        const url = urlDe(partes(ruta).path, objeto)
        const answer = await (takesFile ? persona.post(url, {}, withFile) : persona.post(url, campos(verbo)))
        const expected = may ? 303 : ve(rol, objeto) ? 409 : 404
        expect([rol, objeto.nombre, answer.statusCode]).toEqual([rol, objeto.nombre, expected])
      },
      estado,
      valoracion,
    )
  })

  it('offers as buttons exactly what the matrix allows', async () => {
    for (const [ruta, { estado, valoracion, ...quien }] of verbos) {
      const verbo = ruta.split('/').at(-1)
      await each(
        async (rol, persona, objeto) => {
          if (!ve(rol, objeto)) return
          const offered = (await persona.get(urlDe('/admin/peticiones/:folio', objeto))).body.includes(
            `action="/admin/peticiones/${objeto.folio}/${verbo}"`,
          )
          expect([rol, objeto.nombre, verbo, offered]).toEqual([
            rol,
            objeto.nombre,
            verbo,
            quien[rol]?.includes(objeto.nombre) ?? false,
          ])
        },
        estado,
        valoracion,
      )
    }
  })
})
