import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DateTime } from 'luxon'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sql } from '../../runtime/sql.ts'
import {
  leerMuestra,
  MOTIVOS_DE_MUESTRA,
  muestras,
  revisar,
  sacadasDe,
  sacarMuestra,
  TOPE_DE_MUESTRA,
} from '../../workflow/peticion/muestra.ts'
import { auditBy } from '../audit.ts'
import { marcoDe } from '../bandeja/filtros.ts'
import type { Panel } from '../deps.ts'
import { dia, type Errores, type Escrito, lineaOpcional, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { tarjetasDe } from './validacion.ts'

const config = { acceso: SECCIONES.validacion.acceso }
const lugar = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  folio: z.string().max(40).default(''),
})

const sorteo = z
  .object({
    del: dia('falta'),
    al: dia('falta'),
    dependencia: lineaOpcional(60),
    tamano: z.coerce.number({ error: 'falta' }).int().min(1, 'tamano').max(TOPE_DE_MUESTRA, 'tamano'),
    semilla: lineaOpcional(40),
  })
  .refine(({ del, al }) => del <= al, { path: ['al'], error: 'al_antes' })

const hallazgo = z
  .object({
    bien: z.enum(['si', 'no'], { error: 'elija' }).transform((value) => value === 'si'),
    motivo: z
      .enum(MOTIVOS_DE_MUESTRA)
      .or(z.literal('').transform(() => null))
      .nullable()
      .default(null),
    nota: lineaOpcional(2000),
  })
  .refine(({ bien, motivo }) => bien || motivo !== null, { path: ['motivo'], error: 'falta_motivo_muestra' })

/** Random samples of what was accepted, for a second look: who drew which, and what was found. */
export function muestrasRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/validacion/muestras', { config }, (request, reply) => showLista(panel, request, reply))
  app.post('/admin/validacion/muestras', { config }, (request, reply) => sacar(panel, request, reply))
  app.get('/admin/validacion/muestras/:id', { config }, (request, reply) => showMuestra(panel, request, reply))
  app.post('/admin/validacion/muestras/:id/:folio', { config }, async (request, reply) => {
    const { id, folio } = lugarDe(request)
    const form = readForm(hallazgo, request.body)
    if (!form.ok) return showMuestra(panel, request, reply, { folio, errores: form.errores, escrito: form.escrito })
    const usuario = usuarioDe(request)
    const found = await panel.database.fork().transactional(async (em) => {
      const done = await revisar(em, usuario, { muestraId: id, folio }, form.datos, panel.now())
      if (done)
        await auditBy(em, request, {
          action: 'muestra.revisar',
          objectType: 'muestra',
          objectId: id,
          detail: { bien: form.datos.bien, folio },
        })
      return done
    })
    if (!found) throw new HttpProblem(404, 'That petition is not in this sample.')
    return reply.redirect(`/admin/validacion/muestras/${id}#t-${folio}`, 303)
  })
}

function lugarDe(request: FastifyRequest) {
  const { data } = lugar.safeParse(request.params)
  if (!data) throw new HttpProblem(404, 'There is no such sample.')
  return data
}

async function showLista(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  mal?: { errores: Errores; escrito: Escrito },
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const { hoy } = marcoDe(panel)
  const mes = DateTime.fromISO(hoy).minus({ months: 1 })
  return panel.pages.show(
    request,
    reply,
    'muestras',
    {
      muestras: await muestras(em),
      tope: TOPE_DE_MUESTRA,
      usual: { del: mes.startOf('month').toISODate(), al: mes.endOf('month').toISODate(), tamano: 20 },
      dependencias: await sql(
        em,
        'select id, nombre from dependencia where recibe_peticiones order by sin_acentos(nombre)',
      ),
      ...mal,
    },
    mal ? 422 : 200,
  )
}

async function sacar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = readForm(sorteo, request.body)
  if (!form.ok) return showLista(panel, request, reply, form)
  const semilla = form.datos.semilla ?? randomBytes(6).toString('hex')
  const { del, al, dependencia, tamano } = form.datos
  const marco = { zona: panel.municipio.zona_horaria, ahora: panel.now() }
  const id = await panel.database.fork().transactional(async (em) => {
    const made = await sacarMuestra(em, usuarioDe(request), { del, al, dependencia, tamano, semilla }, marco)
    if (made)
      await auditBy(em, request, {
        action: 'muestra.sacar',
        objectType: 'muestra',
        objectId: made,
        detail: { del, al, dependencia, tamano, semilla },
      })
    return made
  })
  if (id === undefined) {
    return showLista(panel, request, reply, { errores: { forma: 'muestra_vacia' }, escrito: typed(request.body) })
  }
  return reply.redirect(`/admin/validacion/muestras/${id}`, 303)
}

async function showMuestra(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  mal?: { folio: string; errores: Errores; escrito: Escrito },
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const muestra = await leerMuestra(em, lugarDe(request).id)
  if (!muestra) throw new HttpProblem(404, 'There is no such sample.')
  const sacadas = await sacadasDe(em, usuarioDe(request), muestra.id)
  const tarjetas = await tarjetasDe(
    em,
    usuarioDe(request),
    sacadas.map((one) => one.peticionId),
  )
  const renglones = sacadas.flatMap((sacada) => {
    const p = tarjetas.find((one) => one.id === sacada.peticionId)
    return p ? [{ ...sacada, p }] : []
  })
  return panel.pages.show(
    request,
    reply,
    'muestra',
    { muestra, renglones, motivos: MOTIVOS_DE_MUESTRA, mal },
    mal ? 422 : 200,
  )
}
