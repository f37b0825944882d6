import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { setUsuarioDisabled } from '../../../src/admin/cuentas/usuario.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { PASSWORD, startPanel, type TestPanel } from '../panel.ts'

let panel: TestPanel
beforeAll(async () => {
  panel = await startPanel()
})
const from = (remoteAddress: string) => ({ remoteAddress })

describe('logging in', () => {
  it('opens a session whose cookie is new each time and whose id is stored only as a hash', async () => {
    const browser = await panel.logIn(['enlace'], 'OP')
    const first = browser.cookie
    await browser.post('/admin/login', { email: browser.email.toUpperCase(), password: PASSWORD })
    expect(browser.cookie).not.toBe(first)
    expect((await browser.get('/admin/cuenta')).statusCode).toBe(200)
    const old = await panel.app.inject({ url: '/admin/cuenta', headers: { accept: 'text/html', cookie: first } })
    expect(old.headers.location).toBe('/admin/login?siguiente=%2Fadmin%2Fcuenta')
    const stored = await sql<{ all: string }>(panel.database.fork(), 'select session::text as all from session')
    expect(stored.some(({ all }) => all.includes(browser.cookie.split('=')[1] ?? '?'))).toBe(false)
  })

  it('says the same to an unknown e-mail, a wrong password and a disabled user', async () => {
    const known = await panel.logIn(['validador'])
    const disabled = await panel.logIn(['validador'])
    await panel.logIn(['administrador'])
    await setUsuarioDisabled(panel.database.fork(), disabled.usuarioId, true, {})
    const texts = await Promise.all(
      [
        { email: known.email, password: 'no es esta contraseña' },
        { email: 'nadie@altamira.example', password: PASSWORD },
        { email: disabled.email, password: PASSWORD },
      ].map(async (sent, i) => {
        const { statusCode, body } = await panel.stranger().post('/admin/login', sent, from(`192.0.2.${i + 1}`))
        return { statusCode, body: body.replaceAll(sent.email, '') }
      }),
    )
    expect(texts[0]?.statusCode).toBe(401)
    expect(texts[1]).toEqual(texts[0])
    expect(texts[2]).toEqual(texts[0])
  })

  it('slows down whoever guesses, also side by side, without locking out the person from elsewhere', async () => {
    const { email } = await panel.logIn(['titular'], 'OP')
    const guess = () => panel.stranger().post('/admin/login', { email, password: 'adivinando' }, from('198.51.100.7'))
    const codes = (await Promise.all(Array.from({ length: 10 }, guess))).map((response) => response.statusCode)
    expect(codes.filter((code) => code === 401)).toHaveLength(6)
    expect(codes.filter((code) => code === 429)).toHaveLength(4)
    const right = { email, password: PASSWORD }
    expect((await panel.stranger().post('/admin/login', right, from('198.51.100.7'))).statusCode).toBe(429)
    expect((await panel.stranger().post('/admin/login', right, from('198.51.100.8'))).statusCode).toBe(303)
  })

  it('limits the failures of one address over many e-mails', async () => {
    const codes = []
    for (let i = 0; i < 32; i++) {
      const sent = { email: `alguien${i}@altamira.example`, password: 'x' }
      codes.push((await panel.stranger().post('/admin/login', sent, from(`2001:db8:1:2::${i}`))).statusCode)
    }
    expect(codes.slice(0, 30).every((code) => code === 401)).toBe(true)
    expect(codes.slice(30)).toEqual([429, 429])
  })

  it('goes on where the person wanted to go, but never to another site', async () => {
    const { email } = await panel.logIn(['validador'])
    const to = async (siguiente: string) =>
      (await panel.stranger().post('/admin/login', { email, password: PASSWORD, siguiente })).headers.location
    expect(await to('/admin/usuarios?x=1')).toBe('/admin/usuarios?x=1')
    for (const evil of [
      '//evil.test',
      'https://evil.test',
      '/admin\\@evil.test',
      '/administrator',
      '/admin/\\evil',
      '/admin/\r\nset-cookie: a=b',
      '/admin/日本',
    ]) {
      expect(await to(evil)).toBe('/admin')
    }
  })

  it('ends with "Salir", on the server too', async () => {
    const browser = await panel.logIn(['validador'])
    const before = browser.cookie
    expect((await browser.post('/admin/salir')).headers.location).toBe('/admin/login')
    expect(browser.cookie).toBe('')
    browser.cookie = before
    expect((await browser.get('/admin/cuenta')).statusCode).toBe(303)
  })

  it('is refused from the form of another site', async () => {
    const { email } = await panel.logIn(['validador'])
    for (const headers of [{ origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await panel.stranger().post('/admin/login', { email, password: PASSWORD }, { headers })
      expect(answer.statusCode).toBe(403)
    }
  })
})

describe('a session', () => {
  it('has a __Host- cookie behind https', async () => {
    const secure = await startPanel({ publicUrl: 'https://atencion.altamira.example', atEnd: onTestFinished })
    const browser = await secure.logIn(['validador'])
    expect(browser.cookie).toMatch(/^__Host-canaliza=[\w-]{43}$/)
    const answer = await secure.stranger().post('/admin/login', { email: browser.email, password: PASSWORD })
    expect(answer.headers['set-cookie']).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(answer.headers['strict-transport-security']).toBeDefined()
  })

  it('changes nothing without its token', async () => {
    const browser = await panel.logIn(['administrador'])
    const user = { nombre: 'X', email: 'x@y.mx', roles: 'validador' }
    for (const _csrf of ['', 'otro', browser.csrf.slice(1)]) {
      expect((await browser.post('/admin/usuarios', { ...user, _csrf })).statusCode).toBe(403)
    }
    const other = await panel.logIn(['administrador'])
    expect((await browser.post('/admin/usuarios', { ...user, _csrf: other.csrf })).statusCode).toBe(403)
  })

  it('ends after eight hours without use, and after a day in any case', async () => {
    const em = panel.database.fork()
    const idle = await panel.logIn(['validador'])
    await sql(em, "update session set last_seen_at = now() - interval '8 hours 1 second' where usuario_id = $1", [
      idle.usuarioId,
    ])
    expect((await idle.get('/admin/cuenta')).statusCode).toBe(303)
    const old = await panel.logIn(['validador'])
    await sql(em, 'update session set expires_at = now() where usuario_id = $1', [old.usuarioId])
    expect((await old.get('/admin/cuenta')).statusCode).toBe(303)
  })

  it('is told to htmx as a page to load, not as a fragment', async () => {
    const answer = await panel.stranger().get('/admin/cuenta', { headers: { 'hx-request': 'true' } })
    expect([answer.statusCode, answer.headers['hx-redirect']]).toEqual([401, '/admin/login'])
  })
})

it('pages allow no inline script or style, no framing, no caching', async () => {
  const { headers, body } = await panel.stranger().get('/admin/login')
  expect(headers['content-security-policy']).toContain("script-src 'self';")
  expect(headers['content-security-policy']).toContain('https://tile.openstreetmap.org')
  expect(headers['content-security-policy']).not.toContain('unsafe')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cache-control']).toBe('no-store')
  expect(body).not.toMatch(/<script>|style="|onclick/)
})
