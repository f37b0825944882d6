import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { parse } from 'yaml'
import { z } from 'zod'
import { ESTADOS, type Estado } from '../../src/conversation/flows/vocabulary.ts'
import { sql } from '../../src/runtime/sql.ts'
import { ROLES } from '../../src/workflow/actor.ts'
import type { TestPanel } from './panel.ts'
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
      }),
    ),
    alcance: z.record(rol, objetos),
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
  conversationId: number
  adjunto: string
}

/** Makes the petitions of the matrix, one of each kind. */
export async function prepararObjetos(panel: TestPanel): Promise<Objeto[]> {
  const made: Objeto[] = []
  for (const nombre of Object.keys(MATRIZ.objetos)) {
    const { folio, peticionId, conversationId } = await llegada(panel)
    const adjunto = randomUUID()
    const { files } = panel
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#999' } })
      .png()
      .toBuffer()
    await files.put(`adjuntos/${adjunto}`, bytes, 'image/png')
    await sql(
      panel.database.fork(),
      `insert into attachment (id, peticion_id, kind, status, mime, storage_key, thumb_key)
       values ($1, $2, 'image', 'stored', 'image/png', $3, $3)`,
      [adjunto, peticionId, `adjuntos/${adjunto}`],
    )
    made.push({ nombre, folio, conversationId, adjunto })
  }
  return made
}

/** Puts a petition back as the matrix says it is, in this state, captured by this person where it says so; its version is 1. */
export async function reponer(
  panel: TestPanel,
  { nombre, folio }: Objeto,
  estado: Estado,
  usuarioId: number,
  valoracion?: 'pendiente',
): Promise<void> {
  const objeto = MATRIZ.objetos[nombre]
  if (!objeto) throw new Error(`the matrix has no petition ${nombre}`)
  const terminada = estado === 'CONCLUIDO' || estado === 'VALIDADO'
  await sql(panel.database.fork(), 'delete from aclaracion')
  await sql(
    panel.database.fork(),
    `update peticion
        set estado = $2, dependencia_id = $3, medio = $4, reservada = $5, capturada_por = $6, enlace_id = null, version = 1,
            resuelto = $7, validada_at = case when $2 = 'VALIDADO' then now() end, duplicado_de = null, valoracion = $8
      where folio = $1`,
    [
      folio,
      estado,
      objeto.dependencia,
      objeto.medio,
      objeto.reservada,
      objeto.capturada ? usuarioId : null,
      terminada || null,
      valoracion ?? null,
    ],
  )
}
