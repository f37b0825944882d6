import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from '../../runtime/http.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { alcance } from '../../workflow/permisos.ts'
import { claveDeCaptura, enlaceFirmado } from '../../workflow/peticion/claves.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { fileNameParameter } from '../peticion/adjuntos.ts'
import { folioDe } from '../peticion/detalle.ts'
import { comprobantePdf } from './comprobante-pdf.ts'
import { type Turno, turnoPdf } from './turno-pdf.ts'

const config = { acceso: SECCIONES.captura.acceso }

/** What the person takes home, for whoever captured their petition: folio, clave and turno, on the screen and on paper. */
export function capturadaRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/captura/:folio', { config }, async (request, reply) =>
    panel.pages.show(request, reply, 'capturada', {
      ...(await leer(panel, request)),
      alcanza: await alcanzaTodavia(panel, request),
    }),
  )
  const papeles = {
    turno: (de: Capturada) => turnoPdf(de, panel.municipio, panel.pages.palabras),
    comprobante: (de: Capturada) => comprobantePdf(panel, de),
  }
  for (const [papel, hacer] of Object.entries(papeles)) {
    app.get(`/admin/captura/:folio/${papel}.pdf`, { config }, async (request, reply) => {
      const capturada = await leer(panel, request)
      return reply
        .type('application/pdf')
        .header('cache-control', 'no-store')
        .header('content-disposition', `inline; ${fileNameParameter(`${papel}-${capturada.folio}.pdf`)}`)
        .send(await hacer(capturada))
    })
  }
}

/** May who captured it still see it? Of a reservada petition they may not, nor take its oficio. */
async function alcanzaTodavia({ database }: Panel, request: FastifyRequest): Promise<boolean> {
  const { sql, params } = alcance(usuarioDe(request), 2)
  const seen = await sqlOne(database.fork(), `select 1 from peticion p where p.folio = $1 and ${sql}`, [
    folioDe(request),
    ...params,
  ])
  return seen !== undefined
}

/** What is handed to the person. */
export type Capturada = Turno & {
  medio: string
  dependencia: string
  /** Does the folio reach the person where they write? */
  porCanal: boolean
  /** What was said in public it was made of. */
  comentario: number | null
}

// Only what is handed to the person: who captured a reservada petition may not read it afterwards.
async function leer({ database, secretKey, publicUrl }: Panel, request: FastifyRequest): Promise<Capturada> {
  const row = await sqlOne<Omit<Capturada, 'clave' | 'enlacePublico'> & { captura: string }>(
    database.fork(),
    `select p.folio, p.asunto, p.turno, p.medio, p.captura, p.vence_el as "venceEl", p.registrada_at as "registradaAt",
            d.nombre as dependencia, p.address_id is not null as "porCanal",
            (select b.comentario_id from peticion_publicacion b where b.peticion_id = p.id) as comentario
       from peticion p join categoria c on c.id = p.categoria join dependencia d on d.id = c.dependencia_id
      where p.folio = $1 and p.capturada_por = $2 and p.captura is not null`,
    [folioDe(request), usuarioDe(request).id],
  )
  if (!row) throw new HttpProblem(404, 'You captured no such petition.')
  const { captura, ...turno } = row
  const enlacePublico = enlaceFirmado({ secretKey, publicUrl }, turno.folio)
  return { ...turno, clave: claveDeCaptura(secretKey, captura), enlacePublico }
}
