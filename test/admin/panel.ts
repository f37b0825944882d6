import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { createAdmin } from '../../src/admin/panel.ts'
import { createUsuario, Usuario } from '../../src/admin/usuario.ts'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { createHttpServer } from '../../src/runtime/http.ts'
import { sql } from '../../src/runtime/sql.ts'
import { readYaml } from '../../src/runtime/yaml-config.ts'
import type { Rol } from '../../src/workflow/actor.ts'
import { catalogoSchema } from '../../src/workflow/catalogo.ts'
import { municipioSchema } from '../../src/workflow/municipio.ts'
import { createTestDatabase } from '../database.ts'

const CONFIG = join(import.meta.dirname, '../../config')
export const PASSWORD = 'la jaiba camina de lado'

/** The panel on a database of its own. */
export interface TestPanel {
  app: FastifyInstance
  database: Database
  /** Makes a user and logs them in. */
  logIn(roles: Rol[], dependenciaId?: string): Promise<Navegador>
  /** Somebody with no session. */
  stranger(): Navegador
}

/** A browser as far as the server can tell: cookies, the token of the last page, forms. */
export interface Navegador {
  usuarioId: number
  email: string
  cookie: string
  csrf: string
  get(url: string, options?: InjectOptions): Promise<LightMyRequestResponse>
  post(
    url: string,
    fields?: Record<string, string | string[]>,
    options?: InjectOptions,
  ): Promise<LightMyRequestResponse>
}

/** A panel for the tests of one file, closed after them. */
export async function startPanel(publicUrl = 'http://localhost:3000'): Promise<TestPanel> {
  const { url, drop } = await createTestDatabase()
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
  const database = await openDatabase(url, [Usuario], log)
  const catalogo = await readYaml(join(CONFIG, 'catalogo.yaml'), catalogoSchema)
  const municipio = await readYaml(join(CONFIG, 'municipio.yaml'), municipioSchema(catalogo))
  const em = database.fork()
  for (const [id, nombre] of Object.entries({ OBRAS: 'Obras Públicas', AGUA: 'COMAPA', UAC: 'Atención Ciudadana' })) {
    await sql(em, "insert into dependencia (id, nombre, tipo) values ($1, $2, 'municipal')", [id, nombre])
  }
  const app = await createHttpServer({ log, trustProxy: false })
  await app.register(
    createAdmin({ database, municipio, secretKey: 'k'.repeat(40), publicUrl, log, now: () => new Date() }),
  )
  await app.ready()
  afterAll(async () => {
    await app.close()
    await database.close()
    await drop()
  })
  let made = 0
  return {
    app,
    database,
    stranger: () => navegador(app, 0, ''),
    async logIn(roles, dependenciaId) {
      made += 1
      const email = `persona${made}@altamira.gob.mx`
      const datos = { email, nombre: `Persona ${made}`, telefono: null, roles, dependenciaId: dependenciaId ?? null }
      const { usuario } = await createUsuario(database.fork(), datos, {}, PASSWORD)
      const browser = navegador(app, usuario.id, email)
      await browser.post('/admin/login', { email, password: PASSWORD })
      browser.csrf = await tokenOf(browser)
      return browser
    },
  }
}

async function tokenOf(browser: Navegador): Promise<string> {
  const { body } = await browser.get('/admin/cuenta')
  return /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? ''
}

function navegador(app: FastifyInstance, usuarioId: number, email: string): Navegador {
  const browser: Navegador = {
    usuarioId,
    email,
    cookie: '',
    csrf: '',
    get: (url, options = {}) => send({ method: 'GET', url, ...options }),
    post: (url, fields = {}, options = {}) => {
      const form = new URLSearchParams()
      const all = { ...(browser.csrf ? { _csrf: browser.csrf } : {}), ...fields }
      for (const [name, values] of Object.entries(all)) for (const value of [values].flat()) form.append(name, value)
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...options.headers }
      return send({ method: 'POST', url, payload: form.toString(), ...options, headers })
    },
  }
  const send = async (options: InjectOptions) => {
    const headers = { accept: 'text/html', cookie: browser.cookie, ...options.headers }
    const response = await app.inject({ ...options, headers })
    const set = response.cookies.at(-1)
    if (set) browser.cookie = set.value ? `${set.name}=${set.value}` : ''
    return response
  }
  return browser
}
