import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql } from '../../runtime/sql.ts'
import { ROLES, type Rol } from '../../workflow/actor.ts'
import type { Panel } from '../deps.ts'
import { casillas, type Errores, type Escrito, linea, lineaOpcional, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { sesionesDe } from './sesiones.ts'
import {
  type Autor,
  createUsuario,
  type DatosDeUsuario,
  editUsuario,
  resetPassword,
  setUsuarioDisabled,
  type Usuario,
  type UsuarioProblem,
  UsuarioRefused,
} from './usuario.ts'
import { findUsuario, showLiga } from './usuario-acceso.ts'

const form = z.object({
  nombre: linea(120),
  email: linea(200).pipe(z.email('email')),
  telefono: lineaOpcional(30),
  roles: casillas(ROLES),
  dependenciaId: lineaOpcional(60),
})
/** How a new user comes in first: by a link they choose a password with, or with a password that is given to them. */
const entrada = z.object({ acceso: z.enum(['liga', 'password']).catch('password') })

/** Where the words of a refusal are shown. */
const FIELD: Record<UsuarioProblem, string> = {
  email_repetido: 'email',
  sin_dependencia: 'dependenciaId',
  dependencia_no_existe: 'dependenciaId',
  ultimo_administrador: 'forma',
  usuario_no_existe: 'forma',
}

interface Fila {
  id: number
  nombre: string
  email: string
  roles: Rol[]
  dependencia: string | null
  lastLoginAt: Date | null
  disabledAt: Date | null
  segundoPaso: boolean
}

const consulta = z.object({ soltadas: z.coerce.number().int().nonnegative().catch(0) })
const config = { acceso: SECCIONES.usuarios.acceso }

/** Users: who may come in, as what, for which dependencia. */
export function usuariosRoutes(app: FastifyInstance, panel: Panel): void {
  const { pages, database } = panel
  app.get('/admin/usuarios', { config }, async (request, reply) =>
    pages.show(request, reply, 'usuarios', { usuarios: await sql<Fila>(database.fork(), LISTA) }),
  )
  app.get('/admin/usuarios/nuevo', { config }, async (request, reply) => showForm(panel, request, reply, {}))
  app.get('/admin/usuarios/:id', { config }, async (request, reply) => {
    const usuario = await findUsuario(panel, request)
    return showForm(panel, request, reply, { usuario })
  })
  app.post('/admin/usuarios', { config }, async (request, reply) =>
    submit(panel, request, reply, {}, async (datos, autor) => {
      const { usuario, password } = await createUsuario(database.fork(), datos, autor)
      if (entrada.parse(request.body).acceso === 'liga') return showLiga(panel, request, reply, usuario)
      return pages.show(request, reply, 'usuario-clave', { persona: usuario, password, nueva: true })
    }),
  )
  app.post('/admin/usuarios/:id', { config }, async (request, reply) => {
    const usuario = await findUsuario(panel, request)
    return submit(panel, request, reply, { usuario }, async (datos, autor) => {
      await editUsuario(database.fork(), usuario.id, datos, autor)
      return reply.redirect('/admin/usuarios', 303)
    })
  })
  accessRoutes(app, panel)
}

/** Shutting out, letting in, a new password. */
function accessRoutes(app: FastifyInstance, panel: Panel): void {
  const { pages, database } = panel
  for (const [verbo, disabled] of [
    ['deshabilitar', true],
    ['habilitar', false],
  ] as const) {
    app.post(`/admin/usuarios/:id/${verbo}`, { config }, async (request, reply) => {
      const usuario = await findUsuario(panel, request)
      return refusing(panel, request, reply, { usuario }, async () => {
        const soltadas = await setUsuarioDisabled(database.fork(), usuario.id, disabled, autorDe(request))
        return reply.redirect(`/admin/usuarios/${usuario.id}?soltadas=${soltadas}`, 303)
      })
    })
  }
  app.post('/admin/usuarios/:id/password', { config }, async (request, reply) => {
    const usuario = await findUsuario(panel, request)
    const password = await resetPassword(database.fork(), usuario.id, autorDe(request))
    return pages.show(request, reply, 'usuario-clave', { persona: usuario, password, nueva: false })
  })
}

interface Shown {
  usuario?: Usuario
  errores?: Errores
  escrito?: Escrito
}

async function showForm(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
  const dependencias = await sql<{ id: string; nombre: string }>(panel.database.fork(), DEPENDENCIAS)
  const { usuario: persona, errores, escrito } = shown
  const sesiones = persona ? await sesionesDe(panel, persona.id, request.sesion?.idHash) : []
  const { soltadas } = consulta.parse(request.query)
  const valores = escrito ?? (persona ? { ...persona, roles: [...persona.roles] } : {})
  return panel.pages.show(
    request,
    reply,
    'usuario',
    { persona, errores, valores, roles: ROLES, dependencias, sesiones, soltadas },
    errores ? 422 : 200,
  )
}

async function submit(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
  save: (datos: DatosDeUsuario, autor: Autor) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const sent = readForm(form, request.body)
  if (!sent.ok) return showForm(panel, request, reply, { ...shown, errores: sent.errores, escrito: sent.escrito })
  return refusing(panel, request, reply, shown, () => save(sent.datos, autorDe(request)))
}

/** A refusal comes back as the same form, with its reason. */
async function refusing(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
  save: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await save()
  } catch (error) {
    if (!(error instanceof UsuarioRefused)) throw error
    const escrito = typed(request.body)
    const errores = { [FIELD[error.code]]: error.code }
    return showForm(panel, request, reply, { ...shown, errores, ...('email' in escrito ? { escrito } : {}) })
  }
}

const autorDe = (request: FastifyRequest): Autor => ({ usuarioId: usuarioDe(request).id, ip: request.ip })

const LISTA = `
select u.id, u.nombre, u.email, u.roles, d.nombre as dependencia,
       u.last_login_at as "lastLoginAt", u.disabled_at as "disabledAt",
       u.totp_desde is not null as "segundoPaso"
  from usuario u left join dependencia d on d.id = u.dependencia_id
 order by u.disabled_at is not null, sin_acentos(u.nombre), u.id limit 1000`

const DEPENDENCIAS = 'select id, nombre from dependencia where retirada_at is null order by sin_acentos(nombre)'
