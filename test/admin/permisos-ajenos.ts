import { describe, expect, it } from 'vitest'
import { concierne } from '../../src/admin/eventos.ts'
import { sqlOne } from '../../src/runtime/sql.ts'
import type { Rol } from '../../src/workflow/actor.ts'
import type { Navegador, TestPanel } from './panel.ts'
import { COSAS, type Cosa, DISPARATES, dejarRastros, NADA, nadaComo, sinDueno } from './permisos-cosas.ts'
import { dichoEn, MATRIZ, type Objeto, reponer } from './permisos-objetos.ts'
import { campos, dicho, entra, partes, pedir, ve } from './permisos-pedir.ts'

/** What the matrix is tried on. */
export interface Escenario {
  panel: TestPanel
  objetos: Objeto[]
  personas: Map<Rol, Navegador>
}

/** The tests of what is somebody else's; `escenario` is there when they run. */
export function losAjenos(escenario: () => Escenario): void {
  it('no page names a petition, nor says a word of it, to whom it is out of reach', async () => {
    const { panel, objetos, personas } = escenario()
    await dejarRastros(panel, objetos, [...personas.values()])
    const paginas = panel.routes.filter(
      (ruta) =>
        ruta.startsWith('GET') &&
        !ruta.includes(':') &&
        !ruta.endsWith('/eventos') &&
        !MATRIZ.dice_folios.includes(ruta),
    )
    expect(paginas).toEqual(expect.arrayContaining(['GET /admin', 'GET /admin/privacidad', 'GET /admin/pendientes']))
    for (const [rol, persona] of personas) {
      await reponer(panel, objetos, 'PROCESO', persona.usuarioId)
      const lejos = objetos.filter((one) => !ve(rol, one))
      await Promise.all(
        paginas.map(async (ruta) => {
          const { body } = await pedir(persona, ruta)
          const dichos = lejos.filter(({ folio, nombre }) => body.includes(folio) || body.includes(dichoEn(nombre)))
          expect([ruta, rol, dichos.map(({ nombre }) => nombre)]).toEqual([ruta, rol, []])
        }),
      )
    }
  })

  it('a live event of a petition is for whoever has it in reach, or had', () => {
    expect(MATRIZ.eventos.peticion).toBe('alcance')
    for (const [rol, { usuarioId: id }] of escenario().personas) {
      const dependenciaId = MATRIZ.personas[rol]
      const usuario = { tipo: 'usuario' as const, id, roles: [rol], dependenciaId, dependencias: [dependenciaId ?? ''] }
      for (const objeto of escenario().objetos) {
        const { dependencia = '', medio = '', reservada = false, capturada } = MATRIZ.objetos[objeto.nombre] ?? {}
        const capturadaPor = capturada ? id : null
        const event = { topic: 'peticion', dependenciaId: dependencia, medio, reservada, capturadaPor }
        const row = [rol, objeto.nombre]
        expect([...row, concierne(usuario, { ...event, antes: null })]).toEqual([...row, ve(rol, objeto)])
        const ida = { ...event, dependenciaId: 'SSP', antes: dependencia }
        expect([...row, concierne(usuario, ida)]).toEqual([...row, ve(rol, objeto)])
      }
    }
  })

  describe('a thing that is somebody else’s', () => {
    const como = async (
      ruta: string,
      persona: Navegador,
      { valor, campos: suyos = {} }: Pick<Cosa, 'valor' | 'campos'>,
    ) => {
      const { method, path } = partes(ruta)
      const url = path.replace(/:\w+/, encodeURIComponent(valor))
      if (method === 'GET') return persona.get(`${url}?${new URLSearchParams(suyos)}`)
      return persona.post(url, { ...campos(''), ...suyos })
    }

    const estaAhora = async ({ fila: { tabla, llave, valor } }: Cosa) =>
      JSON.stringify(
        await sqlOne(
          escenario().panel.database.fork(),
          `select to_jsonb(t) - 'last_seen_at' as fila from ${tabla} t where ${llave} = $1`,
          [valor],
        ),
      )
    const hacer = async (cosa: string, rol: Rol, quien: Navegador) => {
      const { panel, objetos } = escenario()
      await reponer(panel, objetos, 'PROCESO', quien.usuarioId)
      const suya = objetos.find((one) => ve(rol, one))
      const maker = COSAS[cosa]
      if (!suya || !maker) throw new Error(`nobody makes ${cosa} here`)
      return maker({ panel, quien, suya, objetos })
    }
    const entran = (ruta: string) => [...escenario().personas].filter(([rol]) => entra(ruta, rol))

    it.each(Object.entries(MATRIZ.ajenos))('%s', async (ruta, cosas) => {
      for (const cosa of cosas) {
        const quienes = MATRIZ.cosas[cosa] ?? []
        const nada = new Map<Rol, Awaited<ReturnType<typeof como>>>()
        const duenos = sinDueno(cosa) ? entran(ruta).slice(0, 1) : entran(ruta)
        for (const [dueno, suDueno] of duenos) {
          const una = await hacer(cosa, dueno, suDueno)
          const antes = await estaAhora(una)
          const may = (rol: Rol) => quienes.includes(rol) || (!sinDueno(cosa) && rol === dueno)
          const otros = entran(ruta).filter(([rol]) => !may(rol))
          await Promise.all(
            otros.map(async ([rol, persona]) => {
              const answer = await como(ruta, persona, una)
              // Of what is not there each is told the same, whoever made what is.
              const nothing = nada.get(rol) ?? (await como(ruta, persona, nadaComo(una)))
              nada.set(rol, nothing)
              const row = [ruta, cosa, dueno, rol]
              const { method } = partes(ruta)
              // A form that would make a thing may be told that it cannot be this one.
              if (method === 'POST' && answer.statusCode === 404 && nothing.statusCode === 303) return
              expect([...row, answer.statusCode, dicho(answer)]).toEqual([...row, nothing.statusCode, dicho(nothing)])
              if (method === 'GET') expect([...row, answer.statusCode]).toEqual([...row, 404])
            }),
          )
          expect([ruta, cosa, dueno, await estaAhora(una)]).toEqual([ruta, cosa, dueno, antes])
          // Whoever may: the first of them, as what is done to it is done once.
          const [first] = entran(ruta)
            .filter(([rol]) => may(rol))
            .toReversed()
          if (!first) continue
          const answer = await como(ruta, first[1], una)
          expect([200, 204, 303], `${ruta} ${cosa} ${first[0]}`).toContain(answer.statusCode)
        }
      }
    })

    it.each([...MATRIZ.de_todos, ...Object.keys(MATRIZ.ajenos)])(
      '%s knows nothing of what is not there',
      async (ruta) => {
        for (const [rol, persona] of entran(ruta).slice(0, 1)) {
          const answers = [...Object.values(NADA), ...DISPARATES].map(async (valor) => {
            const url = partes(ruta).path.replace(/:\w+/g, encodeURIComponent(valor).replaceAll('%25', '%'))
            const { statusCode } = await (partes(ruta).method === 'GET'
              ? persona.get(url)
              : persona.post(url, campos('')))
            const allowed = partes(ruta).method === 'GET' ? [400, 404, 414] : [204, 303, 400, 404, 409, 414, 422]
            expect(allowed, `${ruta} ${rol} ${valor.slice(0, 20)}`).toContain(statusCode)
          })
          await Promise.all(answers)
        }
      },
    )
  })
}
