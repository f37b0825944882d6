import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Panel } from '../deps.ts'
import { type Errores, readForm } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { wrongPassword } from './confirmar-password.ts'
import { passwordProblem } from './password.ts'
import type { UsuarioEnSesion } from './session.ts'
import { setPassword } from './usuario.ts'

const form = z.object({
  password_actual: z.string({ error: 'falta' }).min(1, 'falta').max(1024, 'largo'),
  password_nueva: z.string({ error: 'falta' }).min(1, 'falta').max(1024, 'largo'),
  password_repetida: z.string({ error: 'falta' }).max(1024, 'largo'),
})
type Cambio = z.output<typeof form>

/** One's own account: the password. */
export function cuentaRoutes(app: FastifyInstance, panel: Panel): void {
  const { pages, database } = panel
  const config = { acceso: 'todos' as const, antesDelCambio: true }
  app.get<{ Querystring: { hecho?: string } }>('/admin/cuenta', { config }, async (request, reply) =>
    pages.show(request, reply, 'cuenta', { hecho: request.query.hecho === 'si' }),
  )
  app.post('/admin/cuenta', { config }, async (request, reply) => {
    const usuario = usuarioDe(request)
    const sent = readForm(form, request.body)
    const errores = sent.ok ? await problemsOf(panel, usuario, sent.datos) : sent.errores
    if (!sent.ok || errores) return pages.show(request, reply, 'cuenta', { errores }, 422)
    await setPassword(database.fork(), usuario.id, sent.datos.password_nueva, {
      generated: false,
      autor: { usuarioId: usuario.id, ip: request.ip },
      ...(request.sesion ? { keep: request.sesion.idHash } : {}),
    })
    return reply.redirect(usuario.debeCambiarPassword ? '/admin' : '/admin/cuenta?hecho=si', 303)
  })
}

async function problemsOf(
  { database, municipio }: Panel,
  usuario: UsuarioEnSesion,
  sent: Cambio,
): Promise<Errores | undefined> {
  const em = database.fork()
  const wrong = await wrongPassword(em, usuario.id, sent.password_actual)
  if (wrong) return { password_actual: wrong }
  if (sent.password_nueva === sent.password_actual) return { password_nueva: 'password_igual' }
  const problem = passwordProblem(sent.password_nueva, [usuario.email, usuario.nombre, municipio.municipio.nombre])
  if (problem) return { password_nueva: problem }
  return sent.password_nueva === sent.password_repetida ? undefined : { password_repetida: 'password_repetida' }
}
