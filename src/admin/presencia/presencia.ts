import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { escribir, leerMirado, type Mirado, presentesEn, puedeMirar } from './presentes.ts'

// Asked for by open pages; neither keeps a session alive.
const config = { acceso: 'todos' as const, fondo: true }
const forma = z.object({ mira: z.string().max(40) })

/** Who else has the same petition or conversation open, and who is writing. */
export function presenciaRoutes(app: FastifyInstance, { database, pages }: Panel): void {
  app.get('/admin/presencia', { config }, async (request, reply) => {
    const em = database.fork()
    const mirado = miradoDe(request.query)
    if (!mirado || !(await puedeMirar(em, usuarioDe(request), mirado))) throw nothing()
    const presentes = await presentesEn(em, usuarioDe(request).id, mirado)
    return pages.show(request, reply, '_presencia', { presentes, mira: claveDe(mirado) })
  })
  app.post('/admin/presencia', { config }, async (request, reply) => {
    const mirado = miradoDe(request.body)
    if (!mirado) throw nothing()
    await escribir(database.fork(), usuarioDe(request).id, mirado)
    return reply.code(204).send()
  })
}

const nothing = () => new HttpProblem(404, 'There is nothing here to look at.')

const miradoDe = (sent: FastifyRequest['query']): Mirado | undefined =>
  leerMirado(forma.safeParse(sent ?? {}).data?.mira)

const claveDe = ({ objeto, id }: Mirado) => `${objeto}-${id}`
