import type { Cambio } from '../configuracion/cambios.ts'

/** What of an entry of the catalogue the conversation never looks at, by its list. */
const UNASKED: Readonly<Record<string, readonly string[]>> = {
  categorias: ['plazo_dias', 'prioridad', 'dependencia', 'apoyo', 'acciones', 'verificacion', 'nota'],
  dependencias: ['nombre', 'depende_de', 'recibe_peticiones', 'verificacion', 'nota'],
  colonias: ['tipo', 'zona', 'latitud', 'longitud', 'verificacion', 'nota'],
  acciones_comunes: [],
}

/** Can this change make a conversation lead nowhere, so that it must be held in every way before it is published? */
export function canShutIn({ documento, ruta }: Cambio): boolean {
  if (documento === 'municipio' || documento === 'aviso-de-privacidad') return false
  const [list = '', , field] = ruta
  if (documento !== 'catalogo' || !(list in UNASKED)) return true
  return list !== 'acciones_comunes' && (field === undefined || UNASKED[list]?.includes(field) !== true)
}
