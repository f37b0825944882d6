import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ensureFirstAdministrator } from '../../../src/admin/cuentas/first-administrator.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { type Navegador, PASSWORD, startPanel, type TestPanel } from '../panel.ts'

let panel: TestPanel
let admin: Navegador
beforeAll(async () => {
  panel = await startPanel()
  admin = await panel.logIn(['administrador'])
})

const nueva = { nombre: 'Persona de Prueba', email: 'persona@altamira.example', roles: ['enlace'], dependenciaId: 'OP' }
const actions = async (id: number) =>
  (
    await sql<{ action: string }>(
      panel.database.fork(),
      "select action from audit where object_type = 'usuario' and object_id = $1 order by id",
      [String(id)],
    )
  ).map((row) => row.action)
const idOf = async (email: string) =>
  (await sql<{ id: number }>(panel.database.fork(), 'select id from usuario where email = $1', [email]))[0]?.id ?? 0

describe('users', () => {
  it('are made with a password that is shown once and must be changed before anything else', async () => {
    const { body, statusCode } = await admin.post('/admin/usuarios', nueva)
    expect(statusCode).toBe(200)
    const password = /([A-Z2-9]{4}-){4}[A-Z2-9]{4}/.exec(body)?.[0] ?? ''
    const browser = panel.stranger()
    await browser.post('/admin/login', { email: nueva.email, password })
    expect((await browser.get('/admin/usuarios')).headers.location).toBe('/admin/cuenta')
    const page = (await browser.get('/admin/cuenta')).body
    expect(page).toContain('Su contraseña es provisional')
    browser.csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const change = { password_actual: password, password_nueva: PASSWORD, password_repetida: PASSWORD }
    const tooEasy = { ...change, password_nueva: 'Altamira2026!!', password_repetida: 'Altamira2026!!' }
    expect((await browser.post('/admin/cuenta', tooEasy)).body).toContain('No use su nombre')
    expect((await browser.post('/admin/cuenta', change)).headers.location).toBe('/admin')
    expect((await browser.get('/admin/usuarios')).statusCode).toBe(403)
    expect(await actions(await idOf(nueva.email))).toEqual(['usuario.crear', 'usuario.cambiar_password'])
  })

  it('are refused with the reason beside the field, and nothing typed is lost', async () => {
    const cases: [Record<string, string | string[]>, string][] = [
      [{ ...nueva, email: 'PERSONA@altamira.example' }, 'Ya hay un usuario con ese correo'],
      [{ ...nueva, email: 'r2@altamira.example', dependenciaId: '' }, 'necesita su dependencia'],
      [{ ...nueva, email: 'r2@altamira.example', dependenciaId: 'NINGUNA' }, 'ya no está en el catálogo'],
      [{ ...nueva, email: 'no es correo' }, 'Escriba un correo completo'],
      [{ ...nueva, roles: [] }, 'Elija al menos una'],
      [{ ...nueva, roles: ['rey'] }, 'Elija una de las opciones'],
    ]
    for (const [fields, words] of cases) {
      const { statusCode, body } = await admin.post('/admin/usuarios', fields)
      expect([statusCode, body.includes(words), body.includes('Persona de Prueba')]).toEqual([422, true, true])
    }
  })

  it('lose at their next click what was taken from them', async () => {
    const other = await panel.logIn(['administrador'])
    expect((await other.get('/admin/usuarios')).statusCode).toBe(200)
    const fields = { nombre: 'Otro', email: other.email, roles: 'validador', dependenciaId: '' }
    await admin.post(`/admin/usuarios/${other.usuarioId}`, fields)
    expect((await other.get('/admin/usuarios')).statusCode).toBe(403)
    await admin.post(`/admin/usuarios/${other.usuarioId}/deshabilitar`)
    expect((await other.get('/admin/cuenta')).statusCode).toBe(303)
    expect((await other.post('/admin/login', { email: other.email, password: PASSWORD })).statusCode).toBe(401)
    await admin.post(`/admin/usuarios/${other.usuarioId}/habilitar`)
    expect((await other.post('/admin/login', { email: other.email, password: PASSWORD })).statusCode).toBe(303)
    expect(await actions(other.usuarioId)).toEqual([
      'usuario.crear',
      'usuario.editar',
      'usuario.deshabilitar',
      'usuario.habilitar',
    ])
  })

  it('get a new password that ends their sessions', async () => {
    const person = await panel.logIn(['validador'])
    const { body } = await admin.post(`/admin/usuarios/${person.usuarioId}/password`)
    expect(body).toMatch(/([A-Z2-9]{4}-){4}[A-Z2-9]{4}/)
    expect((await person.get('/admin/cuenta')).statusCode).toBe(303)
  })

  it('never end without an administrador', async () => {
    const alone = await startPanel({ atEnd: onTestFinished })
    const last = await alone.logIn(['administrador'])
    const shut = await last.post(`/admin/usuarios/${last.usuarioId}/deshabilitar`)
    expect(shut.body).toContain('Es la única persona que administra')
    const fields = { nombre: 'Ya no', email: last.email, roles: 'validador', dependenciaId: '' }
    expect((await last.post(`/admin/usuarios/${last.usuarioId}`, fields)).statusCode).toBe(422)
    expect((await last.get('/admin/usuarios')).statusCode).toBe(200)
  })

  it('that do not exist are not found, whatever the address says', async () => {
    expect((await admin.get('/admin/usuarios/999999')).statusCode).toBe(404)
    for (const id of ['0', '-1', '1.5', 'x', '99999999999999999999']) {
      expect((await admin.get(`/admin/usuarios/${id}`)).statusCode).toBe(400)
    }
  })
})

describe('the first administrador', () => {
  it('is made once, also by several processes at the same time', async () => {
    const { database } = await startPanel({ atEnd: onTestFinished })
    const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdministrator(database.fork(), {})))
    const told = made.filter((one) => one !== undefined)
    expect(told).toHaveLength(1)
    expect(told[0]?.password).toMatch(/^([A-Z2-9]{4}-){4}[A-Z2-9]{4}$/)
  })

  it('takes the password of the environment, which is not said again', async () => {
    const { database, stranger } = await startPanel({ atEnd: onTestFinished })
    const settings = { ADMIN_EMAIL: 'primera@altamira.example', ADMIN_PASSWORD: PASSWORD }
    expect(await ensureFirstAdministrator(database.fork(), settings)).toEqual({
      email: settings.ADMIN_EMAIL,
      password: undefined,
    })
    const browser = stranger()
    await browser.post('/admin/login', { email: settings.ADMIN_EMAIL, password: PASSWORD })
    expect((await browser.get('/admin/usuarios')).statusCode).toBe(200)
  })
})
