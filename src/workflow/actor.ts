/** What a user of the panel may be; one user may be several. */
export const ROLES = ['capturista', 'comunicacion', 'enlace', 'titular', 'validador', 'administrador'] as const

export type Rol = (typeof ROLES)[number]

/** A member of the staff, as the permission predicate and the verbs need to know them. */
export interface UsuarioActor {
  tipo: 'usuario'
  id: number
  roles: readonly Rol[]
  /** Their own dependencia; null for those of no dependencia. */
  dependenciaId: string | null
  /** Their own and, for a titular, all those below it. */
  dependencias: readonly string[]
}

/** Who does a thing to a petition. */
export type Actor = UsuarioActor | { tipo: 'ciudadano' } | { tipo: 'sistema' }
