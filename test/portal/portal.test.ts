import { expect, it } from 'vitest'
import { readAvisoDePrivacidad } from '../../src/portal/aviso-de-privacidad.ts'
import { createPortal } from '../../src/portal/portal.ts'
import { createHttpServer } from '../../src/runtime/http.ts'
import { enlaceFirmado } from '../../src/workflow/peticion/claves.ts'
import { formatFolio } from '../../src/workflow/peticion/folio.ts'
import { MATRIZ } from '../admin/permisos-objetos.ts'
import {
  ayuntamiento,
  BACHE,
  mensajes,
  municipio,
  QUEJA,
  registrarDe,
  SECRET,
  silent,
  vecina,
} from '../workflow/ayuntamiento.ts'

async function portal() {
  const town = await ayuntamiento()
  const app = await createHttpServer({ log: silent, trustProxy: false })
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().flatMap((one) => (one === 'HEAD' ? [] : [`${one} ${url}`])))
  })
  const avisoDePrivacidad = await readAvisoDePrivacidad('config')
  const { database } = town
  await app.register(
    createPortal({
      database,
      mensajes,
      municipio,
      avisoDePrivacidad,
      secretKey: SECRET,
      publicUrl: 'http://localhost',
    }),
  )
  const post = (folio: string, clave: string, remoteAddress = '203.0.113.7') =>
    app.inject({
      method: 'POST',
      url: '/folio',
      remoteAddress,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ folio, clave }).toString(),
    })
  const register = async (borrador = BACHE) => registrarDe(town, await vecina(database.fork()), borrador)
  return { town, app, routes, post, register }
}

it('opens a petition to whoever has folio and clave, however typed, by the link that can be kept', async () => {
  const { app, post, register } = await portal()
  const { folio, clave } = await register()
  const answer = await post(folio.toLowerCase().replaceAll('-', ' '), ` ${clave.toLowerCase()} `)
  expect(answer.statusCode).toBe(303)
  const page = await app.inject({ url: String(answer.headers.location) })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain(folio)
  expect(page.body).toContain('Bache')
  expect(page.body).toContain('Lo que ha pasado')
})

it('is in English by the link that who chose English was sent', async () => {
  const { app, register } = await portal()
  const { folio } = await register()
  const page = await app.inject({ url: enlaceFirmado({ publicUrl: '', secretKey: SECRET }, folio, 'en') })
  expect(page.statusCode).toBe(200)
  for (const text of ['lang="en"', 'Pothole', 'What has happened', 'Registered: we are sending it'])
    expect(page.body).toContain(text)
  expect(page.body).not.toContain('Bache')
})

it('shows nothing personal', async () => {
  const { app, register } = await portal()
  const { folio } = await register()
  const page = await app.inject({ url: enlaceFirmado({ publicUrl: '', secretKey: SECRET }, folio) })
  for (const personal of [BACHE.datos.nombre, BACHE.datos.telefono, BACHE.datos.calle, BACHE.descripcion]) {
    expect(page.body).not.toContain(personal)
  }
  expect(page.headers['referrer-policy']).toBe('no-referrer')
  expect(page.headers['x-robots-tag']).toBe('noindex')
})

it('says no word of what a petition that is reservada is about', async () => {
  const { app, register } = await portal()
  const { folio } = await register(QUEJA)
  const page = await app.inject({ url: enlaceFirmado({ publicUrl: '', secretKey: SECRET }, folio) })
  expect(page.statusCode).toBe(200)
  expect(page.body).not.toMatch(/servidor|queja|denuncia|contralor/i)
})

it('answers the same for an unknown folio and for a wrong clave', async () => {
  const { post, register } = await portal()
  const { folio } = await register()
  const wrong = await post(folio, 'AAAAAAAA')
  const unknown = await post(formatFolio({ prefijo: 'UAC', anio: 2026, secuencia: 999_999 }), 'AAAAAAAA')
  const text = (body: string) => body.replaceAll(/value="[^"]*"/g, '')
  expect(wrong.statusCode).toBe(422)
  expect(text(unknown.body)).toBe(text(wrong.body))
})

it('opens each petition by what is its own alone, by every route that the matrix of permissions names', async () => {
  const { app, routes, post, register } = await portal()
  await app.ready()
  expect(routes.filter((one) => one !== 'GET /healthz').toSorted()).toEqual(Object.keys(MATRIZ.portal).toSorted())
  const lugar = { colonia: 'Miramar', calle: 'Hidalgo' }
  const anonima = { ...BACHE, categoria: 'BASURERO', anonima: true, datos: lugar }
  const ajena = await register()
  const firmaDe = (folio: string) =>
    new URL(enlaceFirmado({ publicUrl: 'http://localhost', secretKey: SECRET }, folio)).searchParams.get('firma') ?? ''
  for (const [at, borrador] of [BACHE, anonima, QUEJA].entries()) {
    const { folio, clave } = await register(borrador)
    const from = `203.0.113.${at + 20}`
    const claves: [string, number][] = [
      ['', 422],
      ['AAAAAAAA', 422],
      [ajena.clave, 422],
      [clave, 303],
    ]
    for (const [one, status] of claves)
      expect([at, one, (await post(folio, one, from)).statusCode]).toEqual([at, one, status])
    const firmas: [string, boolean][] = [
      ['', false],
      [firmaDe(ajena.folio), false],
      ['x'.repeat(64), false],
      [firmaDe(folio), true],
    ]
    for (const [firma, opens] of firmas) {
      const { statusCode, body } = await app.inject({ url: `/folio?${new URLSearchParams({ folio, firma })}` })
      expect([at, firma, statusCode < 500, body.includes('Lo que ha pasado')]).toEqual([at, firma, true, opens])
    }
  }
  const nadie = formatFolio({ prefijo: 'UAC', anio: 2026, secuencia: 999_999 })
  const nowhere = await app.inject({ url: `/folio?${new URLSearchParams({ folio: nadie, firma: firmaDe(nadie) })}` })
  expect(nowhere.body).not.toContain('Lo que ha pasado')
})

it('tells a mistyped digit, and text that is no folio, apart', async () => {
  const { post, register } = await portal()
  const { folio } = await register()
  const digit = folio.at(-1) === '1' ? '2' : '1'
  expect((await post(folio.slice(0, -1) + digit, 'AAAAAAAA')).body).toContain('número equivocado')
  expect((await post('<b>hola</b>', 'AAAAAAAA')).body).toContain('no parece un folio')
  expect((await post('<b>hola</b>', 'AAAAAAAA')).body).not.toContain('<b>hola</b>')
})

it('opens by no link but one that we signed', async () => {
  const { app, register } = await portal()
  const one = await register()
  const other = await register()
  const link = new URL(enlaceFirmado({ publicUrl: 'http://localhost', secretKey: SECRET }, one.folio))
  link.searchParams.set('folio', other.folio)
  const page = await app.inject({ url: link.pathname + link.search })
  expect(page.statusCode).toBe(422)
  expect(page.body).toContain('enlace no está completo')
})

it('stops whoever tries many claves, and nobody else', async () => {
  const { post, register } = await portal()
  const { folio, clave } = await register()
  for (let attempt = 0; attempt < 20; attempt++) await post(folio, 'AAAAAAAA')
  const stopped = await post(folio, clave)
  expect(stopped.statusCode).toBe(429)
  expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0)
  expect((await post(folio, clave, '203.0.113.99')).statusCode).toBe(303)
})

it('has the privacy notice of the municipality', async () => {
  const { app } = await portal()
  const page = await app.inject({ url: '/privacidad' })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('derechos ARCO')
})
