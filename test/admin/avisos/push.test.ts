import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAvisador } from '../../../src/admin/avisos/avisador.ts'
import { clavePublica, clavesPush } from '../../../src/admin/avisos/push/claves.ts'
import { resetPassword } from '../../../src/admin/cuentas/usuario.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { startPushService, type TestPushService } from '../../push-service.ts'
import { QUEJA, silent } from '../../workflow/ayuntamiento.ts'
import { type Navegador, PASSWORD, SECRET_KEY, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let service: TestPushService
let contraloria: Navegador
let obras: Navegador
let avisar: () => Promise<void>
beforeAll(async () => {
  panel = await startPanel()
  service = await startPushService()
  afterAll(service.close)
  obras = await panel.logIn(['enlace'], 'OP')
  contraloria = await panel.logIn(['enlace'], 'CONTRALORIA')
  const { settings, database } = panel
  const common = { database, municipio: settings.municipio, logo: undefined, secretKey: SECRET_KEY, log: silent }
  const now = () => new Date('2026-11-20T16:00:00Z')
  avisar = createAvisador({ ...common, publicUrl: 'https://uac.example', channels: [], anyPushService: true, now })
})
beforeEach(async () => {
  service.shown.length = 0
  service.answer = 201
  await sql(em(), 'delete from aviso_personal')
  await sql(em(), 'delete from suscripcion_push')
})

const em = () => panel.database.fork()
const json = (browser: Navegador, url: string, body: unknown) =>
  browser.post(
    url,
    {},
    {
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'x-csrf-token': browser.csrf },
    },
  )
/** As the route keeps it; a service of the machine itself would be refused there. */
const suscribir = ({ usuarioId }: Navegador, { endpoint, keys } = service.subscribe()) =>
  sql(
    em(),
    'insert into suscripcion_push (usuario_id, endpoint, p256dh, auth, created_at) values ($1, $2, $3, $4, now())',
    [usuarioId, endpoint, keys.p256dh, keys.auth],
  )
const quedan = async (table: string) =>
  (await sqlOne<{ n: number }>(em(), `select count(*)::int as n from ${table}`))?.n

describe('a push to a device', () => {
  it('is signed with our key, encrypted for the device, and says the folio and nothing of the citizen, once', async () => {
    await suscribir(obras)
    const { folio } = await llegada(panel)
    await avisar()
    await avisar()
    expect(service.shown).toEqual([
      expect.objectContaining({ texto: expect.stringContaining(folio), href: `/admin/peticiones/${folio}` }),
    ])
    expect(JSON.stringify(service.shown)).not.toMatch(/Única|833|enfrente/)
    expect(service.signedBy.at(-1)).toBe(await clavePublica(em(), SECRET_KEY))
    expect(await quedan('envio_push')).toBe(0)
  })

  it('of a reservada says no more than its folio', async () => {
    await suscribir(contraloria)
    const { folio } = await llegada(panel, QUEJA)
    await avisar()
    expect(service.shown).toMatchObject([{ texto: `La petición ${folio} tiene una novedad.` }])
  })

  it.each([404, 410])('that is gone for the service (%s) is forgotten', async (answer) => {
    await suscribir(obras)
    service.answer = answer
    await llegada(panel)
    await avisar()
    expect([await quedan('suscripcion_push'), await quedan('envio_push')]).toEqual([0, 0])
  })

  it('goes later when the service does not take it now, and not at all once the notice was read', async () => {
    await suscribir(obras)
    service.answer = 503
    const { folio } = await llegada(panel)
    await avisar()
    expect(await quedan('envio_push')).toBe(1)
    service.answer = 201
    await sql(em(), "update envio_push set due_at = now() - interval '1 second'")
    await obras.get(`/admin/peticiones/${folio}`)
    await avisar()
    expect([service.shown.length, await quedan('envio_push')]).toEqual([0, 0])
  })
})

describe('a device', () => {
  const keys = claves()
  it('is kept and taken back by its own user', async () => {
    const endpoint = 'https://push.example.org/abc'
    expect((await json(obras, '/admin/cuenta/push', { endpoint, keys })).statusCode).toBe(204)
    expect((await obras.get('/admin/cuenta/avisos')).body).toContain('Usted recibe avisos en 1 aparato.')
    await json(contraloria, '/admin/cuenta/push/quitar', { endpoint })
    expect(await quedan('suscripcion_push')).toBe(1)
    await json(obras, '/admin/cuenta/push/quitar', { endpoint })
    expect(await quedan('suscripcion_push')).toBe(0)
  })

  it('is told nothing any more by whoever logged out of it, or was logged out, and goes on when its session is renewed', async () => {
    const persona = await panel.logIn(['enlace'], 'OP')
    const otro = panel.stranger()
    const entrar = async (browser: Navegador) => {
      await browser.post('/admin/login', { email: persona.email, password: PASSWORD })
      browser.csrf = /name="_csrf" value="([^"]+)"/.exec((await browser.get('/admin/cuenta')).body)?.[1] ?? ''
    }
    const pedir = (browser: Navegador, name: string) =>
      json(browser, '/admin/cuenta/push', { endpoint: `https://push.example.org/${name}`, keys })
    const tienen = async () =>
      (await sql<{ a: string }>(em(), 'select substr(endpoint, 26) as a from suscripcion_push order by 1')).map(
        ({ a }) => a,
      )
    await entrar(otro)
    await pedir(persona, 'suyo')
    await pedir(otro, 'prestado')
    await entrar(otro)
    expect(await tienen()).toEqual(['prestado', 'suyo'])
    await otro.post('/admin/salir')
    expect(await tienen()).toEqual(['suyo'])
    await entrar(otro)
    await pedir(otro, 'prestado')
    await persona.post('/admin/cuenta/sesiones/cerrar', { sesion: 'todas' })
    expect(await tienen()).toEqual(['suyo'])
    await panel.logIn(['administrador'])
    await resetPassword(em(), persona.usuarioId, {})
    expect(await tienen()).toEqual([])
  })

  it.each([
    'http://push.example.org/a',
    'https://127.0.0.1/a',
    'https://[::1]/a',
    'https://10.0.0.7/a',
    'file:///etc/passwd',
  ])('cannot have its service at %s', async (endpoint) => {
    expect((await json(obras, '/admin/cuenta/push', { endpoint, keys })).statusCode).toBe(400)
  })

  it('cannot have keys that are none', async () => {
    const bad = { endpoint: 'https://push.example.org/abc', keys: { p256dh: 'AAAA', auth: keys.auth } }
    expect((await json(obras, '/admin/cuenta/push', bad)).statusCode).toBe(400)
  })
})

/** Keys of the right size. */
function claves() {
  return { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: Buffer.alloc(16, 1).toString('base64url') }
}

it('the key pair is made once, and its private half is kept sealed', async () => {
  const [one, other] = [await clavesPush(em(), SECRET_KEY), await clavesPush(em(), SECRET_KEY)]
  expect(other).toEqual(one)
  const row = await sqlOne<{ privada: Buffer }>(em(), 'select privada from clave_push')
  expect(row?.privada.includes(Buffer.from(one.privada))).toBe(false)
  await expect(clavesPush(em(), 'x'.repeat(40))).rejects.toThrow('SECRET_KEY')
})

it('the service worker is served at the root of the panel, for its scope', async () => {
  const answer = await panel.stranger().get('/admin/avisos-sw.js')
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, expect.stringContaining('javascript')])
  expect(answer.headers['cache-control']).toContain('max-age=0')
  expect(String((await obras.get('/admin/cuenta/avisos')).headers['content-security-policy'])).toContain(
    "worker-src 'self'",
  )
})
