import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { createUsuario } from '../../src/admin/cuentas/usuario.ts'
import { createAdmin } from '../../src/admin/panel.ts'
import type { AnyChannel } from '../../src/channels/channel.ts'
import { abrirConfiguracion } from '../../src/configuracion/configuracion.ts'
import { ENTITIES } from '../../src/house.ts'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { listen } from '../../src/runtime/events.ts'
import { type Files, openFiles } from '../../src/runtime/files.ts'
import { createHttpServer } from '../../src/runtime/http.ts'
import type { Mailer } from '../../src/runtime/mail.ts'
import type { Settings } from '../../src/settings.ts'
import type { Rol } from '../../src/workflow/actor.ts'
import type { ConfiguredAccount } from '../../src/workflow/mensajes/account-state.ts'
import { createStoreOutbound } from '../../src/workflow/mensajes/store-outbound.ts'
import type { Replayed } from '../../src/workflow/replay/replay.ts'
import { createTestDatabase } from '../database.ts'

/** The password of everybody in these tests. */
export const PASSWORD = 'la jaiba camina de lado'
export const SECRET_KEY = 'k'.repeat(40)

/** What pages beside the panel's are made with. */
export type Junto = Settings & { database: Database; secretKey: string; publicUrl: string }

/** The panel on a database of its own. */
export interface TestPanel {
  app: FastifyInstance
  database: Database
  files: Files
  /** Where `files` and whatever else is kept lies. */
  folder: string
  /** `GET /admin/…`, each route that was registered. */
  routes: string[]
  settings: Settings
  /** Conversations that were woken, in order. */
  woken: { sends: number[]; turns: number[]; returned: number[] }
  /** What the check with stored conversations finds, instead of what it would. */
  prueba: { resultado?: Replayed; fallas?: string[] }
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

const LIMITS = {
  text: 4096,
  caption: 1024,
  options: 'numbered' as const,
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
}

/** The accounts that are configured: one that reads, one that does not, two of one kind. */
const CHANNELS: ConfiguredAccount[] = [
  { name: 'web-chat', account: 'default' },
  { name: 'telegram', account: 'default', run: async () => undefined },
  { name: 'messenger', account: 'default' },
  { name: 'whatsapp-cloud', account: 'avisos' },
  { name: 'whatsapp', account: 'default', run: async () => undefined, home: 'whatsapp' },
]

/** A panel for the tests of one file, closed after them (within one test, pass its `onTestFinished`); `junto` serves pages beside it. */
export async function startPanel({
  publicUrl = 'http://localhost:3000',
  atEnd = afterAll as (close: () => Promise<void>) => void,
  channelOf = (_name: string, _account: string): AnyChannel | undefined => undefined,
  segundoPaso = 'opcional' as 'obligatorio' | 'opcional',
  now = () => new Date(),
  correo = undefined as Mailer | undefined,
  junto = undefined as ((shared: Junto) => FastifyPluginAsync) | undefined,
} = {}): Promise<TestPanel> {
  const { url, drop } = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-panel-'))
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
  const database = await openDatabase(url, ENTITIES, log)
  const prueba: TestPanel['prueba'] = {}
  const configuracion = await abrirConfiguracion(database, {}, log, {
    publicUrl,
    explorar: async (_, avance) => {
      avance(50)
      return prueba.fallas ?? []
    },
  })
  const { settings } = configuracion
  const events = await listen(url, log)
  const woken: TestPanel['woken'] = { sends: [], turns: [], returned: [] }
  const files = await openFiles(folder, undefined)
  const app = await createHttpServer({ log, trustProxy: publicUrl.startsWith('https:') })
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url: path }) => {
    routes.push(...[method].flat().flatMap((one) => (one === 'HEAD' ? [] : [`${one} ${path}`])))
  })
  await app.register(
    createAdmin({
      ...settings,
      configuracion: {
        ...configuracion,
        probar: async (documentos, avance) => prueba.resultado ?? configuracion.probar(documentos, avance),
      },
      database,
      events,
      files,
      channels: CHANNELS,
      secretKey: SECRET_KEY,
      channelOf,
      publicUrl,
      log,
      now,
      segundoPaso,
      correo,
      outbox: { enviar: createStoreOutbound(() => LIMITS) },
      pipeline: { wakeSend: (id) => woken.sends.push(id), wakeTurn: (id) => woken.turns.push(id) },
      returnToBot: async (id) => {
        woken.returned.push(id)
      },
    }),
  )
  if (junto) await app.register(junto({ ...settings, database, secretKey: SECRET_KEY, publicUrl }))
  await app.ready()
  atEnd(async () => {
    await app.close()
    await events.close()
    await database.close()
    await drop()
    await rm(folder, { recursive: true })
  })
  let made = 0
  return {
    app,
    database,
    files,
    folder,
    routes,
    settings,
    woken,
    prueba,
    stranger: () => navegador(app, 0, ''),
    async logIn(roles, dependenciaId) {
      made += 1
      const email = `persona${made}@altamira.example`
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
