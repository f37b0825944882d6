import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { parse } from 'yaml'
import { z } from 'zod'
import { ESTADOS, type Estado } from '../../src/conversation/flows/vocabulary.ts'
import { sql } from '../../src/runtime/sql.ts'
import { ROLES } from '../../src/workflow/actor.ts'
import { claseDe } from '../../src/workflow/privacidad/clases.ts'
import { encerrar } from '../../src/workflow/privacidad/encerrar.ts'
import { BACHE } from '../workflow/ayuntamiento.ts'
import { SECRET_KEY, type TestPanel } from './panel.ts'
import { llegada } from './peticiones.ts'

const rol = z.enum(ROLES)
const objetos = z.array(z.string())
const verbo = z.object({ estado: z.enum(ESTADOS), valoracion: z.literal('pendiente').optional() }).catchall(objetos)

/** The matrix that was written by hand. */
export const MATRIZ = z
  .strictObject({
    personas: z.record(rol, z.string().nullable()),
    objetos: z.record(
      z.string(),
      z.strictObject({
        dependencia: z.string(),
        medio: z.string(),
        reservada: z.boolean().default(false),
        capturada: z.boolean().default(false),
        anonima: z.boolean().default(false),
        bloqueada: z.boolean().default(false),
        borrada: z.boolean().default(false),
        retenida: z.boolean().default(false),
      }),
    ),
    cerradas: z.object({ estados: z.array(z.enum(ESTADOS)), verbos: z.array(z.string()) }),
    alcance: z.record(rol, objetos),
    cosas: z.record(z.string(), z.array(z.union([rol, z.literal('dueno')]))),
    ajenos: z.record(z.string(), objetos),
    de_todos: objetos,
    dice_folios: objetos,
    portal: z.record(z.string(), z.enum(['publica', 'clave', 'firma'])),
    eventos: z.record(z.string(), z.union([z.enum(['suyos', 'alcance']), z.array(rol)])),
    rutas: z.record(z.string(), z.union([z.enum(['publica', 'todos', 'alcance', 'lista']), z.array(rol), verbo])),
  })
  .parse(parse(readFileSync(join(import.meta.dirname, 'permisos.yaml'), 'utf8')))

/** What a row says of a route. */
export type Fila = (typeof MATRIZ)['rutas'][string]

/** A petition of the matrix, with a photograph. */
export interface Objeto {
  nombre: string
  folio: string
  peticionId: number
  conversationId: number
  adjunto: string
}

/** What is said in each petition of the matrix, and nowhere else: whoever may not see it reads none of it anywhere. */
export const dichoEn = (nombre: string): string => `lo que dijo ${nombre.replaceAll('_', ' ')}`

/** Makes the petitions of the matrix, one of each kind, each with its photograph. */
export async function prepararObjetos(panel: TestPanel): Promise<Objeto[]> {
  const { files, database } = panel
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#999' } })
  await files.put('adjuntos/matriz', await image.png().toBuffer(), 'image/png')
  const made: Objeto[] = []
  for (const [nombre, { anonima, bloqueada, borrada, retenida }] of Object.entries(MATRIZ.objetos)) {
    const dicho = { ...BACHE, descripcion: dichoEn(nombre) }
    const borrador = anonima ? { ...dicho, ...ANONIMA } : dicho
    const { folio, peticionId, conversationId } = await llegada(panel, borrador)
    if (bloqueada) await bloquear(panel, peticionId)
    if (borrada) await sql(database.fork(), 'delete from bloqueo where peticion_id = $1', [peticionId])
    if (retenida)
      await sql(
        database.fork(),
        `insert into retencion_legal (peticion_id, motivo, usuario_id, at) select $1, 'Un juicio', min(id), now() from usuario`,
        [peticionId],
      )
    const adjunto = randomUUID()
    await sql(
      database.fork(),
      `insert into attachment (id, peticion_id, kind, status, mime, storage_key, thumb_key)
       values ($1, $2, 'image', 'stored', 'image/png', $3, $3)`,
      [adjunto, peticionId, 'adjuntos/matriz'],
    )
    await sql(database.fork(), "update peticion set categoria = 'BACHEO' where id = $1", [peticionId])
    made.push({ nombre, folio, peticionId, conversationId, adjunto })
  }
  return made
}

/** Its personal data go into a box, as the rules of retention would have it. */
const bloquear = ({ database }: TestPanel, peticionId: number) =>
  database
    .fork()
    .transactional((em) =>
      encerrar(
        em,
        claseDe('peticion'),
        peticionId,
        { regla: 'retencion' },
        { corte: new Date(), ahora: new Date(), secretKey: SECRET_KEY },
      ),
    )

/** Of a category that lets people be nobody; the rest is as in the others. */
const ANONIMA = { anonima: true, categoria: 'BASURERO', datos: { colonia: 'Nuevo Madero', calle: 'Ébano' } }

/** Puts the petitions back as the matrix says they are, in this state, captured by this person where it says so; their version is 1. */
export async function reponer(
  panel: TestPanel,
  objetos: readonly Objeto[],
  estado: Estado,
  usuarioId: number,
  valoracion?: 'pendiente',
): Promise<void> {
  const filas = objetos.map(({ folio, nombre }) => ({ folio, ...MATRIZ.objetos[nombre] }))
  await sql(panel.database.fork(), 'delete from aclaracion')
  await sql(
    panel.database.fork(),
    `update peticion p
        set estado = $2, dependencia_id = x.dependencia, medio = x.medio, reservada = x.reservada,
            capturada_por = case when x.capturada then $3::bigint end, enlace_id = null, version = 1,
            resuelto = $4, validada_at = case when $2 = 'VALIDADO' then now() end, duplicado_de = null, valoracion = $5,
            bloqueada_at = case when x.bloqueada then now() end
       from jsonb_to_recordset($1) as x(folio text, dependencia text, medio text, reservada boolean, capturada boolean, bloqueada boolean)
      where p.folio = x.folio`,
    [
      JSON.stringify(filas),
      estado,
      usuarioId,
      estado === 'CONCLUIDO' || estado === 'VALIDADO' ? true : null,
      valoracion ?? null,
    ],
  )
}
