import { createPanelClient, type PanelClient } from './panel-client.ts'

/** The first administrator, as the environment names them. */
export const ADMIN = {
  ADMIN_EMAIL: 'administracion@ejemplo.mx',
  ADMIN_PASSWORD: 'una frase de la jaiba azul',
  ADMIN_TOTP: 'optional',
}

const PASSWORD = 'la laguna de Champayán al amanecer'

/** Who works in the panel. */
export interface Staff {
  enlace: PanelClient
  validador: PanelClient
}

/** The administrator logs in and adds an enlace of Obras Públicas and a validador; each chooses a password of their own. */
export async function hire(url: string): Promise<Staff> {
  const admin = createPanelClient(url)
  await logIn(admin)
  return {
    enlace: await add(url, admin, { nombre: 'Enlace de Obras Públicas', roles: 'enlace', dependenciaId: 'OP' }),
    validador: await add(url, admin, { nombre: 'Validación de la UAC', roles: 'validador', dependenciaId: 'UAC' }),
  }
}

/** The administrator goes in. */
export async function logIn(admin: PanelClient): Promise<void> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = ADMIN
  const inside = await admin.submit(await admin.open('/admin/login'), '/admin/login', { email, password })
  if (!inside.html.includes('Usuarios')) throw new Error(`the administrator did not get in: ${inside.html}`)
}

async function add(url: string, admin: PanelClient, datos: Record<string, string>): Promise<PanelClient> {
  const email = `${datos.roles}@ejemplo.mx`
  const form = await admin.open('/admin/usuarios/nuevo')
  const made = await admin.submit(form, '/admin/usuarios', { email, telefono: '', ...datos })
  const given = /class="secreto">([^<]+)</.exec(made.html)?.[1]
  if (!given) throw new Error(`no password was given: ${made.html}`)
  const client = createPanelClient(url)
  await client.submit(await client.open('/admin/login'), '/admin/login', { email, password: given })
  const fields = { password_actual: given, password_nueva: PASSWORD, password_repetida: PASSWORD }
  const changed = await client.submit(await client.open('/admin/cuenta'), '/admin/cuenta', fields)
  if (!changed.html.includes('Buscar por folio')) throw new Error(`the password was not changed: ${changed.html}`)
  return client
}
