import type { EntityManager } from '@mikro-orm/postgresql'
import { createUsuario, type DatosDeUsuario } from '../../admin/cuentas/usuario.ts'
import { ROLES, type Rol, type UsuarioActor } from '../../workflow/actor.ts'
import type { Catalogo } from '../../workflow/catalogo/catalogo.ts'

/** The password of everybody in the demo, printed at its start. */
export const PASSWORD = 'pueblo-de-ejemplo-2026'

/** Dependencias whose petitions somebody works; those of the others fall to the UAC, as they would. */
const CON_ENLACE = [
  'OP',
  'SSP',
  'COMAPA',
  'TV',
  'PC',
  'ECO',
  'BA',
  'BS',
  'SALUD',
  'COMERCIO',
  'DU',
  'TES',
  'EDU',
  'CONTRALORIA',
]
/** So much to do that two share it. */
const CON_DOS = ['SSP', 'COMAPA']
const CON_TITULAR = ['OP', 'SSP', 'COMAPA']

interface Puesto {
  email: string
  nombre: string
  roles: Rol[]
  dependenciaId: string | null
}

/** Everybody of the demo's town hall, by what they do: nobody has a name. */
export function puestos({ dependencias }: Pick<Catalogo, 'dependencias'>): Puesto[] {
  const nombreDe = (codigo: string) => dependencias.find((one) => one.codigo === codigo)?.nombre ?? codigo
  const de = (rol: 'enlace' | 'titular', codigo: string, numero = ''): Puesto => ({
    email: `${rol}${numero}.${codigo.toLowerCase()}@demo.local`,
    nombre: `${rol === 'enlace' ? 'Enlace' : 'Titular'}${numero && ` ${numero}`} de ${nombreDe(codigo)}`,
    roles: [rol],
    dependenciaId: codigo,
  })
  const sin = (email: string, nombre: string, roles: Rol[]): Puesto => ({
    email: `${email}@demo.local`,
    nombre,
    roles,
    dependenciaId: null,
  })
  return [
    sin('admin', 'Administración del sistema', ['administrador']),
    { ...sin('validador', 'Validación y enlace de la UAC', ['validador', 'enlace']), dependenciaId: 'UAC' },
    sin('validador2', 'Validación de la UAC, turno vespertino', ['validador']),
    sin('capturista', 'Captura, módulo Retama', ['capturista']),
    sin('capturista2', 'Captura, módulo Presidencia', ['capturista']),
    sin('comunicacion', 'Comunicación Social', ['comunicacion']),
    ...CON_TITULAR.map((codigo) => de('titular', codigo)),
    ...CON_ENLACE.map((codigo) => de('enlace', codigo)),
    ...CON_DOS.map((codigo) => de('enlace', codigo, '2')),
  ]
}

/** The staff as who acts. */
export interface Personal {
  administrador: UsuarioActor
  capturistas: UsuarioActor[]
  comunicacion: UsuarioActor
  validadores: UsuarioActor[]
  /** Who works the petitions of a dependencia: the one it was given to, or the first. */
  enlace(dependenciaId: string, enlaceId: number | null): UsuarioActor | undefined
}

/** Makes the users, each with PASSWORD. */
export async function contratar(em: EntityManager, catalogo: Catalogo): Promise<Personal> {
  const actores: UsuarioActor[] = []
  for (const puesto of puestos(catalogo)) {
    const datos: DatosDeUsuario = { ...puesto, telefono: null }
    const { usuario } = await createUsuario(em.fork(), datos, {}, PASSWORD)
    actores.push(actorDe(usuario.id, puesto))
  }
  const con = (rol: Rol) => actores.filter(({ roles }) => roles.includes(rol))
  const [comunicacion] = con('comunicacion')
  const [administrador] = con('administrador')
  if (!comunicacion || !administrador) throw new Error(`nobody has one of the roles of ${ROLES.join(', ')}`)
  return {
    administrador,
    capturistas: con('capturista'),
    comunicacion,
    validadores: con('validador'),
    enlace: (dependenciaId, enlaceId) => {
      const suyos = con('enlace').filter((one) => one.dependenciaId === dependenciaId)
      return suyos.find(({ id }) => id === enlaceId) ?? suyos[0]
    },
  }
}

const actorDe = (id: number, { roles, dependenciaId }: Puesto): UsuarioActor => ({
  tipo: 'usuario',
  id,
  roles,
  dependenciaId,
  dependencias: dependenciaId === null ? [] : [dependenciaId],
})
