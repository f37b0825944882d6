import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let admin: Navegador
let otra: Navegador

beforeAll(async () => {
  panel = await startPanel()
  admin = await panel.logIn(['administrador'])
  otra = await panel.logIn(['administrador'])
})

const plazoDe = async (categoria: string) =>
  (
    await sqlOne<{ plazo: number }>(panel.database.fork(), 'select plazo_dias as plazo from categoria where id = $1', [
      categoria,
    ])
  )?.plazo

/** The fields of a form as the page shows it, with some changed. */
async function ficha(who: Navegador, url: string, cambios: Record<string, string>) {
  const { body } = await who.get(url)
  const campos: Record<string, string> = {}
  for (const [, name = '', value = ''] of body.matchAll(
    /<input id="[^"]*" name="([^"]+)" type="[^"]*" value="([^"]*)"/g,
  ))
    campos[name] = value
  for (const [, name = '', value = ''] of body.matchAll(/<textarea id="[^"]*" name="([^"]+)"[^>]*>([^<]*)</g))
    campos[name] = value
  for (const [, name = '', options = ''] of body.matchAll(
    /<select id="[^"]*" name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g,
  ))
    campos[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? ''
  return who.post(url, { ...campos, ...cambios })
}

async function publicar(who: Navegador, nota = '') {
  const { body } = await who.get('/admin/configuracion/borrador')
  const base = /name="base" value="(\d+)"/.exec(body)?.[1] ?? ''
  return { body, answer: await who.post('/admin/configuracion/borrador/publicar', { base, nota }) }
}

const BACHEO = '/admin/configuracion/listas/asuntos/BACHEO'

describe('an administrator', () => {
  it('changes a plazo, sees its effect, publishes and takes it back', { timeout: 60_000 }, async () => {
    const abierta = await llegada(panel)
    expect((await ficha(admin, BACHEO, { plazo_dias: '7' })).headers.location).toBe('/admin/configuracion/borrador')
    expect(await plazoDe('BACHEO')).toBe(10)
    const { body, answer } = await publicar(admin, 'Acuerdo de cabildo')
    expect(body).toContain('el plazo de 7 días hábiles vale para las peticiones nuevas')
    expect(body).toContain('Las abiertas (1) conservan')
    expect(answer.statusCode).toBe(303)
    expect(await plazoDe('BACHEO')).toBe(7)
    expect(panel.settings.catalogo.categorias.find((one) => one.codigo === 'BACHEO')?.plazo_dias).toBe(7)
    const hecha = await admin.get(String(answer.headers.location))
    expect(hecha.body).toContain('Acuerdo de cabildo')
    expect((await admin.post(`${String(answer.headers.location).split('?')[0]}/deshacer`)).statusCode).toBe(303)
    const deshecha = await publicar(admin)
    expect(deshecha.body).toContain('Estos cambios deshacen la publicación')
    expect(await plazoDe('BACHEO')).toBe(10)
    expect((await admin.get('/admin/configuracion')).body).toContain('Deshecha')
    expect(abierta).toBeDefined()
    const rastro = await sql(panel.database.fork(), `select action from audit where action = 'configuracion.publicar'`)
    expect(rastro).toHaveLength(2)
  })

  it('is told what a colleague changed meanwhile, and nothing is overwritten', { timeout: 60_000 }, async () => {
    await ficha(admin, BACHEO, { plazo_dias: '8' })
    await ficha(otra, BACHEO, { plazo_dias: '6', prioridad: 'alta' })
    const mia = await admin.get('/admin/configuracion/borrador')
    const base = /name="base" value="(\d+)"/.exec(mia.body)?.[1] ?? ''
    await publicar(otra)
    const tarde = await admin.post('/admin/configuracion/borrador/publicar', { base, nota: '' })
    expect(tarde.statusCode).toBe(409)
    expect(tarde.body).toContain('Otra persona cambió lo mismo')
    expect(await plazoDe('BACHEO')).toBe(6)
    const clave = JSON.stringify(['catalogo', 'categorias', 'BACHEO', 'plazo_dias'])
    await admin.post('/admin/configuracion/borrador/quitar', { clave, conservar: 'si' })
    expect((await publicar(admin)).answer.statusCode).toBe(303)
    expect(await plazoDe('BACHEO')).toBe(8)
  })

  it('closes a category that is in use: it is no longer offered, and its petitions stay', {
    timeout: 60_000,
  }, async () => {
    await admin.post(`${BACHEO}/quitar`)
    const { body } = await publicar(admin)
    expect(body).toContain('ya no se ofrece. Las peticiones abiertas (1) siguen su curso')
    const row = await sqlOne(
      panel.database.fork(),
      `select retirada_at is not null as retirada from categoria where id = 'BACHEO'`,
    )
    expect(row).toEqual({ retirada: true })
    await admin.post(`${BACHEO}/quitar`)
    await publicar(admin)
    expect(await sqlOne(panel.database.fork(), `select retirada_at from categoria where id = 'BACHEO'`)).toEqual({
      retirada_at: null,
    })
  })

  it('adds a dependencia and gives it a category; what is not valid is refused with its reason', {
    timeout: 60_000,
  }, async () => {
    const url = '/admin/configuracion/listas/dependencias/nueva'
    const datos = { codigo: 'JUVENTUD', nombre: 'Instituto de la Juventud', tipo: 'municipal', recibe_peticiones: 'si' }
    expect((await admin.post(url, { ...datos, nombre: '' })).statusCode).toBe(422)
    await admin.post(url, { ...datos, codigo: 'con minúsculas' })
    const mala = await publicar(admin)
    expect(mala.answer.statusCode).toBe(422)
    expect(mala.answer.body).toMatch(/config\/catalogo\.yaml:\d+/)
    await admin.post('/admin/configuracion/borrador/descartar')
    await admin.post(url, datos)
    await ficha(admin, BACHEO, { dependencia: 'JUVENTUD' })
    expect((await publicar(admin)).answer.statusCode).toBe(303)
    expect(
      await sqlOne(panel.database.fork(), `select dependencia_id as d from categoria where id = 'BACHEO'`),
    ).toEqual({ d: 'JUVENTUD' })
    expect((await admin.post(url, datos)).statusCode).toBe(422)
  })
})
