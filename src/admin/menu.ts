import type { Rol, UsuarioActor } from '../workflow/actor.ts'
import { ATIENDEN } from '../workflow/permisos.ts'
import type { Acceso } from './guard.ts'

/** Who may open each section; the routes and the menu say the same. */
export const SECCIONES = {
  peticiones: { href: '/admin', acceso: 'todos' },
  validacion: { href: '/admin/validacion', acceso: ['validador'] },
  tablero: { href: '/admin/tablero', acceso: ['titular', 'validador', 'administrador'] },
  conversaciones: { href: '/admin/conversaciones', acceso: ATIENDEN },
  no_enterados: { href: '/admin/no-enterados', acceso: ['validador', 'capturista', 'enlace'] },
  redes: { href: '/admin/redes', acceso: ['comunicacion', 'validador'] },
  borradores: { href: '/admin/borradores', acceso: ['capturista', 'validador'] },
  captura: { href: '/admin/captura', acceso: ['capturista', 'comunicacion', 'validador'] },
  turnos: { href: '/admin/turnos', acceso: ['capturista', 'validador'] },
  avisos: { href: '/admin/avisos-activos', acceso: ['validador', 'capturista'] },
  canales: {
    href: '/admin/canales',
    acceso: ['validador', 'capturista', 'comunicacion', 'administrador'],
  },
  respuestas: { href: '/admin/respuestas', acceso: ['validador', 'administrador'] },
  configuracion: { href: '/admin/configuracion', acceso: ['administrador'] },
  usuarios: { href: '/admin/usuarios', acceso: ['administrador'] },
  pendientes: { href: '/admin/pendientes', acceso: ['administrador', 'validador'] },
  cuadre: { href: '/admin/cuadre', acceso: ['administrador', 'validador'] },
  privacidad: { href: '/admin/privacidad', acceso: ['administrador', 'validador'] },
  auditoria: { href: '/admin/auditoria', acceso: ['administrador'] },
} as const satisfies Record<string, { href: string; acceso: Acceso }>

/** One entry of the menu; its label is `menu.<clave>` of the views. */
export interface Lugar {
  clave: string
  href: string
  aqui: boolean
}

/** The sections this user may open. */
export function menuDe(usuario: UsuarioActor, url: string): Lugar[] {
  const path = url.split('?')[0] ?? ''
  return Object.entries(SECCIONES).flatMap(([clave, { href, acceso }]) => {
    const roles: readonly Rol[] | 'todos' = acceso
    if (roles !== 'todos' && !roles.some((rol) => usuario.roles.includes(rol))) return []
    const aqui = href === '/admin' ? path === href || path.startsWith('/admin/peticiones') : path.startsWith(href)
    return [{ clave, href, aqui }]
  })
}
