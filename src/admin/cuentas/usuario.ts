import { defineEntity, type EntityManager, p } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { hasCode } from '../../runtime/problem.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Rol } from '../../workflow/actor.ts'
import { audit } from '../audit.ts'
import { veConversaciones } from '../conversaciones/hilo-permiso.ts'
import { generatePassword, hashPassword } from './password.ts'
import { anunciarAcceso, closeSessionsOf } from './session.ts'

const schema = defineEntity({
  name: 'Usuario',
  tableName: 'usuario',
  properties: {
    id: p.bigint('number').primary(),
    email: p.text(),
    nombre: p.text(),
    telefono: p.text().nullable(),
    passwordHash: p.text(),
    roles: p.array().$type<Rol[]>().columnType('text[]'),
    dependenciaId: p.text().nullable(),
    debeCambiarPassword: p.boolean().default(false),
    createdAt: p.datetime().onCreate(() => new Date()),
    lastLoginAt: p.datetime().nullable(),
    disabledAt: p.datetime().nullable(),
    /** Since when they come in with a second step. */
    totpDesde: p.datetime().nullable(),
  },
})

/** A member of the staff who may log in to the panel. */
export class Usuario extends schema.class {}
schema.setClass(Usuario)

/** What an administrador decides of a user. */
export interface DatosDeUsuario {
  email: string
  nombre: string
  telefono: string | null
  roles: Rol[]
  dependenciaId: string | null
}

/** Who makes the change, for the audit log; `usuarioId` is absent for a command of the machine's operator. */
export interface Autor {
  usuarioId?: number | undefined
  ip?: string | undefined
}

/** Why a user cannot be as asked; the words for it are in the views. */
export type UsuarioProblem =
  | 'email_repetido'
  | 'sin_dependencia'
  | 'dependencia_no_existe'
  | 'ultimo_administrador'
  | 'usuario_no_existe'

/** A change of a user that was refused. */
export class UsuarioRefused extends Error {
  readonly code: UsuarioProblem

  constructor(code: UsuarioProblem) {
    super(code)
    this.name = 'UsuarioRefused'
    this.code = code
  }
}

/** Roles that mean nothing without a dependencia. */
const NEED_DEPENDENCIA: readonly Rol[] = ['enlace', 'titular']

/** The user with this e-mail, in any case of letters, disabled ones too. */
export async function findByEmail(em: EntityManager, email: string): Promise<Usuario | null> {
  const row = await sqlOne<{ id: number }>(em, 'select id from usuario where lower(email) = lower($1)', [email])
  return row ? em.findOne(Usuario, row.id) : null
}

/**
 * Makes a user. A password that is not given is generated, and must then be changed at the first login.
 * @throws {UsuarioRefused} when the e-mail is taken, or a role lacks its dependencia.
 */
export async function createUsuario(
  em: EntityManager,
  datos: DatosDeUsuario,
  autor: Autor,
  chosen?: string,
): Promise<{ usuario: Usuario; password: string }> {
  requireDependencia(datos)
  const password = chosen ?? generatePassword()
  const passwordHash = await hashPassword(password)
  return refusing(() =>
    em.transactional(async (tx) => {
      const fields = { ...datos, passwordHash, debeCambiarPassword: chosen === undefined, createdAt: new Date() }
      const usuario = tx.create(Usuario, { ...fields, lastLoginAt: null, disabledAt: null, totpDesde: null })
      await tx.flush()
      await audit(
        tx,
        entry('usuario.crear', usuario.id, autor, { roles: datos.roles, dependencia: datos.dependenciaId }),
      )
      return { usuario, password }
    }),
  )
}

/**
 * Changes a user; losing a role or a dependencia takes effect at their next click.
 * @throws {UsuarioRefused} as `createUsuario`, and when no administrador would be left.
 */
export async function editUsuario(em: EntityManager, id: number, datos: DatosDeUsuario, autor: Autor): Promise<void> {
  requireDependencia(datos)
  await refusing(() =>
    changing(em, id, async (tx, usuario) => {
      const { email, nombre, telefono, roles, dependenciaId } = usuario
      // The link went to the mailbox of before.
      if (email.toLowerCase() !== datos.email.toLowerCase()) await quitarLiga(tx, id)
      tx.assign(usuario, datos)
      await tx.flush()
      const before = { email, nombre, telefono, roles, dependenciaId }
      const changed = Object.entries(before).filter(
        ([key, value]) => JSON.stringify(value) !== JSON.stringify(Object.entries(datos).find(([k]) => k === key)?.[1]),
      )
      const soltadas = veConversaciones(datos) ? 0 : await soltarConversaciones(tx, id)
      await anunciarAcceso(tx, id)
      const campos = changed.map(([key]) => key)
      const detail = { campos, roles: datos.roles, dependencia: datos.dependenciaId, soltadas }
      await audit(tx, entry('usuario.editar', id, autor, detail))
    }),
  )
}

/** Shuts a user out at once (their sessions and links end, what they attended is let go), or lets them in again; gives how many conversations were let go. */
export async function setUsuarioDisabled(
  em: EntityManager,
  id: number,
  disabled: boolean,
  autor: Autor,
): Promise<number> {
  let soltadas = 0
  await changing(em, id, async (tx, usuario) => {
    usuario.disabledAt = disabled ? (usuario.disabledAt ?? new Date()) : null
    await tx.flush()
    if (disabled) {
      await closeSessionsOf(tx, id)
      await quitarLiga(tx, id)
      soltadas = await soltarConversaciones(tx, id)
    }
    await audit(tx, entry(disabled ? 'usuario.deshabilitar' : 'usuario.habilitar', id, autor, { soltadas }))
  })
  return soltadas
}

/** Gives a user a generated password, to be changed at the next login; their sessions end. */
export async function resetPassword(em: EntityManager, id: number, autor: Autor): Promise<string> {
  const password = generatePassword()
  await setPassword(em, id, password, { generated: true, autor })
  return password
}

/** Stores a new password; sessions end, but for the one to keep, and a link to choose another is no longer good. */
export async function setPassword(
  em: EntityManager,
  id: number,
  password: string,
  { generated, autor, keep }: { generated: boolean; autor: Autor; keep?: Buffer },
): Promise<void> {
  const passwordHash = await hashPassword(password)
  await changing(em, id, async (tx, usuario) => {
    usuario.passwordHash = passwordHash
    usuario.debeCambiarPassword = generated
    await tx.flush()
    await closeSessionsOf(tx, id, keep)
    await quitarLiga(tx, id)
    await audit(tx, entry(generated ? 'usuario.restablecer' : 'usuario.cambiar_password', id, autor))
  })
}

const quitarLiga = (em: EntityManager, usuarioId: number) =>
  sql(em, 'delete from liga_de_acceso where usuario_id = $1', [usuarioId])

/** What they attended waits for somebody else; the assistant stays silent. Gives how many. */
async function soltarConversaciones(em: EntityManager, usuarioId: number): Promise<number> {
  const loose = await sql<{ id: number }>(
    em,
    `update conversation set assigned_to = null where assigned_to = $1 and mode = 'human' returning id`,
    [usuarioId],
  )
  for (const { id } of loose) await publish(em, { topic: 'turn', conversation: id })
  return loose.length
}

const entry = (action: string, objectId: number, autor: Autor, detail: Record<string, unknown> = {}) => ({
  action,
  objectType: 'usuario',
  objectId,
  detail,
  usuarioId: autor.usuarioId,
  ...(autor.ip === undefined ? {} : { ip: autor.ip }),
})

function requireDependencia({ roles, dependenciaId }: DatosDeUsuario): void {
  if (!dependenciaId && roles.some((rol) => NEED_DEPENDENCIA.includes(rol))) throw new UsuarioRefused('sin_dependencia')
}

/** One change of one user; the lock on all administradores keeps two of them from disabling each other at once. */
async function changing(
  em: EntityManager,
  id: number,
  change: (tx: EntityManager, usuario: Usuario) => Promise<void>,
): Promise<void> {
  await em.transactional(async (tx) => {
    await sqlOne(tx, "select pg_advisory_xact_lock(hashtext('usuario'))")
    const usuario = await tx.findOne(Usuario, id)
    if (!usuario) throw new UsuarioRefused('usuario_no_existe')
    await change(tx, usuario)
    const left = await sqlOne<{ n: number }>(
      tx,
      "select count(*)::int as n from usuario where 'administrador' = any(roles) and disabled_at is null",
    )
    if (!left?.n) throw new UsuarioRefused('ultimo_administrador')
  })
}

/** What only the database can say without a race. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (hasCode(error, '23505')) throw new UsuarioRefused('email_repetido')
    if (hasCode(error, '23503')) throw new UsuarioRefused('dependencia_no_existe')
    throw error
  }
}
