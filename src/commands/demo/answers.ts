import type { InboundMessage } from '../../channels/message.ts'
import type { Turn } from '../../conversation/state.ts'
import type { Plan } from './plan.ts'
import type { Pueblo } from './pueblo.ts'
import type { Random } from './random.ts'

/** What a citizen sends, without who they are. */
export type Sending = Pick<InboundMessage, 'kind' | 'text' | 'choice' | 'media' | 'location'>

/** What somebody who wants to get `plan` registered goes by. */
export interface Wish {
  plan: Plan
  pueblo: Pueblo
  random: Random
  /** Photographs not yet sent. */
  photosLeft: number
}

const text = (words: string): Sending => ({ kind: 'text', text: words })

const photo = ({ plan: { asunto } }: Wish, random: Random): Sending => ({
  kind: 'image',
  media: [{ kind: 'image', ref: `${asunto.escena}/${random.below(4)}`, mime: 'image/jpeg' }],
})

/** How each question is answered; what is not here is answered by one of its options. */
const ANSWERS: Record<string, (wish: Wish, options: Options) => Sending> = {
  aviso: (_, options) => options.press('acepto'),
  opcion: (_, options) => options.press('reportar'),
  asunto: ({ plan }) => text(plan.texto),
  categoria: ({ plan }, options) => options.press(plan.categoria.codigo, 'otra_cosa'),
  tema: ({ plan }, options) => options.press(plan.categoria.grupo),
  categoria_de_tema: ({ plan }, options) => options.press(plan.categoria.codigo, 'ver_mas'),
  anonima: ({ plan }, options) => options.press(plan.anonima ? 'anonimo' : 'con_datos'),
  requisitos: (_, options) => options.press('empezar'),
  descripcion: ({ plan }) => text(plan.texto),
  lugar: ({ plan }) =>
    plan.punto && plan.categoria.ubicacion !== 'no'
      ? { kind: 'location', location: { latitude: plan.punto.latitud, longitude: plan.punto.longitud } }
      : text(plan.colonia),
  colonia_cual: ({ plan }, options) => options.labelled(plan.colonia) ?? options.first(),
  calle: ({ plan }) => text(`${plan.calle} ${plan.numero}${plan.referencia ? `, ${plan.referencia}` : ''}`),
  numero: ({ plan }) => text(plan.numero),
  referencias: ({ plan, pueblo, random }) => text(plan.referencia ?? random.pick(pueblo.referencias)),
  fotos(wish, options) {
    if (wish.photosLeft === 0) return options.press('listo', 'sin_fotos')
    wish.photosLeft -= 1
    return photo(wish, wish.random)
  },
  nombre: ({ plan }) => text(plan.nombre ?? `Vecina de ${plan.colonia}`),
  telefono: ({ plan }) => text(plan.telefono ?? '8335550100'),
  contacto: ({ plan }, options) => {
    const said = contactOf(plan)
    return said.length > 0 ? text(said.join(', ')) : options.press('sin_datos')
  },
  resumen: ({ plan }, options) =>
    contactOf(plan).length > 0 ? options.press('dejar_datos', 'registrar') : options.press('registrar'),
}

/** What they leave of themselves though nobody must. */
const contactOf = (plan: Plan): string[] =>
  (['nombre', 'telefono'] as const).flatMap((dato) =>
    plan.categoria.datos[dato] === 'opcional' ? (plan[dato] ?? []) : [],
  )

/**
 * The citizen's next message, given what was just asked; undefined when the talk went to another subject than theirs, which they leave.
 * @throws {Error} when the question is one they have no answer to.
 */
export function answerTo(turn: Turn, wish: Wish): Sending | undefined {
  const { step } = turn.conversation
  const options = optionsOf(turn)
  if (step === null) throw new Error('nothing was asked')
  if (step.startsWith('pregunta:')) return answerQuestion(step.slice('pregunta:'.length), wish, options)
  if (step.startsWith('requisito:')) return bring(step.slice('requisito:'.length), wish, options)
  const answer = ANSWERS[step]
  return answer ? answer(wish, options) : options.first()
}

function answerQuestion(id: string, { plan, pueblo, random }: Wish, options: Options): Sending | undefined {
  const pregunta = plan.categoria.preguntas.find((one) => one.id === id)
  if (!pregunta) return undefined
  // The description may have said another time.
  if (id === 'desde_cuando' && !pregunta.obligatoria) return text('omitir')
  if (pregunta.tipo === 'opcion' || pregunta.tipo === 'si_no') return options.random(random)
  if (!pregunta.obligatoria && random.chance(0.4)) return text('omitir')
  if (pregunta.tipo === 'numero') return text(String(1 + random.below(9)))
  if (pregunta.tipo === 'fecha') return text('ayer')
  const said = { vehiculo: pueblo.vehiculos, horario: pueblo.horarios, escuela: pueblo.escuelas }[id] ?? pueblo.areas
  return pregunta.obligatoria || id === 'horario' ? text(random.pick(said)) : text('omitir')
}

/** Indispensable papers are sent, and data are noughts; the others are not at hand. */
function bring(id: string, { plan }: Wish, options: Options): Sending | undefined {
  const requisito = plan.categoria.requisitos.find((one) => one.id === id)
  if (!requisito) return undefined
  if (requisito.tipo === 'dato') return text('000000')
  if (!requisito.obligatorio) return options.press('no_lo_tengo')
  return { kind: 'image', media: [{ kind: 'image', ref: 'comprobante', mime: 'image/jpeg' }] }
}

interface Options {
  /** Presses the first of these ids that is offered. */
  press(...ids: string[]): Sending
  first(): Sending
  random(random: Random): Sending
  labelled(label: string): Sending | undefined
}

function optionsOf({ replies, conversation: { step } }: Turn): Options {
  const options = replies.at(-1)?.options ?? []
  const choose = ({ id, label }: { id: string; label: string }): Sending => ({ kind: 'choice', choice: { id, label } })
  const press = (...ids: string[]) => {
    const found = ids.map((id) => options.find((one) => one.id === `${step}/${id}`)).find((one) => one !== undefined)
    if (!found) throw new Error(`${step} offers ${options.map((one) => one.id).join(', ')}, not ${ids.join(', ')}`)
    return choose(found)
  }
  const own = options.filter(({ id }) => !id.endsWith('/omitir') && !id.startsWith('_/'))
  return {
    press,
    first: () => press(own[0]?.id.split('/')[1] ?? 'nothing'),
    random: (random) => choose(random.pick(own)),
    labelled(label) {
      const found = options.find((one) => one.label.startsWith(label))
      return found && choose(found)
    },
  }
}
