import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo, llegada } from '../peticiones.ts'

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
    // Until that is decided nothing else is kept, nor lost: the form comes back as it was typed.
    const otraFicha = await ficha(admin, '/admin/configuracion/listas/asuntos/ALUMBRADO', {
      nombre: 'Lámpara que no prende',
    })
    expect([otraFicha.statusCode, otraFicha.body.includes('Lámpara que no prende')]).toEqual([409, true])
    expect(otraFicha.body).toContain('Decida primero')
    const dia = await admin.post('/admin/configuracion/dias', {
      fecha: '2026-12-24',
      nombre: 'Día que se escribió',
      hasta: '',
    })
    expect([dia.statusCode, dia.body.includes('Día que se escribió')]).toEqual([409, true])
    const clave = JSON.stringify(['catalogo', 'categorias', 'BACHEO', 'plazo_dias'])
    // So is a file that is uploaded: who changed what is said beside the form in which it is sent again.
    const url = '/admin/configuracion/documentos/catalogo'
    const bajado = (await admin.get(url)).body
    let archivo = Buffer.from(bajado.replace(/(codigo: BACHEO\n[\s\S]*?plazo_dias: )6/, '$1 5'))
    const subir = () =>
      admin.post(url, {}, conArchivo({ _csrf: admin.csrf }, { name: 'catalogo.yaml', bytes: archivo }))
    const subido = await subir()
    expect([subido.statusCode, subido.body.includes('El archivo todavía no se comparó')]).toEqual([409, true])
    expect(subido.body).toMatch(/<dt>Persona \d+ lo dejó así[\s\S]*<dd class="cita">6</)
    expect(
      (await admin.post('/admin/configuracion/reglas/mover', { posicion: '0', que: 'quitar' })).headers.location,
    ).toBe('/admin/configuracion/borrador?antes=choques')
    const decidido = await admin.post('/admin/configuracion/borrador/quitar', { clave, volver: 'documentos' })
    expect(decidido.headers.location).toBe('/admin/configuracion/documentos')
    const comparado = String((await subir()).headers.location)
    expect((await admin.get(comparado)).body).toContain('<dd class="cita">5<')
    // A file from before what she published would take it back, which is said with her name.
    archivo = Buffer.from(bajado.replace(/(codigo: BACHEO\n[\s\S]*?plazo_dias: )6/, '$1 10'))
    await subir()
    expect((await admin.get(comparado)).body).toMatch(/regresa a como estaba antes de la [\s\S]*, de Persona \d+, hace/)
    await ficha(admin, BACHEO, { plazo_dias: '8' })
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
    expect(mala.answer.body).toMatch(/Catálogo · [^<]+ · renglón \d+/)
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

describe('days off', () => {
  const vence = async (folio: string) =>
    (
      await sqlOne<{ v: string }>(
        panel.database.fork(),
        `select to_char(vence_el, 'YYYY-MM-DD') as v from peticion where folio = $1`,
        [folio],
      )
    )?.v

  it('move the due days of what is open, in the publication itself, and undoing it moves them back', {
    timeout: 60_000,
  }, async () => {
    const { folio } = await llegada(panel)
    const antes = (await vence(folio)) ?? ''
    const { body } = await admin.get(`/admin/configuracion/dias?anio=${antes.slice(0, 4)}`)
    expect(body).toContain('de ley')
    await admin.post('/admin/configuracion/dias', { fecha: antes, hasta: '', nombre: 'Día de prueba' })
    const { body: revisado, answer } = await publicar(admin)
    expect(revisado).toMatch(/cuya fecha límite se recorre: [1-9]/)
    expect(await vence(folio)).toBeTruthy()
    expect((await vence(folio)) ?? '').toSatisfy((day: string) => day > antes)
    const hecha = String(answer.headers.location)
    expect((await admin.get(hecha)).body).toMatch(/Se recorri(ó|eron)/)
    await admin.post(`${hecha.split('?')[0]}/deshacer`)
    await publicar(admin)
    expect(await vence(folio)).toBe(antes)
    expect(
      (await admin.post('/admin/configuracion/dias', { fecha: '2027-01-06', hasta: '2027-01-02', nombre: 'x' }))
        .statusCode,
    ).toBe(422)
  })
})

describe('texts', () => {
  const url = '/admin/configuracion/textos/mensajes.es/general/seguimos'

  it('are found, shown as they will be read, and published together', { timeout: 60_000 }, async () => {
    expect((await admin.get('/admin/configuracion/textos?q=SIGO SIN ENTENDER')).body).toContain('no entendi otra')
    const vista = await admin.post(`${url}/vista`, { texto: 'Vamos con {titulo} y {nada}' })
    expect(vista.body).toContain('Vamos con «Bache»')
    expect(vista.body).toContain('{nada} no se puede usar aquí')
    expect((await admin.post(url, { texto: 'Vamos con eso' })).statusCode).toBe(422)
    expect((await admin.post(url, { texto: `{titulo} ${'x'.repeat(300)}` })).statusCode).toBe(422)
    await admin.post(url, { texto: 'Vamos con {titulo}.' })
    await admin.post('/admin/configuracion/textos/mensajes.es/palabras/gracias', { texto: 'gracias\r\nmil gracias' })
    expect((await publicar(admin)).answer.statusCode).toBe(303)
    expect(panel.settings.mensajes.text('general.seguimos', { titulo: 'el bache' })).toBe('Vamos con el bache.')
    expect(panel.settings.mensajes.words('gracias')).toEqual(['gracias', 'mil gracias'])
  })

  it('are not published when a conversation that reached a folio no longer would', { timeout: 60_000 }, async () => {
    panel.prueba.resultado = {
      conversations: 3,
      turns: 9,
      differences: [],
      gained: [],
      lost: [{ conversation: 'a', folios: { before: 1, after: 0 }, cause: 'settings' }],
    }
    await admin.post(url, { texto: 'Seguimos con {titulo}.' })
    const { answer } = await publicar(admin, 'Por la obra')
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('ya no llegaría con estos cambios')
    expect(answer.body).toContain('value="Por la obra"')
    delete panel.prueba.resultado
    panel.prueba.fallas = ['menu/opcion: no answer leads on from here']
    const sinSalida = await publicar(admin)
    expect(sinSalida.answer.statusCode).toBe(422)
    expect(sinSalida.answer.body).toContain('De esta pregunta no se puede salir con ninguna respuesta.')
    panel.prueba.fallas = []
    await admin.post(url, { texto: 'Tú sigues con {titulo}, ¿quieres?' })
    const detu = await publicar(admin)
    expect(detu.answer.statusCode).toBe(422)
    expect(detu.answer.body).toMatch(/Textos · general\.seguimos · renglón \d+/)
    expect(detu.answer.body).toContain('«quieres» le habla de tú a la persona. Escríbalo de usted.')
    await admin.post('/admin/configuracion/borrador/descartar')
  })
})

it('questions and requisitos of a category are added, changed and taken away, in both languages', {
  timeout: 60_000,
}, async () => {
  const de = (codigo: string) => panel.settings.catalogo.categorias.find((one) => one.codigo === codigo)
  const url = '/admin/configuracion/listas/preguntas'
  const nueva = {
    texto: '¿De qué color es el poste?',
    tipo: 'opcion',
    opciones: 'Gris\nVerde',
    obligatoria: '',
    siempre: '',
  }
  expect((await admin.post(`${url}/ALUMBRADO%7Cnueva`, { ...nueva, opciones: '' })).statusCode).toBe(422)
  expect((await admin.post(`${url}/ALUMBRADO%7Cnueva`, nueva)).statusCode).toBe(303)
  expect((await ficha(admin, `${url}/ALUMBRADO%7Ccuantas`, { texto: '¿Cuántas lámparas fallan?' })).statusCode).toBe(
    303,
  )
  const papel = { nombre: 'Recibo', tipo: 'documento', ayuda: '', obligatorio: 'si' }
  expect((await admin.post('/admin/configuracion/listas/requisitos/ALUMBRADO%7Cnueva', papel)).statusCode).toBe(303)
  const { body, answer } = await publicar(admin)
  expect(body).toContain('Pregunta: ¿De qué color es el poste?')
  expect(body).toContain(
    'Texto: ¿De qué color es el poste?\nTipo: Elegir de una lista\nOpciones: Gris, Verde\nHay que contestarla: No',
  )
  expect(body).not.toContain('id: ')
  expect(body).toContain('se le hacen las preguntas de esta lista (5) y se le piden estos requisitos (1)')
  expect(answer.statusCode).toBe(303)
  expect(de('ALUMBRADO')?.preguntas.at(-1)).toMatchObject({ id: 'de_que_color_es_el_poste', obligatoria: false })
  expect(de('ALUMBRADO')?.preguntas[1]?.texto).toBe('¿Cuántas lámparas fallan?')
  expect(de('ALUMBRADO')?.requisitos).toMatchObject([{ id: 'recibo', nombre: 'Recibo' }])
  const ingles = panel.settings.ingles.catalogo.categorias.ALUMBRADO
  expect(ingles?.preguntas.de_que_color_es_el_poste?.opciones).toEqual(['Gris', 'Verde'])
  expect(ingles?.preguntas.cuantas?.texto).toBe('How many lights fail?')
  const pagina = await admin.get('/admin/configuracion/listas/asuntos/ALUMBRADO')
  expect(pagina.body).toContain('preguntas/ALUMBRADO%7Cde_que_color_es_el_poste')
  await admin.post(`${url}/ALUMBRADO%7Cde_que_color_es_el_poste/quitar`)
  expect((await publicar(admin)).answer.statusCode).toBe(303)
  expect(panel.settings.ingles.catalogo.categorias.ALUMBRADO?.preguntas.de_que_color_es_el_poste).toBeUndefined()
  for (const una of ['ALUMBRADO%7Cno_hay', 'NO_HAY%7Cnueva', 'NO_HAY'])
    expect((await admin.get(`${url}/${una}`)).statusCode).toBe(404)
  expect((await admin.get(url)).statusCode).toBe(404)
})

it('questions are put in order, which is said by their names, published and taken back', {
  timeout: 60_000,
}, async () => {
  const ids = () =>
    panel.settings.catalogo.categorias.find((one) => one.codigo === 'AGUA_FUGA')?.preguntas.map((one) => one.id)
  const url = '/admin/configuracion/listas/preguntas/AGUA_FUGA%7C'
  expect((await admin.post(`${url}cantidad/mover`, { que: 'subir' })).headers.location).toBe(
    '/admin/configuracion/listas/asuntos/AGUA_FUGA#preguntas-cantidad',
  )
  await admin.post(`${url}sin_servicio/mover`, { que: 'bajar' })
  const { body, answer } = await publicar(admin)
  expect(body).toContain('Orden de las preguntas')
  expect(body).toContain('1. ¿Cuánta agua se está saliendo?\n2. ¿Dónde está la fuga?')
  expect(ids()).toEqual(['cantidad', 'lugar_fuga', 'desde_cuando', 'sin_servicio'])
  await admin.post(`${String(answer.headers.location).split('?')[0]}/deshacer`)
  await publicar(admin)
  expect(ids()).toEqual(['lugar_fuga', 'cantidad', 'desde_cuando', 'sin_servicio'])
  expect((await admin.post(`${url}no_hay/mover`, { que: 'subir' })).statusCode).toBe(404)
  expect((await admin.post('/admin/configuracion/listas/asuntos/AGUA_FUGA/mover', { que: 'subir' })).statusCode).toBe(
    404,
  )
})

it('rules are put in order, and send new petitions elsewhere', { timeout: 60_000 }, async () => {
  const url = '/admin/configuracion/reglas'
  expect((await admin.post(url, { categoria: '', colonia: '', dependencia: 'UAC' })).statusCode).toBe(422)
  await admin.post(url, { categoria: 'BACHEO', colonia: '', dependencia: 'UAC' })
  await admin.post(url, { categoria: '', colonia: 'Miramar', dependencia: 'COMAPA' })
  await admin.post(`${url}/mover`, { posicion: '1', que: 'subir' })
  await publicar(admin)
  const rows = await sql(
    panel.database.fork(),
    'select categoria, colonia, dependencia_id as d from regla_canalizacion order by orden',
  )
  expect(rows).toEqual([
    { categoria: null, colonia: 'Miramar', d: 'COMAPA' },
    { categoria: 'BACHEO', colonia: null, d: 'UAC' },
  ])
})

it('a document goes down as a file and comes up as changes to review', { timeout: 60_000 }, async () => {
  const url = '/admin/configuracion/documentos'
  const { body } = await admin.get(`${url}/municipio`)
  const subir = (texto: string) => {
    const forma = conArchivo({ _csrf: admin.csrf }, { name: 'municipio.yaml', bytes: Buffer.from(texto) })
    return admin.post(`${url}/municipio`, {}, forma)
  }
  expect((await subir(body.replace('reapertura_dias: 15', 'reapertura_dias: quince'))).body).toMatch(
    /Municipio · Días para reabrir lo cerrado · renglón \d+<\/strong><br>Aquí va un número[^<]*, y hay un texto/,
  )
  await subir(body.replace('reapertura_dias: 15', 'reapertura_dias: 20'))
  expect((await admin.get('/admin/configuracion/borrador')).body).toContain('20')
  await publicar(admin)
  expect(panel.settings.municipio.reapertura_dias).toBe(20)
  // Names that every object of JavaScript answers to are no documents and no lists.
  for (const one of ['no-hay', 'constructor', '__proto__', 'toString']) {
    for (const place of ['documentos', 'listas']) {
      const { statusCode } = await admin.get(`/admin/configuracion/${place}/${one}`)
      expect([place, one, statusCode]).toEqual([place, one, 404])
    }
    expect((await admin.post(`/admin/configuracion/listas/${one}/nueva`, { codigo: 'X' })).statusCode).toBe(404)
  }
})
