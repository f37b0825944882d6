import { Secret, TOTP } from 'otpauth'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { quitarSegundoPaso } from '../../../src/admin/cuentas/segundo-paso.ts'
import { stepOfCode } from '../../../src/admin/cuentas/totp.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { type Navegador, PASSWORD, startPanel, type TestPanel } from '../panel.ts'

let now = new Date('2026-11-22T12:00:00Z')
let panel: TestPanel
beforeAll(async () => {
  panel = await startPanel({ segundoPaso: 'obligatorio', now: () => now })
})
beforeEach(() => {
  now = new Date(now.getTime() + 3_600_000)
})

const URL_ = '/admin/cuenta/segundo-paso'
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}
const codeOf = (key: string, seconds = 0) =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: now.getTime() + seconds * 1000 })

/** Sets the second step up as a person would; gives the app's key and the recovery codes. */
async function setUp(browser: Navegador): Promise<{ key: string; recovery: string[] }> {
  const { body } = await browser.get(URL_)
  const key = (/class="clave-manual">([^<]+)</.exec(body)?.[1] ?? '').replaceAll(' ', '')
  browser.csrf = /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? ''
  const _clave = /name="_clave" value="([^"]+)"/.exec(body)?.[1] ?? ''
  const done = await browser.post(URL_, { _clave, codigo: codeOf(key), password_actual: PASSWORD })
  expect(done.statusCode).toBe(200)
  return { key, recovery: [...done.body.matchAll(/class="secreto">([^<]+)</g)].map((found) => found[1] ?? '') }
}

async function password(email: string): Promise<Navegador> {
  const browser = panel.stranger()
  const answer = await browser.post('/admin/login', { email, password: PASSWORD, siguiente: '/admin/cuenta' })
  expect(answer.headers.location).toBe('/admin/login/codigo?siguiente=%2Fadmin%2Fcuenta')
  return browser
}
const bring = (browser: Navegador, codigo: string) =>
  browser.post('/admin/login/codigo', { codigo, siguiente: '/admin/cuenta' })

describe('the second step', () => {
  it('is RFC 6238: its SHA-1 vectors, and half a minute of a clock that is off', () => {
    const key = Buffer.from('12345678901234567890')
    for (const [seconds, code, step] of [
      [59, '287082', 1],
      [1_111_111_109, '081804', 37_037_036],
      [20_000_000_000, '353130', 666_666_666],
    ] as const) {
      expect(stepOfCode(key, code, new Date(seconds * 1000))).toBe(step)
      expect(stepOfCode(key, code, new Date((seconds + 30) * 1000))).toBe(step)
      expect(stepOfCode(key, code, new Date((seconds - 30) * 1000))).toBe(step)
      expect(stepOfCode(key, code, new Date((seconds + 61) * 1000))).toBeUndefined()
    }
  })

  it('begins by ending the session this browser had, whose cookie it takes', async () => {
    const person = await panel.logIn(['validador'])
    await setUp(person)
    const old = panel.stranger()
    old.cookie = person.cookie
    expect((await old.get('/admin/cuenta')).statusCode).toBe(200)
    await person.post('/admin/login', { email: person.email, password: PASSWORD })
    expect((await old.get('/admin/cuenta')).statusCode).toBe(303)
  })

  it('is where an administrador is led until it is set up, and what they cannot turn off', async () => {
    const admin = await panel.logIn(['administrador'])
    expect((await admin.get('/admin/usuarios')).headers.location).toBe(URL_)
    expect((await admin.get(URL_)).body).toContain('Actívelo para empezar')
    await setUp(admin)
    expect((await admin.get('/admin/usuarios')).statusCode).toBe(200)
    expect((await admin.post(`${URL_}/quitar`, { password_actual: PASSWORD })).body).toContain('no puede quitárselo')
    const enlace = await panel.logIn(['enlace'], 'OP')
    expect((await enlace.get('/admin')).statusCode).toBe(200)
  })

  it('asks for a code after the password, takes each code once, and keeps the key sealed', async () => {
    const { email, usuarioId, ...rest } = await panel.logIn(['validador'])
    const { key } = await setUp({ email, usuarioId, ...rest })
    const browser = await password(email)
    for (const url of ['/admin', '/admin/cuenta', '/admin/eventos', '/admin/cuenta/sesiones']) {
      expect((await browser.get(url)).headers.location).toMatch(/^\/admin\/login/)
    }
    // The code of the set-up was used up by it.
    expect((await bring(browser, codeOf(key))).statusCode).toBe(401)
    later(60)
    const before = browser.cookie
    const [first, second] = await Promise.all([bring(browser, codeOf(key)), bring(await password(email), codeOf(key))])
    expect([first.statusCode, second.statusCode].toSorted()).toEqual([303, 401])
    expect(browser.cookie).not.toBe(before)
    const rows = await sql<{ all: string }>(panel.database.fork(), 'select usuario::text as all from usuario')
    const hex = Buffer.from(Secret.fromBase32(key).bytes).toString('hex')
    expect(rows.some(({ all }) => all.includes(hex) || all.includes(key))).toBe(false)
  })

  it('opens with a recovery code once, typed in any way', async () => {
    const person = await panel.logIn(['validador'])
    const { recovery } = await setUp(person)
    expect(recovery).toHaveLength(8)
    const typed = ` ${recovery[3]?.toLowerCase().replace('-', ' ')} `
    expect((await bring(await password(person.email), typed)).headers.location).toBe('/admin/cuenta')
    expect((await bring(await password(person.email), typed)).statusCode).toBe(401)
  })

  it('is guessed at six times in a quarter of an hour and no more', async () => {
    const person = await panel.logIn(['validador'])
    const { key } = await setUp(person)
    const browser = await password(person.email)
    const codes = await Promise.all(Array.from({ length: 9 }, () => bring(browser, '000000')))
    expect(codes.filter(({ statusCode }) => statusCode === 429)).toHaveLength(3)
    later(60)
    expect((await bring(browser, codeOf(key))).statusCode).toBe(429)
  })

  it('is not set up without the password, nor with a key that was not shown to this person', async () => {
    const [one, other] = [await panel.logIn(['validador']), await panel.logIn(['validador'])]
    const { body } = await other.get(URL_)
    const key = (/class="clave-manual">([^<]+)</.exec(body)?.[1] ?? '').replaceAll(' ', '')
    const _clave = /name="_clave" value="([^"]+)"/.exec(body)?.[1] ?? ''
    const fields = { _clave, codigo: codeOf(key), password_actual: PASSWORD }
    expect((await one.post(URL_, fields)).statusCode).toBe(422)
    expect((await other.post(URL_, { ...fields, password_actual: 'no es mi contraseña' })).statusCode).toBe(422)
    expect((await other.post(URL_, { ...fields, codigo: '000000' })).statusCode).toBe(422)
    expect((await other.post(URL_, fields)).statusCode).toBe(200)
  })

  it('is taken off by an administrador for who lost the phone, and by the machine for an administrador', async () => {
    const admin = await panel.logIn(['administrador'])
    await setUp(admin)
    const person = await panel.logIn(['validador'])
    await setUp(person)
    await admin.post(`/admin/usuarios/${person.usuarioId}/segundo-paso`)
    expect((await person.get('/admin/cuenta')).statusCode).toBe(303)
    const again = panel.stranger()
    await again.post('/admin/login', { email: person.email, password: PASSWORD })
    expect((await again.get('/admin/cuenta')).body).toContain('sin activar')
    // One's own is not taken off without the password.
    await admin.post(`/admin/usuarios/${admin.usuarioId}/segundo-paso`)
    expect((await admin.get(URL_)).body).toContain('Está activo')
    await quitarSegundoPaso(panel.database.fork(), admin.usuarioId, {})
    const back = panel.stranger()
    await back.post('/admin/login', { email: admin.email, password: PASSWORD })
    expect((await back.get('/admin/usuarios')).headers.location).toBe(URL_)
  })
})
