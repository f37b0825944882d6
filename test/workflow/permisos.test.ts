import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sql } from '../../src/runtime/sql.ts'
import { ROLES, type UsuarioActor } from '../../src/workflow/actor.ts'
import { type Alcanzable, alcance, alcanza, puedeCapturar } from '../../src/workflow/permisos.ts'
import { ayuntamiento, registrarDe, USUARIOS, vecina } from './ayuntamiento.ts'

const DEPENDENCIAS = ['UAC', 'OP', 'TV', 'EBGSP', 'CONTRALORIA']

const actor = fc.record({
  tipo: fc.constant('usuario' as const),
  id: fc.integer({ min: 1, max: 3 }),
  roles: fc.subarray([...ROLES], { minLength: 0 }),
  dependenciaId: fc.constantFrom(null, ...DEPENDENCIAS),
  dependencias: fc.subarray(DEPENDENCIAS),
})

const peticion = fc.record({
  dependenciaId: fc.constantFrom(null, ...DEPENDENCIAS),
  medio: fc.constantFrom('telegram', 'presencial', 'redes_sociales', 'facebook', 'messenger', 'instagram'),
  capturadaPor: fc.constantFrom(null, 1, 2, 3),
  reservada: fc.boolean(),
})

const DE_OBRAS: Alcanzable = { dependenciaId: 'OP', medio: 'telegram', capturadaPor: null, reservada: false }
const quien = (nombre: keyof typeof USUARIOS): UsuarioActor => ({ tipo: 'usuario', id: 1, ...USUARIOS[nombre] })

describe('who sees which petition', () => {
  it('is the same for one that is read and for a list', async () => {
    const { database } = await ayuntamiento()
    const em = database.fork()
    await fc.assert(
      fc.asyncProperty(actor, fc.array(peticion, { minLength: 1, maxLength: 12 }), async (who, petitions) => {
        const { sql: donde, params } = alcance(who, 2)
        const seen = await sql<{ n: number }>(
          em,
          `select p.n from jsonb_to_recordset($1::jsonb) as p(n int, dependencia_id text, medio text, capturada_por bigint, reservada boolean)
            where ${donde} order by p.n`,
          [
            JSON.stringify(
              petitions.map(({ dependenciaId, capturadaPor, ...one }, n) => ({
                ...one,
                n,
                dependencia_id: dependenciaId,
                capturada_por: capturadaPor,
              })),
            ),
            ...params,
          ],
        )
        expect(seen.map(({ n }) => n)).toEqual(petitions.flatMap((one, n) => (alcanza(who, one) ? [n] : [])))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['enlaceObras', DE_OBRAS, true],
    ['enlaceTransito', DE_OBRAS, false],
    ['titularSeguridad', { ...DE_OBRAS, dependenciaId: 'TV' }, true],
    ['titularSeguridad', DE_OBRAS, false],
    ['comunicacion', DE_OBRAS, false],
    ['comunicacion', { ...DE_OBRAS, medio: 'redes_sociales' }, true],
    ['comunicacion', { ...DE_OBRAS, capturadaPor: 1 }, true],
    ['capturista', DE_OBRAS, true],
    ['validador', DE_OBRAS, true],
    ['administrador', DE_OBRAS, true],
  ] as const)('%s and %o: %s', (nombre, una, sees) => {
    expect(alcanza(quien(nombre), una)).toBe(sees)
  })

  it('leaves a reserved one to the UAC that validates and the enlace of its own dependencia', () => {
    const reservada = { dependenciaId: 'TV', medio: 'redes_sociales', capturadaPor: 1, reservada: true }
    const seeing = Object.keys(USUARIOS).filter((nombre) => alcanza(quien(nombre as keyof typeof USUARIOS), reservada))
    expect(seeing).toEqual(['enlaceTransito', 'validador'])
  })

  it('shows nothing to a user without roles', () => {
    expect(alcance({ ...quien('validador'), roles: [] })).toEqual({ sql: 'false', params: [] })
  })

  it('works on real rows, where nobody directed the petition yet', async () => {
    const town = await ayuntamiento()
    await registrarDe(town, await vecina(town.database.fork()))
    const counts = await Promise.all(
      Object.values(town.usuarios).map(async (one) => {
        const { sql: donde, params } = alcance(one)
        return (await sql(town.database.fork(), `select 1 from peticion p where ${donde}`, params)).length
      }),
    )
    expect(Object.fromEntries(Object.keys(town.usuarios).map((nombre, at) => [nombre, counts[at]]))).toEqual({
      enlaceObras: 0,
      otroEnlaceObras: 0,
      enlaceTransito: 0,
      enlaceComercio: 0,
      enlaceContraloria: 0,
      titularSeguridad: 0,
      validador: 1,
      capturista: 1,
      comunicacion: 0,
      administrador: 1,
    })
  })
})

describe('who captures', () => {
  it('is who the table lets register', () => {
    const capturing = Object.keys(USUARIOS).filter((nombre) => puedeCapturar(quien(nombre as keyof typeof USUARIOS)))
    expect(capturing).toEqual(['validador', 'capturista', 'comunicacion'])
  })
})
