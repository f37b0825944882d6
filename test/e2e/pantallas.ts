import type { Page } from 'playwright-core'

/** Who looks: the part of their e-mail before the @ in the demo; null is who has not logged in. */
export type Quien = null | 'admin' | 'validador' | 'capturista' | 'comunicacion' | 'titular.op' | 'enlace.ssp'

/** One page of which pictures are taken. */
export interface Pantalla {
  /** Of its files in docs/img. */
  nombre: string
  /** What the contact sheet says under it. */
  titulo: string
  quien: Quien
  /** Where it begins. */
  en: string
  /** What is done there before the picture is taken. */
  hasta?: (page: Page) => Promise<void>
}

/** Follows the first link that the selector finds. */
const abrir = (selector: string) => async (page: Page) => {
  await page.locator(`main ${selector}`).first().click()
  await page.waitForLoadState('load')
}

/** Opens what is folded under these words. */
const desplegar = (texto: string | RegExp) => async (page: Page) => {
  const summary = page.locator('main summary').filter({ hasText: texto }).first()
  await summary.click()
  await summary.scrollIntoViewIfNeeded()
}

const PETICION = 'a[href^="/admin/peticiones/"]'

/** Goes to the detail, and to where the next step is. */
const alPaso = (selector: string) => async (page: Page) => {
  await abrir(selector)(page)
  await page.locator('.accion, #t-accion, form[action*="/peticiones/"]').first().scrollIntoViewIfNeeded()
}

const conAtajo = (keys: string) => async (page: Page) => {
  await page.keyboard.press(keys)
  await page.locator('dialog[open]').waitFor()
}

/** The screen of the waiting room: its link is shown once, to who makes it. */
async function aSala(page: Page): Promise<void> {
  await page.locator('form[action="/admin/turnos/pantallas"] button').click()
  const link = await page.locator('main a[href*="/admin/sala/"], main input[value*="/admin/sala/"]').first()
  const url = (await link.getAttribute('href')) ?? (await link.inputValue())
  await page.goto(new URL(url).pathname)
}

const alMapa = (page: Page) => page.locator('.mapa').scrollIntoViewIfNeeded()

async function marcar(page: Page): Promise<void> {
  const boxes = await page.locator('main .lista input[type=checkbox]').all()
  for (const box of boxes.slice(0, 3)) await box.check()
}

const publicas: Pantalla[] = [
  { nombre: 'consulta', titulo: 'Consultar un folio', quien: null, en: '/folio' },
  { nombre: 'privacidad-publica', titulo: 'Aviso de privacidad', quien: null, en: '/privacidad' },
  { nombre: 'entrar', titulo: 'Entrar', quien: null, en: '/admin/login' },
]

const enlace: Pantalla[] = (
  [
    ['bandeja', 'Bandeja', '/admin?estado=PROCESO'],
    ['bandeja-filtro', 'Bandeja con un filtro', '/admin?situacion=pendientes', desplegar('Filtrar')],
    ['bandeja-mapa', 'Bandeja en el mapa', '/admin?situacion=pendientes&vista=mapa', alMapa],
    ['bandeja-elegidas', 'Varias a la vez', '/admin?situacion=pendientes', marcar],
    ['detalle', 'Petición', '/admin?estado=PROCESO', abrir(PETICION)],
    ['detalle-paso', 'El siguiente paso', '/admin?estado=PROCESO', alPaso(PETICION)],
    ['avisos', 'Avisos (campana)', '/admin/avisos'],
    ['no-enterados', 'No enterados', '/admin/no-enterados'],
    ['exportar', 'Exportar', '/admin/exportar?situacion=pendientes'],
    ['ir', 'Ir a… (Ctrl+K)', '/admin', conAtajo('Control+k')],
    ['atajos', 'Atajos del teclado (?)', '/admin', conAtajo('?')],
    ['cuenta', 'Mi cuenta', '/admin/cuenta'],
    ['cuenta-avisos', 'Cómo me entero', '/admin/cuenta/avisos'],
    ['sesiones', 'Dónde tengo sesión', '/admin/cuenta/sesiones'],
  ] as const
).map(fila('enlace.ssp'))

const capturista: Pantalla[] = (
  [
    ['captura', 'Capturar: el asunto', '/admin/captura'],
    ['captura-forma', 'Capturar: el formulario', '/admin/captura?categoria=ALUMBRADO&medio=presencial'],
    ['captura-requisitos', 'Capturar con requisitos', '/admin/captura?categoria=APOYO_SOCIAL&medio=presencial'],
    ['borradores', 'Borradores', '/admin/borradores'],
    ['turnos', 'Turnos', '/admin/turnos'],
    ['pantallas', 'Pantallas de sala', '/admin/turnos/pantallas'],
    ['sala', 'La pantalla de la sala de espera', '/admin/turnos/pantallas', aSala],
    ['conversaciones', 'Conversaciones', '/admin/conversaciones'],
    ['conversacion', 'Una conversación', '/admin/conversaciones', abrir('a[href^="/admin/conversaciones/"]')],
    ['avisos-activos', 'Avisos activos', '/admin/avisos-activos'],
  ] as const
).map(fila('capturista'))

const comunicacion: Pantalla[] = (
  [
    ['redes', 'Redes', '/admin/redes'],
    ['redes-comentario', 'Un comentario', '/admin/redes', abrir('a[href^="/admin/redes/"]')],
    ['canales', 'Canales', '/admin/canales'],
  ] as const
).map(fila('comunicacion'))

const validador: Pantalla[] = (
  [
    ['validacion', 'Validación', '/admin/validacion'],
    ['muestras', 'Muestras', '/admin/validacion/muestras'],
    ['muestra', 'Una muestra', '/admin/validacion/muestras', abrir('a[href^="/admin/validacion/muestras/"]')],
    ['repuntes', 'Repuntes', '/admin/repuntes'],
    ['por-canalizar', 'Por canalizar', '/admin?estado=REGISTRADO', alPaso(PETICION)],
    ['respuestas', 'Respuestas', '/admin/respuestas'],
    ['pendientes', 'Pendientes', '/admin/pendientes'],
    ['cuadre', 'Cuadre del día', '/admin/cuadre'],
    ['privacidad', 'Privacidad', '/admin/privacidad'],
    ['privacidad-solicitud', 'Una solicitud ARCO', '/admin/privacidad', abrir('a[href^="/admin/privacidad/"]')],
  ] as const
).map(fila('validador'))

const titular: Pantalla[] = (
  [
    ['tablero', 'Tablero', `/admin/tablero?${noventaDias()}`],
    ['tablero-lista', 'Lo vencido, desde el tablero', '/admin?situacion=vencidas'],
  ] as const
).map(fila('titular.op'))

const administrador: Pantalla[] = (
  [
    ['usuarios', 'Usuarios', '/admin/usuarios'],
    ['usuario', 'Un usuario', '/admin/usuarios', abrir('a[href^="/admin/usuarios/"]:not([href$=nuevo])')],
    ['usuario-nuevo', 'Invitar a alguien', '/admin/usuarios/nuevo'],
    ['segundo-paso', 'Segundo paso', '/admin/cuenta/segundo-paso'],
    ['configuracion', 'Configuración', '/admin/configuracion'],
    ['configuracion-lista', 'Asuntos', '/admin/configuracion/listas/asuntos'],
    ['configuracion-ficha', 'Un asunto', '/admin/configuracion/listas/asuntos/BACHEO'],
    ['configuracion-dias', 'Días inhábiles', '/admin/configuracion/dias'],
    ['configuracion-reglas', 'Reglas de canalización', '/admin/configuracion/reglas'],
    ['configuracion-textos', 'Textos', '/admin/configuracion/textos'],
    ['configuracion-texto', 'Un texto', '/admin/configuracion/textos', abrir('a[href*="/configuracion/textos/"]')],
    ['configuracion-documentos', 'Archivos completos', '/admin/configuracion/documentos'],
    ['configuracion-borrador', 'Revisar y publicar', '/admin/configuracion/borrador'],
    ['configuracion-publicacion', 'Una publicación', '/admin/configuracion', abrir('a[href*="/publicaciones/"]')],
    ['canal', 'Un canal', '/admin/canales', abrir('a[href^="/admin/canales/"]')],
    ['canal-qr', 'Vincular WhatsApp por QR', '/admin/canales/whatsapp/default', verQr],
    ['bitacora', 'Bitácora', '/admin/auditoria'],
  ] as const
).map(fila('admin'))

/** The code that a telephone scans. */
async function verQr(page: Page): Promise<void> {
  const ask = page.getByRole('button', { name: 'Mostrar código QR' })
  if (await ask.isVisible()) await ask.click()
  await page.getByRole('img', { name: 'Código QR para vincular' }).scrollIntoViewIfNeeded()
}

/** The last ninety days, as the board's address says them. */
function noventaDias(): string {
  const [del, al] = [89, 0].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10))
  return `del=${del}&al=${al}`
}

type Fila = readonly [nombre: string, titulo: string, en: string, hasta?: (page: Page) => Promise<void>]

function fila(quien: Quien): (uno: Fila) => Pantalla {
  return ([nombre, titulo, en, hasta]) => ({ nombre, titulo, quien, en, ...(hasta ? { hasta } : {}) })
}

/** Every page, in the order in which the contact sheet shows it. */
export const PANTALLAS: readonly { parte: string; pantallas: readonly Pantalla[] }[] = [
  { parte: 'Lo que ve la ciudadanía', pantallas: publicas },
  { parte: 'Enlace (y lo que tienen todos)', pantallas: enlace },
  { parte: 'Captura', pantallas: capturista },
  { parte: 'Comunicación Social', pantallas: comunicacion },
  { parte: 'Validación', pantallas: validador },
  { parte: 'Titular', pantallas: titular },
  { parte: 'Administración', pantallas: administrador },
]
