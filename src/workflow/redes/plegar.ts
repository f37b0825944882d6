import type { PublicKind, PublicMedia, PublicPost, PublicVerb } from '../../channels/public-post.ts'

/** What a platform, or the staff through the panel, did with something said in public; `detail` is what was asked for later. */
export type VerboDeSuceso = PublicVerb | 'detail'

/** What was said, as an event tells it; whatever it does not tell is absent. Moments are ISO. */
export type CuerpoDeSuceso = Partial<Omit<PublicPost, 'id' | 'publishedAt' | 'incomplete'> & { publishedAt: string }>

/** A row of `comentario_suceso`. */
export interface Suceso {
  id: number
  verbo: VerboDeSuceso
  cuerpo: CuerpoDeSuceso
  at: Date
}

/** What all events of a comment come to. */
export interface Plegado {
  kind: PublicKind
  propio: boolean
  autor: string | null
  autorId: string | null
  texto: string | null
  medios: PublicMedia[]
  postId: string | null
  parentId: string | null
  permalink: string | null
  postPermalink: string | null
  postTexto: string | null
  publicadoAt: Date | null
  editadoAt: Date | null
  borradoAt: Date | null
  oculto: boolean
}

/** The same whatever the order in which the events came: only their own times and what they say count. */
export function plegar(sucesos: readonly Suceso[]): Plegado {
  const order = sucesos.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.id - b.id)
  const dichos = order.filter(({ verbo }) => verbo === 'add' || verbo === 'edit')
  const edits = dichos.filter(({ verbo }) => verbo === 'edit')
  // An edit comes after what it edits, whatever the clocks say.
  const nuevo = edits.at(-1) ?? dichos.at(-1)
  const detalle = order.findLast(({ verbo }) => verbo === 'detail')
  const campos = juntar([detalle, ...order.filter((one) => !dichos.includes(one)), ...edits, ...dichos.toReversed()])
  const visto = order.findLast(({ verbo }) => verbo === 'hide' || verbo === 'unhide')
  const dicho = nuevo?.cuerpo.text !== undefined || nuevo?.cuerpo.media !== undefined ? nuevo : undefined
  return {
    kind: campos.kind ?? 'comment',
    propio: campos.own ?? false,
    autor: campos.authorName ?? null,
    autorId: campos.authorId ?? null,
    texto: (dicho ? dicho.cuerpo.text : detalle?.cuerpo.text) ?? null,
    medios: dicho?.cuerpo.media ?? campos.media ?? [],
    postId: campos.threadId ?? null,
    parentId: campos.parentId ?? null,
    permalink: campos.permalink ?? null,
    postPermalink: campos.threadPermalink ?? null,
    postTexto: campos.threadText ?? null,
    publicadoAt: dichos[0] ? publicado(campos, dichos[0]) : null,
    editadoAt: edits.at(-1)?.at ?? null,
    borradoAt: order.find(({ verbo }) => verbo === 'remove')?.at ?? null,
    oculto: visto?.verbo === 'hide',
  }
}

/** By field: of several that tell it, the last of the list wins. */
const juntar = (sucesos: (Suceso | undefined)[]): CuerpoDeSuceso =>
  Object.assign({}, ...sucesos.map((one) => one?.cuerpo ?? {}))

const publicado = ({ publishedAt }: CuerpoDeSuceso, { at }: Suceso) => (publishedAt ? new Date(publishedAt) : at)
