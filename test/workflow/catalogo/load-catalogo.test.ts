import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/runtime/database.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import type { Catalogo } from '../../../src/workflow/catalogo/catalogo.ts'
import { diasInhabilesDe } from '../../../src/workflow/catalogo/dias-inhabiles.ts'
import { loadCatalogo } from '../../../src/workflow/catalogo/load-catalogo.ts'
import { readCatalogo, readMunicipio } from '../../shipped-config.ts'
import { testDatabase } from '../way-fixture.ts'

const catalogo = await readCatalogo()

/** The catalogue without some entries, by code or by name. */
const without = (...gone: string[]): Catalogo => ({
  ...catalogo,
  dependencias: catalogo.dependencias.filter((one) => !gone.includes(one.codigo)),
  categorias: catalogo.categorias.filter((one) => !gone.includes(one.codigo)),
  colonias: catalogo.colonias.filter((one) => !gone.includes(one.nombre)),
})

async function loaded(): Promise<Database> {
  const database = await testDatabase()
  await loadCatalogo(database.fork(), catalogo, [])
  return database
}

const counts = (database: Database) =>
  sqlOne(
    database.fork(),
    `select (select count(*) from dependencia) as dependencias, (select count(*) from categoria) as categorias,
            (select count(*) from colonia) as colonias`,
  )

/** Which transaction wrote each row last. */
const writers = (database: Database) =>
  sql(
    database.fork(),
    `select xmin::text, id from dependencia union all select xmin::text, id from categoria
     union all select xmin::text, id::text from colonia order by 2, 1`,
  )

const registrar = (database: Database, categoria: string, colonia: string) =>
  sql(
    database.fork(),
    `insert into peticion (folio, clave_hash, estado, categoria, medio, asunto, descripcion, colonia, prioridad, plazo_dias, vence_el)
     values ('UAC-26-000001-0', '', 'REGISTRADO', $1, 'presencial', 'a', 'b', $2, 'media', 3, '2026-12-01')`,
    [categoria, colonia],
  )

const ENTERA = {
  dependencias: catalogo.dependencias.length,
  categorias: catalogo.categorias.length,
  colonias: catalogo.colonias.length,
}

describe('loading the catalogue', () => {
  it('fills the tables with what the file says', async () => {
    const database = await loaded()
    expect(await counts(database)).toEqual(ENTERA)
    const alumbrado = catalogo.categorias.find((one) => one.codigo === 'ALUMBRADO')
    const row = await sqlOne<{ said: object }>(
      database.fork(),
      `select to_jsonb(c) - array['id', 'grupo', 'orden', 'dependencia_id', 'retirada_at', 'orientacion'] as said from categoria c where id = 'ALUMBRADO'`,
    )
    expect(alumbrado).toMatchObject(row?.said ?? { nothing: true })
    expect(
      await sqlOne(
        database.fork(),
        `select grupo, dependencia_id, requisitos from categoria where id = 'APOYO_SOCIAL'`,
      ),
    ).toMatchObject({
      grupo: 'Salud, apoyos y comunidad',
      dependencia_id: 'BS',
      requisitos: [
        { id: 'comprobante_domicilio', obligatorio: true },
        { id: 'carta_solicitud', obligatorio: false },
      ],
    })
  })

  it('keeps the order of the menu', async () => {
    const database = await loaded()
    const rows = await sql<{ grupo: string }>(
      database.fork(),
      'select distinct on (orden) grupo from categoria order by orden',
    )
    expect([...new Set(rows.map((row) => row.grupo))]).toEqual(catalogo.grupos.map((grupo) => grupo.nombre))
  })

  it('writes nothing the second time', async () => {
    const database = await loaded()
    const before = await writers(database)
    await expect(loadCatalogo(database.fork(), catalogo, [])).resolves.toEqual({ borradas: [], retiradas: [] })
    expect(await writers(database)).toEqual(before)
  })

  it('is safe from several processes at once', async () => {
    const database = await testDatabase()
    await Promise.all(
      [1, 2, 3, 4].map(() => loadCatalogo(database.fork(), catalogo, [{ colonia: 'Miramar', dependencia: 'UAC' }])),
    )
    expect(await counts(database)).toEqual(ENTERA)
    expect(await sql(database.fork(), 'select colonia from regla_canalizacion')).toEqual([{ colonia: 'Miramar' }])
  })

  it('deletes what vanished and nothing uses', async () => {
    const database = await loaded()
    const carga = await loadCatalogo(database.fork(), without('PANTEON', 'DE', 'Miramar'), [])
    expect(carga).toEqual({ borradas: ['PANTEON', 'DE', 'Miramar'], retiradas: [] })
    expect(await counts(database)).toEqual({ dependencias: 31, categorias: ENTERA.categorias - 1, colonias: 37 })
  })

  it('retires what vanished and petitions use, and brings it back with the file', async () => {
    const database = await loaded()
    await registrar(database, 'AGUA_FUGA', 'Miramar')
    const comapa = catalogo.categorias.filter((one) => one.dependencia === 'COMAPA').map((one) => one.codigo)
    const carga = await loadCatalogo(database.fork(), without('COMAPA', 'Miramar', ...comapa), [])
    expect(carga.retiradas).toEqual(['AGUA_FUGA', 'COMAPA', 'Miramar'])
    const retired = () =>
      sql(
        database.fork(),
        `select id from categoria where retirada_at is not null union all select id from dependencia where retirada_at is not null
        union all select nombre from colonia where retirada_at is not null`,
      )
    expect(await retired()).toEqual([{ id: 'AGUA_FUGA' }, { id: 'COMAPA' }, { id: 'Miramar' }])
    await loadCatalogo(database.fork(), catalogo, [])
    expect(await retired()).toEqual([])
    expect(await counts(database)).toEqual(ENTERA)
  })

  it('replaces the rules of the file and leaves those of the panel', async () => {
    const database = await loaded()
    await sql(database.fork(), `insert into regla_canalizacion (colonia, dependencia_id) values ('Centro', 'SSP')`)
    await loadCatalogo(database.fork(), catalogo, [
      { colonia: 'Miramar', dependencia: 'UAC' },
      { categoria: 'BACHEO', dependencia: 'SSP' },
    ])
    await loadCatalogo(database.fork(), catalogo, [{ categoria: 'BACHEO', dependencia: 'OP' }])
    expect(
      await sql(database.fork(), 'select categoria, colonia, dependencia_id from regla_canalizacion order by id'),
    ).toEqual([
      { categoria: null, colonia: 'Centro', dependencia_id: 'SSP' },
      { categoria: 'BACHEO', colonia: null, dependencia_id: 'OP' },
    ])
  })

  it('changes nothing at all when it fails', async () => {
    const database = await testDatabase()
    await expect(loadCatalogo(database.fork(), catalogo, [{ colonia: 'x', dependencia: 'NO_HAY' }])).rejects.toThrow()
    expect(await counts(database)).toEqual({ dependencias: 0, categorias: 0, colonias: 0 })
  })
})

describe('days off', () => {
  it('are those of the law, of the file and of the table', async () => {
    const database = await testDatabase()
    await sql(database.fork(), `insert into dia_inhabil values ('2026-12-14', 'Puente')`)
    const municipio = { ...(await readMunicipio()), dias_inhabiles: [{ fecha: '2026-12-11', nombre: 'Aniversario' }] }
    const inhabiles = await diasInhabilesDe(database.fork(), municipio, new Date('2026-11-22T18:00:00Z'))
    for (const day of ['2026-12-11', '2026-12-14', '2026-12-25', '2027-02-01']) expect(inhabiles.has(day)).toBe(true)
    expect(inhabiles.has('2026-12-15')).toBe(false)
  })
})
