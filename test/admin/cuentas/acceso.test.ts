import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { type Navegador, PASSWORD, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let admin: Navegador
beforeAll(async () => {
  panel = await startPanel()
  admin = await panel.logIn(['administrador'])
})

const linkIn = (body: string) => /value="http:\/\/localhost:3000(\/admin\/acceso\/[\w-]+)"/.exec(body)?.[1] ?? ''
const chosen = { password_nueva: PASSWORD, password_repetida: PASSWORD }
const invite = async (email: string) => {
  const datos = { nombre: 'Persona de Prueba', email, roles: 'enlace', dependenciaId: 'OP', acceso: 'liga' }
  return linkIn((await admin.post('/admin/usuarios', datos)).body)
}
const actions = async (id: number | undefined) =>
  (
    await sql<{ action: string }>(
      panel.database.fork(),
      "select action from audit where object_type = 'usuario' and object_id = $1 order by id",
      [String(id)],
    )
  ).map(({ action }) => action)

describe('an invitation', () => {
  it('is a link by which the invited chooses the password, once, and nobody else has known it', async () => {
    const link = await invite('invitada@altamira.example')
    const person = panel.stranger()
    const page = await person.get(link)
    expect([page.statusCode, page.headers['referrer-policy']]).toEqual([200, 'strict-origin'])
    expect(page.body).toContain('Le invitaron a trabajar')
    const easy = { password_nueva: 'Altamira2026!!', password_repetida: 'Altamira2026!!' }
    expect((await person.post(link, easy)).body).toContain('No use su nombre')
    expect((await person.post(link, chosen)).headers.location).toBe('/admin/login?hecho=password')
    expect((await person.post(link, chosen)).statusCode).toBe(404)
    await person.post('/admin/login', { email: 'invitada@altamira.example', password: PASSWORD })
    expect((await person.get('/admin')).statusCode).toBe(200)
    const row = await sqlOne<{ id: number }>(
      panel.database.fork(),
      "select id from usuario where email = 'invitada@altamira.example'",
    )
    expect(await actions(row?.id)).toEqual(['usuario.crear', 'usuario.liga_invitacion', 'usuario.cambiar_password'])
  })

  it('is used once also by two at the same moment', async () => {
    const link = await invite('dos@altamira.example')
    const codes = await Promise.all([1, 2].map(() => panel.stranger().post(link, chosen)))
    expect(codes.map(({ statusCode }) => statusCode).toSorted()).toEqual([303, 404])
  })

  it('is no longer good when it expired, when a newer one was made, or when the person may not come in', async () => {
    const first = await invite('tarde@altamira.example')
    const row = await sqlOne<{ id: number }>(
      panel.database.fork(),
      "select id from usuario where email = 'tarde@altamira.example'",
    )
    const again = async () => linkIn((await admin.post(`/admin/usuarios/${row?.id}/liga`)).body)
    const second = await again()
    expect((await panel.stranger().get(first)).statusCode).toBe(404)
    expect((await panel.stranger().get(second)).statusCode).toBe(200)
    await sql(panel.database.fork(), "update liga_de_acceso set vence_at = now() - interval '1 second'")
    expect((await panel.stranger().post(second, chosen)).statusCode).toBe(404)
    const third = await again()
    await admin.post(`/admin/usuarios/${row?.id}/deshabilitar`)
    expect((await panel.stranger().post(third, chosen)).statusCode).toBe(404)
    await admin.post(`/admin/usuarios/${row?.id}/habilitar`)
    expect((await panel.stranger().post(third, chosen)).statusCode).toBe(404)
  })
})

it('a reset by link leaves the person in until it is used, and then ends every session', async () => {
  const person = await panel.logIn(['validador'])
  const link = linkIn((await admin.post(`/admin/usuarios/${person.usuarioId}/liga`)).body)
  expect((await person.get('/admin')).statusCode).toBe(200)
  const stored = await sql<{ all: string }>(
    panel.database.fork(),
    'select liga_de_acceso::text as all from liga_de_acceso',
  )
  expect(stored.some(({ all }) => all.includes(link.split('/').at(-1) ?? '?'))).toBe(false)
  const other = 'el manglar respira de noche'
  await panel.stranger().post(link, { password_nueva: other, password_repetida: other })
  expect((await person.get('/admin')).statusCode).toBe(303)
  expect((await person.post('/admin/login', { email: person.email, password: other })).statusCode).toBe(303)
})

it('a link is no longer good once the password was chosen otherwise, or the e-mail it went to is not theirs', async () => {
  const person = await panel.logIn(['validador'])
  const link = async () => linkIn((await admin.post(`/admin/usuarios/${person.usuarioId}/liga`)).body)
  const good = async (one: string) => (await panel.stranger().get(one)).statusCode === 200
  const own = await link()
  const other = 'el manglar respira de noche'
  await person.post('/admin/cuenta', { password_actual: PASSWORD, password_nueva: other, password_repetida: other })
  expect(await good(own)).toBe(false)
  const given = await link()
  await admin.post(`/admin/usuarios/${person.usuarioId}/password`)
  expect(await good(given)).toBe(false)
  const sent = await link()
  const datos = { nombre: 'Persona de Prueba', email: person.email, roles: 'validador' }
  await admin.post(`/admin/usuarios/${person.usuarioId}`, datos)
  expect(await good(sent)).toBe(true)
  await admin.post(`/admin/usuarios/${person.usuarioId}`, { ...datos, email: 'cambiada@altamira.example' })
  expect(await good(sent)).toBe(false)
})

describe('sessions', () => {
  it('are listed with their device in words and ended one or all, by oneself and by an administrador', async () => {
    const person = await panel.logIn(['validador'])
    const phone = panel.stranger()
    const userAgent = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36'
    const enter = () =>
      phone.post(
        '/admin/login',
        { email: person.email, password: PASSWORD },
        {
          headers: { 'user-agent': userAgent },
          remoteAddress: '203.0.113.9',
        },
      )
    await enter()
    const page = (await person.get('/admin/cuenta/sesiones')).body
    expect(page).toContain('Chrome en Android')
    expect(page).toContain('203.0.113.9')
    const sesion = /name="sesion" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? ''
    await person.post('/admin/cuenta/sesiones/cerrar', { sesion })
    expect((await phone.get('/admin')).statusCode).toBe(303)
    await enter()
    await person.post('/admin/cuenta/sesiones/cerrar', { sesion: 'todas' })
    expect([(await phone.get('/admin')).statusCode, (await person.get('/admin')).statusCode]).toEqual([303, 200])
    expect((await admin.get(`/admin/usuarios/${person.usuarioId}`)).body).toContain('desde 127.0.0.1')
    await admin.post(`/admin/usuarios/${person.usuarioId}/sesiones`, { sesion: 'todas' })
    expect((await person.get('/admin')).statusCode).toBe(303)
    expect((await admin.get('/admin')).statusCode).toBe(200)
    expect((await actions(person.usuarioId)).filter((one) => one === 'usuario.cerrar_sesiones')).toHaveLength(3)
  })

  it('of another are not ended from one own page', async () => {
    const [one, other] = [await panel.logIn(['validador']), await panel.logIn(['validador'])]
    const page = (await admin.get(`/admin/usuarios/${other.usuarioId}`)).body
    const sesion = /name="sesion" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? ''
    await one.post('/admin/cuenta/sesiones/cerrar', { sesion })
    expect((await other.get('/admin')).statusCode).toBe(200)
  })
})

it('who is shut out, or attends conversations no longer, lets go of those they attended, and it is said', async () => {
  const { conversationId } = await llegada(panel)
  const held = async () =>
    sqlOne<{ assigned: number | null; mode: string }>(
      panel.database.fork(),
      'select assigned_to as assigned, mode from conversation where id = $1',
      [conversationId],
    )
  const first = await panel.logIn(['capturista'])
  await first.post(`/admin/conversaciones/${conversationId}/tomar`)
  expect(await held()).toEqual({ assigned: first.usuarioId, mode: 'human' })
  const shut = await admin.post(`/admin/usuarios/${first.usuarioId}/deshabilitar`)
  expect(await held()).toEqual({ assigned: null, mode: 'human' })
  expect((await admin.get(String(shut.headers.location))).body).toContain('La conversación que atendía espera')
  const second = await panel.logIn(['capturista'])
  await second.post(`/admin/conversaciones/${conversationId}/tomar`)
  const datos = { nombre: 'Persona de Prueba', email: second.email, roles: 'enlace', dependenciaId: 'OP' }
  await admin.post(`/admin/usuarios/${second.usuarioId}`, datos)
  expect(await held()).toEqual({ assigned: null, mode: 'human' })
})
