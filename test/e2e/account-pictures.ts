import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { press, takeBoth } from './picture.ts'

/** The pictures that are taken on the way of somebody who is invited, from the link to the second step. */
export const DE_CUENTA = [
  { nombre: 'usuario-liga', titulo: 'El vínculo de la invitación, para quien invita', ruta: '/admin/usuarios/:id' },
  { nombre: 'acceso', titulo: 'La invitación: elegir la contraseña', ruta: '/admin/acceso/:token' },
  { nombre: 'recuperacion', titulo: 'Códigos de recuperación', ruta: '/admin/cuenta/segundo-paso' },
  { nombre: 'entrar-codigo', titulo: 'Entrar: el segundo paso', ruta: '/admin/login/codigo' },
]

const PASSWORD = 'una frase que solo ella diria 7'

/** `admin` is logged in and invites; `person` is a browser of their own, in which nobody is. */
export async function openAnAccount(admin: Page, person: Page, suffix: string): Promise<void> {
  const email = `persona.${Date.now().toString(36).slice(-4)}@demo.local`
  await person.goto(await invite(admin, email, suffix))
  await person.getByRole('heading', { name: 'Elija su contraseña' }).waitFor()
  await takeBoth(person, `acceso${suffix}`)
  await person.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
  await person.getByLabel('Contraseña, otra vez').fill(PASSWORD)
  await press(person, 'Guardar')
  await enter(person, email)
  await person.getByRole('button', { name: 'Salir' }).waitFor()
  await setUpSecondStep(person)
  await takeBoth(person, `recuperacion${suffix}`)
  await press(person, 'Salir')
  await enter(person, email)
  await person.getByRole('heading', { name: 'Escriba su código' }).waitFor()
  await takeBoth(person, `entrar-codigo${suffix}`)
}

/** Gives the path of the link. */
async function invite(admin: Page, email: string, suffix: string): Promise<string> {
  await admin.goto('/admin/usuarios/nuevo')
  await admin.getByLabel('Nombre y apellidos').fill('Persona de Prueba')
  await admin.getByLabel('Correo electrónico').fill(email)
  await admin.locator('input[name=roles][value=enlace]').check()
  await admin.locator('#dependenciaId').selectOption({ label: 'Obras Públicas' })
  await press(admin, 'Agregar e invitar con un vínculo')
  const link = await admin.getByLabel('Vínculo').inputValue()
  await takeBoth(admin, `usuario-liga${suffix}`)
  return new URL(link).pathname
}

async function enter(page: Page, email: string): Promise<void> {
  await page.getByLabel('Correo electrónico').fill(email)
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await press(page, 'Entrar')
}

/** As an app of codes does it, from the key that is shown for typing. */
async function setUpSecondStep(page: Page): Promise<void> {
  await page.goto('/admin/cuenta/segundo-paso')
  const [, key = ''] = /Clave: ([A-Z2-7 ]+)/.exec(await page.locator('main').innerText()) ?? []
  const secret = Secret.fromBase32(key.replaceAll(' ', ''))
  await page.getByLabel('Código de seis dígitos').fill(new TOTP({ secret }).generate())
  await page.getByLabel('Su contraseña').fill(PASSWORD)
  await press(page, 'Activar')
  await page.getByRole('heading', { name: 'Guarde estos códigos' }).waitFor()
}
