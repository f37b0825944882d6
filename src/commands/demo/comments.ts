import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { audit } from '../../admin/audit.ts'
import type { AnyChannel } from '../../channels/channel.ts'
import type { PublicEvent, PublicPosts } from '../../channels/public-post.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { readYaml } from '../../runtime/yaml-config.ts'
import { createSavePublic } from '../../workflow/redes/guardar.ts'
import { hacerActo } from '../../workflow/redes/hacer-acto.ts'
import type { Agenda } from './agenda.ts'
import type { Demo } from './demo.ts'
import { LIMITS } from './talks.ts'

const texto = z.string().trim().min(1)
const comentario = z.strictObject({
  hace: z.int().positive(),
  red: z.enum(['messenger', 'instagram']),
  en: texto.optional(),
  tipo: z.enum(['comment', 'mention', 'post']).default('comment'),
  autor: texto,
  dice: texto,
  despues: z.int().positive().optional(),
  acto: z.enum(['responder', 'ocultar', 'atender']).default('atender'),
  texto: texto.optional(),
})
const archivo = z.strictObject({ publicaciones: z.record(z.string(), texto), comentarios: z.array(comentario) })

type Comentario = z.output<typeof comentario>

const MINUTE = 60_000

/** What is said in public on the town's pages, and what Comunicación Social did with some of it. */
export async function commentInPublic(demo: Demo, until: Date, agenda: Agenda): Promise<void> {
  const { publicaciones, comentarios } = await readYaml(
    fileURLToPath(new URL('./comentarios.yaml', import.meta.url)),
    archivo,
  )
  comentarios.forEach((one, index) => {
    const id = `ejemplo-comentario-${index + 1}`
    const at = new Date(until.getTime() - one.hace * MINUTE)
    agenda.add(at, () => say(demo, one, { id, at, threadText: publicaciones[one.en ?? ''] }))
    const { despues } = one
    if (despues === undefined) return
    agenda.add(new Date(at.getTime() + despues * MINUTE), () => attend(demo, one, id))
  })
}

interface Said {
  id: string
  at: Date
  threadText: string | undefined
}

async function say({ house }: Demo, { red, tipo, autor, dice, en }: Comentario, said: Said): Promise<void> {
  const { id, at, threadText } = said
  const thread = threadText ? { threadId: `ejemplo-publicacion-${en}`, threadText } : {}
  const post = { id, kind: tipo, own: false, authorName: autor, text: dice, publishedAt: at, ...thread }
  const event: PublicEvent = { channel: red, account: 'default', externalId: `${id}:add`, verb: 'add', at, post }
  await createSavePublic(house.database, () => undefined)([event])
  await sql(house.database.fork(), 'update comentario set recibido_at = $2 where external_id = $1', [id, at])
}

async function attend(
  { house, personal, clock }: Demo,
  { acto, texto }: Comentario,
  externalId: string,
): Promise<void> {
  const { database } = house
  const row = await sqlOne<{ id: number }>(database.fork(), 'select id from comentario where external_id = $1', [
    externalId,
  ])
  if (!row) throw new Error(`the demo lost its comment ${externalId}`)
  const { id: usuarioId } = personal.comunicacion
  const solicitud = crypto.randomUUID()
  const pedido = { comentarioId: row.id, acto, usuarioId, solicitud, texto }
  const done = await hacerActo({ database, channelOf: () => PAGES, now: clock.now }, pedido, (em) =>
    audit(em, { action: `comentario.${acto}`, objectType: 'comentario', objectId: row.id, usuarioId }),
  )
  if (done.estado !== 'hecho') throw new Error(`an act of the demo was not done: ${acto}`)
}

const done = async () => ({ done: true as const })
let answers = 0

/** Pages that take whatever is done with them. */
const POSTS: PublicPosts = {
  longest: { reply: 8000, replyPrivately: 2000 },
  may: () => true,
  reply: async () => ({ done: { id: `ejemplo-respuesta-${++answers}` } }),
  replyPrivately: async () => ({ done: {} }),
  setHidden: done,
  deleteReply: done,
  ownReplies: async () => ({ done: [] }),
  details: async () => ({ done: {} }),
}
const PAGES: AnyChannel = {
  name: 'demo',
  account: 'demo',
  limits: LIMITS,
  send: async () => ({}),
  publicPosts: POSTS,
}
