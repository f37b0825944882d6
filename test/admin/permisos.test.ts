import { beforeAll, describe, expect, it } from 'vitest'
import type { Estado } from '../../src/conversation/flows/vocabulary.ts'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import type { Rol } from '../../src/workflow/actor.ts'
import { type Navegador, startPanel, type TestPanel } from './panel.ts'
import { losAjenos } from './permisos-ajenos.ts'
import { NADA } from './permisos-cosas.ts'
import { type Fila, MATRIZ, type Objeto, prepararObjetos, reponer } from './permisos-objetos.ts'
import { campos, dicho, entra, partes, pedir, urlDe, ve } from './permisos-pedir.ts'
import { conArchivo, PDF } from './peticiones.ts'

let panel: TestPanel
let objetos: Objeto[]
let accion: string
const personas = new Map<Rol, Navegador>()
beforeAll(async () => {
  panel = await startPanel()
  const entering = Object.entries(MATRIZ.personas).map(async ([rol, dependencia]) => {
    return [rol as Rol, await panel.logIn([rol as Rol], dependencia ?? undefined)] as const
  })
  for (const [rol, persona] of await Promise.all(entering)) personas.set(rol, persona)
  objetos = await prepararObjetos(panel)
  const row = await sqlOne<{ accion: string }>(
    panel.database.fork(),
    "select acciones[1] as accion from categoria where id = 'BACHEO'",
  )
  accion = row?.accion ?? ''
})

/** Petitions of which it is not known who made them. */
const SIN_NADIE = ['anonima', 'bloqueada', 'borrada']
const rutas = Object.entries(MATRIZ.rutas)
const deClase = (clase: string) => rutas.filter(([, fila]) => fila === clase).map(([ruta]) => ruta)
type FilaDeVerbo = Extract<Fila, { estado: Estado }>
const esVerbo = (one: [string, Fila]): one is [string, FilaDeVerbo] => typeof one[1] === 'object' && 'estado' in one[1]
const verbos = rutas.filter(esVerbo)
/** Everybody at once: what one may do changes nothing for another. */
const cadaPersona = (test: (rol: Rol, persona: Navegador) => Promise<void>) =>
  Promise.all([...personas].map(([rol, persona]) => test(rol, persona)))

it('every route of the panel has a row in the matrix, and every row a route', () => {
  expect(panel.routes.toSorted()).toEqual(rutas.map(([ruta]) => ruta).toSorted())
})

it('every route with an id says whose what it names is', () => {
  const dichas = [...deClase('alcance'), ...deClase('publica'), ...verbos.map(([ruta]) => ruta), ...MATRIZ.de_todos]
  const known = new Set([...dichas, ...Object.keys(MATRIZ.ajenos)])
  expect(panel.routes.filter((ruta) => ruta.includes(':') && !known.has(ruta))).toEqual([])
  expect([...known].filter((ruta) => !panel.routes.includes(ruta))).toEqual([])
})

describe('a stranger', () => {
  it.each(deClase('publica'))('may ask for %s', async (ruta) => {
    // 404: a link that is not there.
    expect([200, 401, 404]).toContain((await pedir(panel.stranger(), ruta)).statusCode)
  })

  it('is sent to log in by every other route', async () => {
    for (const [ruta] of rutas.filter(([, fila]) => fila !== 'publica')) {
      const { statusCode, headers } = await pedir(panel.stranger(), ruta, objetos[0])
      expect([ruta, statusCode, headers.location]).toEqual([ruta, 303, expect.stringMatching(/^\/admin\/login/)])
    }
  })
})

it('a form of another site is refused by every route', async () => {
  const formas = rutas.map(([ruta]) => ruta).filter((ruta) => ruta.startsWith('POST') && !ruta.endsWith('/login'))
  await cadaPersona(async (rol, persona) => {
    // Whose role may not use a route is refused for that, which is tried below.
    for (const ruta of formas.filter((one) => entra(one, rol))) {
      const answer = await pedir(persona, ruta, objetos[0], { ...campos(''), _csrf: 'ajeno' })
      expect([ruta, rol, answer.statusCode]).toEqual([ruta, rol, 403])
    }
  })
})

it('a route of some roles is for them alone', async () => {
  for (const [ruta, fila] of rutas) {
    if (!Array.isArray(fila)) continue
    await cadaPersona(async (rol, persona) => {
      const { statusCode } = await pedir(persona, ruta, objetos[0], { _csrf: persona.csrf })
      const may = fila.includes(rol)
      // Whoever may gets in, and is told what is wrong with an empty form or that there is no such thing.
      expect([ruta, rol, may ? statusCode < 500 && statusCode !== 403 : statusCode]).toEqual([ruta, rol, may || 403])
    })
  }
})

describe('a petition', () => {
  /** One person after another, as each captured some of them; for each all petitions at once. */
  const each = async (
    test: (rol: Rol, persona: Navegador, objeto: Objeto) => Promise<void>,
    estado: Estado,
    valoracion?: 'pendiente',
  ) => {
    for (const [rol, persona] of personas) {
      await reponer(panel, objetos, estado, persona.usuarioId, valoracion)
      await Promise.all(objetos.map((objeto) => test(rol, persona, objeto)))
    }
  }
  const muestra = (body: string, { folio }: Objeto) => body.includes(`/admin/peticiones/${folio}`)
  const bloqueada = ({ nombre }: Objeto) => MATRIZ.objetos[nombre]?.bloqueada

  it.each(deClase('alcance'))('%s is for whoever has it in reach', async (ruta) => {
    const nadie = objetos[0] && { ...objetos[0], folio: NADA.folio ?? '', adjunto: NADA.uuid ?? '' }
    const nada = new Map<Rol, string>()
    await cadaPersona(async (rol, persona) => void nada.set(rol, dicho(await pedir(persona, ruta, nadie))))
    await each(async (rol, persona, objeto) => {
      const answer = await pedir(persona, ruta, objeto)
      expect([rol, objeto.nombre, answer.statusCode]).toEqual([rol, objeto.nombre, ve(rol, objeto) ? 200 : 404])
      if (!ve(rol, objeto)) expect(dicho(answer)).toBe(nada.get(rol))
    }, 'PROCESO')
  })

  it('is in the tray, the search, the map, the export and the counts of whoever has it in reach', async () => {
    await each(async (rol, persona, objeto) => {
      const { body } = await persona.get(`/admin?q=${objeto.folio}`)
      expect([rol, objeto.nombre, muestra(body, objeto)]).toEqual([rol, objeto.nombre, ve(rol, objeto)])
    }, 'PROCESO')
    await sql(panel.database.fork(), 'update peticion set latitud = 22.39, longitud = -97.93')
    for (const [rol, persona] of personas) {
      await reponer(panel, objetos, 'CONCLUIDO', persona.usuarioId)
      const [tray, map, asked] = await Promise.all([
        persona.get('/admin'),
        persona.get('/admin/mapa.json'),
        persona.post('/admin/exportar', { formato: 'csv', consulta: '' }),
      ])
      for (const query of ['estado=CONCLUIDO', 'q=ebano']) {
        const { body } = await persona.get(`/admin?${query}`)
        for (const objeto of objetos) {
          // Where a petition is goes with what is blocked.
          const found = ve(rol, objeto) && !(query === 'q=ebano' && bloqueada(objeto))
          expect([rol, objeto.nombre, query, muestra(body, objeto)]).toEqual([rol, objeto.nombre, query, found])
        }
      }
      const tab = /Concluido <span class="cuenta">(\d+)/.exec(tray.body)?.[1]
      expect([rol, tab]).toEqual([rol, String(MATRIZ.alcance[rol].length)])
      const file = await persona.get(`${asked.headers.location}/archivo`)
      for (const objeto of objetos) {
        // What is reservada lies on no map.
        const mapped = ve(rol, objeto) && !MATRIZ.objetos[objeto.nombre]?.reservada
        expect([rol, objeto.nombre, map.body.includes(objeto.folio)]).toEqual([rol, objeto.nombre, mapped])
        expect([rol, objeto.nombre, file.body.includes(objeto.folio)]).toEqual([rol, objeto.nombre, ve(rol, objeto)])
      }
    }
  })

  it.each(verbos)('%s is for those the matrix names', async (ruta, { estado, valoracion, ...quien }) => {
    const verbo = ruta.split('/').at(-1) ?? ''
    const takesFile = verbo === 'procesar' || verbo === 'concluir'
    await each(
      async (rol, persona, objeto) => {
        const may = quien[rol]?.includes(objeto.nombre) ?? false
        const withFile = conArchivo({ ...campos(verbo, accion), _csrf: persona.csrf }, PDF)
        const url = urlDe(partes(ruta).path, objeto)
        const answer = await (takesFile ? persona.post(url, {}, withFile) : persona.post(url, campos(verbo, accion)))
        const expected = may ? 303 : ve(rol, objeto) ? 409 : 404
        // Of whom nobody knows nothing can be asked, which the form says.
        if (verbo === 'preguntar' && SIN_NADIE.includes(objeto.nombre) && answer.statusCode === 422) return
        expect([rol, objeto.nombre, answer.statusCode]).toEqual([rol, objeto.nombre, expected])
      },
      estado,
      valoracion,
    )
  })

  it.each(MATRIZ.cerradas.estados)('%s takes no more than the matrix says', async (estado) => {
    const objeto = objetos.find(({ nombre }) => nombre === (estado === 'CANCELADO' ? 'borrada' : 'propia'))
    if (!objeto) throw new Error('the matrix has lost a petition')
    for (const [rol, persona] of personas) {
      await reponer(panel, [objeto], estado, persona.usuarioId)
      // Whoever never may is refused in the states in which others may.
      for (const [ruta, quien] of verbos.filter(([, one]) => one[rol])) {
        const verbo = ruta.split('/').at(-1) ?? ''
        const { statusCode } = await persona.post(urlDe(partes(ruta).path, objeto), campos(verbo, accion))
        const may = MATRIZ.cerradas.verbos.includes(verbo) && quien[rol]?.includes(objeto.nombre)
        expect([rol, verbo, statusCode]).toEqual([rol, verbo, may ? 303 : ve(rol, objeto) ? 409 : 404])
      }
    }
  })

  it('offers as buttons exactly what the matrix allows', async () => {
    const situaciones = Map.groupBy(verbos, ([, { estado, valoracion }]) => `${estado} ${valoracion ?? ''}`)
    for (const filas of situaciones.values()) {
      const [first] = filas
      if (!first) continue
      const [, { estado, valoracion }] = first
      await each(
        async (rol, persona, objeto) => {
          if (!ve(rol, objeto)) return
          const { body } = await persona.get(urlDe('/admin/peticiones/:folio', objeto))
          for (const [ruta, quien] of filas) {
            const verbo = ruta.split('/').at(-1)
            const offered = body.includes(`action="/admin/peticiones/${objeto.folio}/${verbo}"`)
            const may = quien[rol]?.includes(objeto.nombre) ?? false
            expect([rol, objeto.nombre, verbo, offered]).toEqual([rol, objeto.nombre, verbo, may])
          }
        },
        estado,
        valoracion,
      )
    }
  })
})

losAjenos(() => ({ panel, objetos, personas }))
