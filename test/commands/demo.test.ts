import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fill } from '../../src/commands/demo/fill.ts'
import { clear, groundOf, mark } from '../../src/commands/demo/mark.ts'
import { leerPueblo } from '../../src/commands/demo/pueblo.ts'
import { normalise } from '../../src/conversation/words.ts'
import { type House, openHouse } from '../../src/house.ts'
import { readEnvironment } from '../../src/runtime/env.ts'
import { openFiles } from '../../src/runtime/files.ts'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../../src/settings.ts'
import { createTestDatabase } from '../database.ts'
import { run } from '../e2e/program.ts'

vi.setConfig({ testTimeout: 180_000 })

const NOW = new Date('2026-11-20T18:00:00Z')
const silent = pino({ level: 'silent' })

async function emptyHouse() {
  const { url, drop } = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-demo-'))
  const env = readEnvironment({ DATABASE_URL: url, DATA_DIR: folder, NODE_ENV: 'test' }, join(folder, '.env'))
  const house = await openHouse(env, silent)
  onTestFinished(async () => {
    await house.close()
    await drop()
    await rm(folder, { recursive: true })
  })
  return { env, house, folder, url }
}

async function town(petitions: number) {
  const { env, house } = await emptyHouse()
  const heard: number[] = []
  const size = { petitions, days: 40, now: NOW, seed: 5 }
  await fill(env, silent, house, size, (made) => heard.push(made))
  return { house, heard }
}

/** What a town is, without the ids that the database gives. */
const summary = ({ database }: House) =>
  sql(
    database.fork(),
    `select p.folio, p.estado, p.categoria, p.medio, p.registrada_at, p.dependencia_id,
            (select string_agg(m.verbo || ' ' || m.at, ', ' order by m.id) from movimiento m where m.peticion_id = p.id) as historia
       from peticion p order by p.folio`,
  )

/** What was said in public, by what was done with it; `pronto` when none of it lies in the future. */
const redes = ({ database }: House) =>
  sql(
    database.fork(),
    `select a.acto, count(*)::int as n, bool_and(c.publicado_at < $1 and coalesce(a.created_at < $1, true)) as pronto
       from comentario c left join comentario_acto a on a.comentario_id = c.id group by a.acto order by a.acto nulls first`,
    [NOW],
  )

/** What the pages of the panel show beside the petitions, by how much there is of it. */
async function office(house: House): Promise<Record<string, number>> {
  const filled = await sqlOne<Record<string, number>>(
    house.database.fork(),
    `select (select count(*)::int from turno where estado = 'espera') as turnos,
              (select count(*)::int from pantalla_de_espera) as pantallas,
              (select count(*)::int from aviso_activo) as avisos,
              (select count(*)::int from respuesta_guardada) as respuestas,
              (select count(*)::int from muestra_peticion) as muestra,
              (select count(*)::int from peticion where categoria = 'ARCO') as arco,
              (select count(*)::int from retencion_legal) as retenciones,
              (select count(*)::int from mencion) as menciones,
              (select count(*)::int from captura_pendiente) as sin_terminar,
              (select count(*)::int from message where status in ('failed', 'ambiguous')) as no_enterados,
              (select count(*)::int from configuracion_publicacion where origen = 'panel') as publicaciones,
              (select count(*)::int from configuracion_borrador) as cambios,
              (select count(*)::int from conversation where assigned_to is not null) as atendidas`,
  )
  return filled ?? {}
}

describe('the words of the demo', () => {
  it('fit the catalogue that is shipped', async () => {
    const { catalogo } = await readSettings(CONFIG_FOLDER, {})
    for (const [codigo, { resuelto, no_resuelto }] of Object.entries((await leerPueblo()).categorias)) {
      const acciones = catalogo.categorias.find((one) => one.codigo === codigo)?.acciones ?? []
      for (const { accion } of [...resuelto, ...no_resuelto]) expect(acciones, codigo).toContain(accion)
    }
  })

  it('tell of no emergency', async () => {
    const { catalogo } = await readSettings(CONFIG_FOLDER, {})
    const danger = catalogo.emergencias.frases.map(normalise)
    const said = Object.values((await leerPueblo()).categorias).flatMap(({ dichos }) => dichos.map(normalise))
    expect(said.filter((one) => danger.some((phrase) => ` ${one} `.includes(` ${phrase} `)))).toEqual([])
  })
})

describe('a town', () => {
  it('is made by the program itself, up to now and no further, owes nothing and leaves no page of the panel empty', async () => {
    const { house, heard } = await town(40)
    expect(Object.entries(await office(house)).filter(([, n]) => n === 0)).toEqual([])
    const em = house.database.fork()
    const counts = await sqlOne<Record<string, number>>(
      em,
      `select (select count(*)::int from peticion) as petitions,
              (select count(distinct estado)::int from peticion) as states,
              (select count(*)::int from outbox where status not in ('done', 'skipped')) as owed,
              (select count(*)::int from message where status not in ('handled', 'sent', 'delivered', 'failed', 'ambiguous')) as waiting,
              (select count(*)::int from attachment where status = 'pending') as unfetched,
              (select count(*)::int from message where created_at > $1) + (select count(*)::int from movimiento where at > $1) as future,
              (select count(*)::int from movimiento m join movimiento n on n.peticion_id = m.peticion_id and n.id > m.id and n.at < m.at) as backwards`,
      [NOW],
    )
    expect(counts).toMatchObject({ owed: 0, waiting: 0, unfetched: 0, future: 0, backwards: 0 })
    expect(counts?.petitions).toBe(heard.at(-1))
    expect(counts?.petitions).toBeGreaterThan(25)
    expect(counts?.states).toBeGreaterThan(2)
    expect(await redes(house)).toEqual([
      { acto: null, n: 4, pronto: true },
      { acto: 'atender', n: 1, pronto: true },
      { acto: 'ocultar', n: 1, pronto: true },
      { acto: 'responder', n: 4, pronto: true },
    ])
  })

  it('is the same each time it is made of the same seed', async () => {
    expect(await summary((await town(12)).house)).toEqual(await summary((await town(12)).house))
  })
})

describe('the database of the demo', () => {
  it('is known by its mark, and can be emptied', async () => {
    const { house, env } = await emptyHouse()
    const em = house.database.fork()
    expect(await groundOf(em)).toBe('empty')
    await mark(em, 'unfinished')
    expect(await groundOf(em)).toBe('unfinished')
    await mark(em, 'filled')
    expect(await groundOf(em)).toBe('filled')
    await clear(em, await openFiles(env.DATA_DIR, undefined))
    const again = await openHouse(env, silent)
    onTestFinished(again.close)
    expect(await groundOf(again.database.fork())).toBe('empty')
  })

  it('is never one that holds something else', async () => {
    const { house, folder, url } = await emptyHouse()
    await sql(house.database.fork(), `insert into ciudadano (nombre) values ('Alguien')`)
    await sql(
      house.database.fork(),
      `insert into address (channel, account, external_id) values ('telegram', 'default', '1')`,
    )
    const env = { DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'error' }
    const ended = await run('src/commands/demo.ts', { cwd: folder, env, args: ['--reset'] })
    expect(ended.code).toBe(78)
    expect(ended.stderr).toMatch(/^The demo does not start: this database holds users, conversations or petitions/)
    expect(await sql(house.database.fork(), 'select from ciudadano')).toHaveLength(1)
  })

  it('is not opened for an argument that the demo does not know', async () => {
    const ended = await run('src/commands/demo.ts', { cwd: tmpdir(), args: ['--resett'] })
    expect(ended.code).toBe(78)
    expect(ended.stderr).toContain("Unknown option '--resett'")
  })
})
