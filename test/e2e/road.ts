import assert from 'node:assert/strict'
import { type Citizen, createCitizen, type Line, type Tell } from './citizen.ts'
import type { PanelClient } from './panel-client.ts'
import { PHOTO, SIGNED } from './pictures.ts'
import type { Staff } from './staff.ts'

/** What is left to look at when the road was walked. */
export interface Walked {
  folio: string
  clave: string
}

/** Where it is walked, by whom, and what is told of it. */
export interface Road {
  url: string
  citizen: Citizen
  staff: Staff
  tell: Tell
  /** In Miramar, with its number; two petitions of one street are near each other. */
  street?: string
}

/** One petition from the citizen's first words to VALIDADO, through the running program; every step is checked. @throws {AssertionError} */
export async function walk(url: string, line: Line, staff: Staff, tell: Tell): Promise<Walked> {
  const citizen = createCitizen(line, tell)
  await begin(citizen)
  return goOn({ url, citizen, staff, tell })
}

/** Up to the question for the place. @throws {AssertionError} */
export async function begin(citizen: Citizen): Promise<void> {
  await citizen.says('hay un bache enfrente de mi casa')
  assert.match((await citizen.hears('¿Lo acepta?')).text, /privacidad/)
  await citizen.presses('Acepto')
  assert.match((await citizen.hears('¿Dónde es?')).text, /Entiendo que se trata de: Bache/)
}

/** From the question for the place to VALIDADO. @throws {AssertionError} */
export async function goOn({ url, citizen, staff, tell, street = 'Hidalgo 123' }: Road): Promise<Walked> {
  const { enlace, validador } = staff
  const given = await register(citizen, street)
  const path = `/admin/peticiones/${given.folio}`
  await receive(enlace, path, citizen, tell)
  await work(enlace, path, citizen, tell)
  await conclude(enlace, path, citizen, tell)
  await validate(validador, path, citizen, tell)
  await lookUp(url, given, street, tell)
  return given
}

/** Asked and answered until the folio is there. */
async function register(citizen: Citizen, street: string): Promise<Walked> {
  await citizen.says('miramar')
  await citizen.hears('¿En qué calle y número?')
  await citizen.says(`${street}, entre Juárez y Morelos`)
  await citizen.hears('Puede mandar hasta 5')
  await citizen.sendsPhoto(await PHOTO)
  await citizen.hears('Recibida (1 de 5)')
  await citizen.presses('Listo')
  await citizen.hears('¿De qué tamaño es?')
  await citizen.presses('Grande (más de un metro)')
  await citizen.hears('¿Ha causado caídas o choques?')
  await citizen.presses('No')
  await citizen.hears('escriba su nombre y teléfono')
  await citizen.says('Vecina de Miramar, 833 555 0123')
  await citizen.hears('Anoté: Vecina de Miramar')
  const summary = (await citizen.hears('¿Lo registro así?')).text
  for (const words of [
    'Bache',
    'hay un bache enfrente de mi casa',
    `Miramar, ${street}`,
    'Archivos: 1',
    '833 555 0123',
  ])
    assert.ok(summary.includes(words), `the summary lacks ${words}: ${summary}`)
  await citizen.presses('Sí, registrar')
  const { text } = await citizen.hears('quedó registrado')
  const [, folio, clave] = /^(UAC-\d\d-\d{6}-\d)$[\s\S]*Clave: (\w{8})/m.exec(text) ?? []
  assert.ok(folio && clave, `no folio: ${text}`)
  const { asked } = await agree(citizen)
  // Who was asked first may have answered after the petition was directed already.
  if (!asked) await citizen.hears('ya la enviamos a quien la va a atender: Obras Públicas')
  return { folio, clave }
}

/** Where nothing is sent unasked, the notices are asked for. */
async function agree(citizen: Citizen): Promise<{ asked: boolean }> {
  const goOn = '¿Le ayudo con algo más?'
  const { text } = await citizen.hears('¿Quiere que le avisemos por aquí', goOn)
  if (text.includes(goOn)) return { asked: false }
  await citizen.presses('Sí')
  await citizen.hears(goOn)
  return { asked: true }
}

async function receive(enlace: PanelClient, path: string, citizen: Citizen, tell: Tell): Promise<void> {
  const tray = await enlace.open('/admin?estado=CANALIZADO')
  assert.ok(tray.html.includes(path), 'the tray lacks the petition')
  const page = await enlace.open(path)
  assert.equal(stateOf(page.html), 'CANALIZADO')
  for (const words of ['hay un bache enfrente de mi casa', 'Grande (más de un metro)', 'Vecina de Miramar'])
    assert.ok(page.html.includes(words), `the detail lacks ${words}`)
  await seePhoto(enlace, page.html)
  const received = await enlace.submit(page, `${path}/recibir`)
  assert.equal(stateOf(received.html), 'RECIBIDO')
  tell('Enlace de Obras Públicas', 've la petición en su bandeja y abre el detalle: **RECIBIDO**')
  await citizen.hears('Obras Públicas, ya la recibió')
}

async function seePhoto(enlace: PanelClient, html: string): Promise<void> {
  const thumb = /\/admin\/adjuntos\/[\w-]+\/miniatura/.exec(html)?.[0]
  assert.ok(thumb, 'the detail shows no photograph')
  const { status, type } = await enlace.download(thumb)
  assert.deepEqual([status, type], [200, 'image/webp'])
}

async function work(enlace: PanelClient, path: string, citizen: Citizen, tell: Tell): Promise<void> {
  const formato = await enlace.download(`${path}/formato.pdf`)
  assert.equal(formato.type, 'application/pdf')
  assert.equal(formato.bytes.subarray(0, 5).toString(), '%PDF-')
  tell('Enlace de Obras Públicas', 'descarga el formato de trámite de atención (PDF), lo firman y lo escanea')
  const scan = { field: 'archivo', bytes: await SIGNED, name: 'formato firmado.jpg', mime: 'image/jpeg' }
  const page = await enlace.submit(await enlace.open(path), `${path}/procesar`, {}, scan)
  assert.equal(stateOf(page.html), 'PROCESO')
  tell('Enlace de Obras Públicas', 'adjunta el formato firmado: **PROCESO**')
  await citizen.hears('Obras Públicas, ya la está trabajando')
  const texto = 'La cuadrilla pasa mañana por la mañana. Por favor no deje su coche enfrente.'
  await enlace.submit(await enlace.open(path), `${path}/responder`, { texto })
  tell('Enlace de Obras Públicas', `contesta en el hilo: «${texto}»`)
  await citizen.hears(texto)
}

async function conclude(enlace: PanelClient, path: string, citizen: Citizen, tell: Tell): Promise<void> {
  const fields = {
    resuelto: 'si',
    accion: 'Se bacheó con asfalto',
    observacion: 'Se aplicaron 2 toneladas de mezcla asfáltica y se compactó.',
    explicacion: '',
  }
  const page = await enlace.submit(await enlace.open(path), `${path}/concluir`, fields)
  assert.equal(stateOf(page.html), 'CONCLUIDO')
  tell(
    'Enlace de Obras Públicas',
    `¿Resuelto? sí · acción ejecutada: ${fields.accion} · observación: ${fields.observacion} **CONCLUIDO**`,
  )
  await citizen.hears('Obras Públicas, informa que ya se resolvió')
}

async function validate(validador: PanelClient, path: string, citizen: Citizen, tell: Tell): Promise<void> {
  const before = await validador.open(path)
  assert.ok(before.html.includes('2 toneladas de mezcla'), 'the validador does not see the answer')
  const page = await validador.submit(before, `${path}/validar`, { nota: 'Se llamó a la persona y lo confirma.' })
  assert.equal(stateOf(page.html), 'VALIDADO')
  tell('Validación de la UAC', 'compara la respuesta con los hechos y la acepta: **VALIDADO**')
  await citizen.hears('la petición quedó cerrada')
}

/** Anybody with folio and clave reads the public page; nothing personal is on it. */
async function lookUp(url: string, { folio, clave }: Walked, street: string, tell: Tell): Promise<void> {
  const response = await fetch(`${url}/folio`, { method: 'POST', body: new URLSearchParams({ folio, clave }) })
  const html = await response.text()
  assert.equal(response.status, 200, html)
  assert.ok(html.includes('Cerrada: se comprobó la respuesta'), 'the public page does not say that it is closed')
  for (const words of ['833 555', 'Vecina de Miramar', street]) assert.ok(!html.includes(words))
  tell('Ciudadana', 'abre la página pública con su folio y su clave: «Cerrada: se comprobó la respuesta»')
}

const stateOf = (html: string) => /class="sello ([A-Z]+)"/.exec(html)?.[1]
