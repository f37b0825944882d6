import type { Rol } from '../../src/workflow/actor.ts'
import type { Navegador } from './panel.ts'
import { MATRIZ, type Objeto } from './permisos-objetos.ts'

/** Method and path of a row of the matrix. */
export const partes = (ruta: string): { method: 'GET' | 'POST'; path: string } => {
  const [method, path = ''] = ruta.split(' ')
  return { method: method === 'POST' ? 'POST' : 'GET', path }
}

/** What a valid form of the verb says; version 1 is what `reponer` sets. */
export const campos = (verbo: string, accion = ''): Record<string, string> => ({
  version: '1',
  motivo: 'Por esto',
  explicacion: 'Porque no se puede',
  texto: 'Acuda allá',
  nota: 'Una nota',
  dependencia: verbo === 'recanalizar' ? 'SSP' : 'OP',
  resuelto: 'si',
  accion,
  observacion: 'Hecho',
  aceptada: 'si',
})

/** The address with something in place of its parameters. */
export const urlDe = (path: string, objeto?: Objeto) => {
  const id = path.startsWith('/admin/adjuntos')
    ? objeto?.adjunto
    : path.includes('conversaciones')
      ? objeto?.conversationId
      : 999_999
  const url = path
    .replace(':folio', objeto?.folio ?? 'UAC-26-000001-9')
    .replace(':id', String(id))
    .replace('*', 'panel.css')
  const query = { '/cambios': '?movimiento=0', '/novedades': '?desde=2026-11-22T00:00:00.000Z&ultima=0' }
  return url + (Object.entries(query).find(([end]) => path.endsWith(end))?.[1] ?? '')
}

/** Asks for a row's route, of an object. */
export function pedir(browser: Navegador, ruta: string, objeto?: Objeto, fields: Record<string, string> = {}) {
  const { method, path } = partes(ruta)
  return method === 'GET'
    ? browser.get(urlDe(path, objeto), { payloadAsStream: path.endsWith('/eventos') })
    : browser.post(urlDe(path, objeto), fields)
}

/** What an answer says, without the frame of the page, where bells count on. */
export const dicho = ({ body }: { body: string }) => /<main.*<\/main>/s.exec(body)?.[0] ?? body

/** Does the matrix let this role see it? */
export const ve = (rol: Rol, objeto: Objeto) => MATRIZ.alcance[rol].includes(objeto.nombre)

/** May this role use the route at all? */
export const entra = (ruta: string, rol: Rol): boolean => {
  const fila = MATRIZ.rutas[ruta]
  return !Array.isArray(fila) || fila.includes(rol)
}
