import { beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { hacerLiga, leerLiga } from '../../../src/admin/cuentas/ligas.ts'
import { createMailer } from '../../../src/runtime/mail.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { decoded, startMailServer, type TestMailServer } from '../../smtp.ts'
import { PASSWORD, startPanel, type TestPanel } from '../panel.ts'

let mail: TestMailServer
let panel: TestPanel
beforeAll(async () => {
  mail = await startMailServer()
  const correo = createMailer(mail.url, 'uac@altamira.example')
  panel = await startPanel({ correo })
  await panel.logIn(['administrador'])
  return async () => {
    correo.close()
    await mail.close()
  }
})
beforeEach(async () => {
  mail.received.length = 0
  await sql(panel.database.fork(), 'delete from throttle')
})

const audited = async (action: string) =>
  (
    await sqlOne<{ n: number }>(panel.database.fork(), 'select count(*)::int as n from audit where action = $1', [
      action,
    ])
  )?.n
/** The link in an e-mail; a part with many accents comes as base64. */
function linkOf(raw: string): string {
  const parts = raw.split(/\r?\n\r?\n/).map((part) => Buffer.from(part, 'base64').toString('utf8'))
  const found = [decoded(raw), ...parts].flatMap((text) => /\/admin\/acceso\/[\w-]{43}/.exec(text)?.[0] ?? [])[0]
  if (!found) throw new Error('the e-mail has no link')
  return found
}

it('who forgot the password gets a link by e-mail, and nobody is told whether there is such an account', async () => {
  const { email } = await panel.logIn(['enlace'], 'OP')
  const someone = panel.stranger()
  expect((await someone.get('/admin/login')).body).toContain('/admin/olvido')
  const known = await someone.post('/admin/olvido', { email: email.toUpperCase() })
  const unknown = await someone.post('/admin/olvido', { email: 'nadie@altamira.example' })
  expect([known.statusCode, known.body]).toEqual([unknown.statusCode, unknown.body])
  await vi.waitFor(async () => expect(await audited('sesion.olvido_de_nadie')).toBe(1))
  await vi.waitFor(() => expect(mail.received).toHaveLength(1))
  const link = linkOf(mail.received[0]?.raw ?? '')
  const other = 'las tortugas vuelven en abril'
  const chosen = { password_nueva: other, password_repetida: other }
  expect((await someone.post(link, chosen)).headers.location).toBe('/admin/login?hecho=password')
  expect((await someone.post('/admin/login', { email, password: PASSWORD })).statusCode).toBe(401)
  expect((await someone.post('/admin/login', { email, password: other })).statusCode).toBe(303)
})

it('who was invited keeps the invitation, whoever says that they forgot the password', async () => {
  const { usuarioId, email } = await panel.logIn(['enlace'], 'OP')
  const em = panel.database.fork()
  const token = await hacerLiga(em, usuarioId, 'invitacion', {})
  await panel.stranger().post('/admin/olvido', { email })
  await vi.waitFor(() => expect(mail.received).toHaveLength(1))
  const raw = mail.received[0]?.raw ?? ''
  expect(decoded(raw)).toContain('tiene una invitaci')
  expect(() => linkOf(raw)).toThrow('no link')
  expect(await leerLiga(em, token)).toMatchObject({ motivo: 'invitacion' })
  expect(await audited('usuario.olvido_con_invitacion')).toBe(1)
})

it('nobody fills the mailbox of another', async () => {
  const { email } = await panel.logIn(['enlace'], 'OP')
  for (let i = 0; i < 6; i++) {
    await panel.stranger().post('/admin/olvido', { email }, { remoteAddress: `192.0.2.${i + 1}` })
  }
  await vi.waitFor(() => expect(mail.received).toHaveLength(3))
  const seen = await sqlOne<{ hits: number }>(
    panel.database.fork(),
    "select hits from throttle where key like 'olvido-de:%'",
  )
  await vi.waitFor(async () => expect(seen?.hits).toBeLessThanOrEqual(6))
  expect(mail.received).toHaveLength(3)
})

it('an invitation goes by e-mail too, and the link stands there when the server does not take it', async () => {
  const admin = await panel.logIn(['administrador'])
  const datos = { nombre: 'Persona de Prueba', roles: 'enlace', dependenciaId: 'OP', acceso: 'liga' }
  const sent = await admin.post('/admin/usuarios', { ...datos, email: 'una@altamira.example' })
  expect(sent.body).toContain('También se le mandó por correo')
  const raw = mail.received.find(({ to }) => to === 'una@altamira.example')?.raw ?? ''
  expect(sent.body).toContain(linkOf(raw))
  mail.unknown.add('otra@altamira.example')
  const refused = await admin.post('/admin/usuarios', { ...datos, email: 'otra@altamira.example' })
  expect(refused.body).toContain('No se pudo mandar por correo')
  expect(refused.body).toMatch(/\/admin\/acceso\/[\w-]{43}/)
})

it('where no e-mail is sent, there is no such page', async () => {
  const plain = await startPanel({ atEnd: onTestFinished })
  expect((await plain.stranger().get('/admin/olvido')).statusCode).toBe(404)
  expect((await plain.stranger().get('/admin/login')).body).not.toContain('/admin/olvido')
})
