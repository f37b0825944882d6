import { join } from 'node:path'
import { pino } from 'pino'
import { createUsuario } from '../src/admin/cuentas/usuario.ts'
import { createAdmin } from '../src/admin/panel.ts'
import { abrirConfiguracion } from '../src/configuracion/configuracion.ts'
import { ENTITIES } from '../src/house.ts'
import { type Database, migrate, openDatabase } from '../src/runtime/database.ts'
import { listen } from '../src/runtime/events.ts'
import { openFiles } from '../src/runtime/files.ts'
import { createHttpServer } from '../src/runtime/http.ts'
import { sqlOne } from '../src/runtime/sql.ts'
import type { Rol } from '../src/workflow/actor.ts'
import { sumarParaTableros } from '../src/workflow/peticion/sumas.ts'
import { withClient } from '../test/faults/database-rows.ts'
import { fillTown } from './panel-town.ts'
import type { Line } from './table.ts'

const PASSWORD = 'una frase larga para el panel'
/** How often each page is asked for; the first time warms it and is not counted. */
const TIMES = 40
/** A page that takes long is asked for less often: after so many milliseconds there are enough. */
const ENOUGH = 15_000

/** The panel's pages before so many petitions, asked for over a socket as a browser does, one after another. */
export async function benchPanel(
  { url, folder, log }: { url: string; folder: string; log(line: string): void },
  petitions: number,
): Promise<Line[]> {
  await migrate(url)
  const quiet = pino({ level: 'silent' })
  const database = await openDatabase(url, ENTITIES, quiet)
  const configuracion = await abrirConfiguracion(database, {}, quiet)
  const { settings } = configuracion
  await withClient(url, (client) => fillTown(client, petitions, log))
  const began = performance.now()
  await sumarParaTableros(database, settings.municipio, new Date())
  log(`the sums of the dashboards: ${Math.round((performance.now() - began) / 1000)} s`)
  const events = await listen(url, quiet)
  const app = await createHttpServer({ log: quiet, trustProxy: false })
  const unused = () => {
    throw new Error('the bench reads only')
  }
  await app.register(
    createAdmin({
      ...settings,
      configuracion,
      database,
      events,
      channels: [],
      channelOf: () => undefined,
      files: await openFiles(join(folder, 'files'), undefined),
      secretKey: 'a-key-of-forty-characters-for-benchmarks',
      segundoPaso: 'opcional',
      publicUrl: 'http://localhost:3000',
      log: quiet,
      now: () => new Date(),
      outbox: { enviar: unused },
      pipeline: { wakeSend: unused, wakeTurn: unused },
      returnToBot: unused,
    }),
  )
  try {
    const base = await app.listen({ port: 0, host: '127.0.0.1' })
    return await measureAll(base, database, petitions, log)
  } finally {
    await app.close()
    await events.close()
    await database.close()
  }
}

async function measureAll(
  base: string,
  database: Database,
  petitions: number,
  log: (line: string) => void,
): Promise<Line[]> {
  const pages = await pagesOf(database)
  const lines: Line[] = [[`the panel before ${petitions.toLocaleString('en')} petitions`, 'p95 ≤ 150 ms', 'p50 / p95']]
  for (const [rol, dependencia] of [
    ['validador', 'UAC'],
    ['titular', 'SSP'],
    ['enlace', 'SSP'],
  ] as const) {
    const cookie = await enter(base, database, rol, dependencia)
    for (const [what, path] of pages) {
      if (path.startsWith('/admin/tablero') && rol === 'enlace') continue
      const value = await measure(`${base}${path}`, cookie, rol)
      log(`${rol}: ${what}: ${value}`)
      lines.push([`  ${rol}: ${what}`, '', value])
    }
  }
  return lines
}

async function pagesOf(database: Database): Promise<[what: string, path: string][]> {
  const one = await sqlOne<{ folio: string; telefono: string; colonia: string; rara: string; dia: string }>(
    database.fork(),
    `select folio, telefono, colonia, right(descripcion, 12) as rara, to_char(registrada_at, 'YYYY-MM-DD') as dia from peticion
      where telefono is not null and dependencia_id = 'SSP' and id < (select max(id) / 2 from peticion) order by id desc limit 1`,
  )
  if (!one) throw new Error('the town is empty')
  const find = (q: string) => `/admin?q=${encodeURIComponent(q)}`
  const today = new Date()
  const daysAgo = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10)
  return [
    ['tray, first drawer', '/admin'],
    ['tray, in PROCESO', '/admin?estado=PROCESO'],
    ['tray, VALIDADO', '/admin?estado=VALIDADO'],
    ['tray, overdue in a colonia', `/admin?situacion=vencidas&colonia=${encodeURIComponent(one.colonia)}`],
    ['tray, a medio in a month of long ago', `/admin?medio=escrito&del=${one.dia}&al=${one.dia}`],
    ['search: folio', find(one.folio)],
    ['search: phone', find(one.telefono)],
    ['search: a word that one petition has', find(one.rara)],
    ['search: a common word', find('calle')],
    ['search: words of a place and a thing', find('tanque elevado ebano')],
    ['search: common words that do not meet', find('luminaria bache')],
    ['search: a word that none has', find('xilofono')],
    ['detail', `/admin/peticiones/${one.folio}`],
    ['dashboard, this month', '/admin/tablero'],
    ['dashboard, 90 days', `/admin/tablero?del=${daysAgo(89)}&al=${daysAgo(0)}`],
    ['dashboard, a year', `/admin/tablero?del=${daysAgo(364)}&al=${daysAgo(0)}`],
  ]
}

async function enter(base: string, database: Database, rol: Rol, dependenciaId: string): Promise<string> {
  const email = `${rol}@canaliza.example`
  await createUsuario(
    database.fork(),
    { email, nombre: `Persona de Prueba, ${rol}`, telefono: null, roles: [rol], dependenciaId },
    {},
    PASSWORD,
  )
  const body = new URLSearchParams({ email, password: PASSWORD })
  const answer = await fetch(`${base}/admin/login`, { method: 'POST', body, redirect: 'manual' })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** p50 and p95 of the whole page, in milliseconds. */
async function measure(url: string, cookie: string, rol: Rol): Promise<string> {
  const times: number[] = []
  const end = performance.now() + ENOUGH
  for (let round = 0; round <= TIMES && (round < 6 || performance.now() < end); round++) {
    const began = performance.now()
    const answer = await fetch(url, { headers: { cookie, accept: 'text/html' } })
    await answer.arrayBuffer()
    if (answer.status !== 200 && !(rol !== 'validador' && answer.status === 404)) return `answers ${answer.status}`
    if (round > 0) times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1] ?? 0)
  return `${at(0.5)} / ${at(0.95)} ms`
}
