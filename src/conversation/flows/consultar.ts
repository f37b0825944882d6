import { DateTime } from 'luxon'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Answer } from '../answer.ts'
import type { Mensajes } from '../mensajes.ts'
import { camposIniciales } from './entender.ts'
import { fechaEscrita } from './idioma/fechas.ts'
import { volver } from './menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'
import type { PeticionVista } from './vocabulary.ts'

/** How many of one's own petitions a menu offers, and how many are known as one's own. */
const OFRECIDAS = 6
const PROPIAS = 50

/** Milliseconds by which a platform's clock may be ahead of ours. */
const ADELANTO = 2_000

/** A folio and, after it, its clave, however they were written or copied. */
export type Leido = { kind: 'folio'; folio: string; clave?: string } | { kind: 'digito_incorrecto' | 'no_es_folio' }

/** Takes a folio and a clave out of a text: `UAC-26-004217-4 K7M2XQ9P`, also over several lines and with "clave:". */
export function leerFolioYClave(escrito: string, { services }: Pick<Contexto, 'services'>): Leido {
  const texto = escrito.replace(/^\s*(?:(?:el|mi)\s+)?folio\b[\s:]*(?:es\s+)?/i, '')
  const solo = services.leerFolio(texto)
  const parts = CON_CLAVE.exec(texto)
  if (solo.kind !== 'no_es_folio' || !parts) return solo
  const folio = services.leerFolio(parts[1] ?? '')
  const clave = services.leerClave(parts[2] ?? '')
  if (folio.kind !== 'folio') return folio
  return clave === undefined ? { kind: 'no_es_folio' } : { ...folio, clave }
}

const CON_CLAVE =
  /^([\s\S]*?\d)[\s,;.:]*(?:(?:y\s+)?(?:la\s+|su\s+|con\s+)?clave(?:\s+es)?[\s,;.:]*)?([a-z0-9](?:[\s-]?[a-z0-9]){7})\s*$/i

/** Asks for a petition; what was written with the request may name it. */
export const consultarFolio = ({ sentAt }: Answer, { services }: Contexto, leido?: Leido): Movida => ({
  to: 'flow',
  flow: 'consultar',
  answers: {
    desde: new Date(Math.min(sentAt.getTime(), services.now().getTime()) - ADELANTO).toISOString(),
    ...(leido?.kind === 'folio' && { folio: leido.folio, ...(leido.clave && { clave: leido.clave }) }),
  },
})

const ABIERTOS: ReadonlySet<string> = new Set(['REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO'])

/** Until when it is to be attended to, while it waits and the day has not gone by: what whoever asks how it goes wants to know. */
function plazo({ estado, venceEl }: PeticionVista, { mensajes, entorno, services }: Contexto): string[] {
  const hoy = DateTime.fromJSDate(services.now(), { zone: entorno.zona })
  const hasta = DateTime.fromISO(venceEl ?? '', { zone: entorno.zona })
  if (!ABIERTOS.has(estado) || !hasta.isValid || hasta.endOf('day') < hoy) return []
  return [mensajes.text('consultar.plazo', { fecha: fechaEscrita(hasta, 'dia_de_semana', mensajes.locale) })]
}

/** The state of a petition in the citizen's words. */
function mostrar(peticion: PeticionVista, contexto: Contexto): OutboundMessage[] {
  const { mensajes, entorno } = contexto
  const { folio, asunto, estadoTexto: estado, dependencia, ultimaNovedad: novedad, enlacePublico: url } = peticion
  const registrada = DateTime.fromJSDate(peticion.registradaEl, { zone: entorno.zona })
  const fecha = fechaEscrita(registrada, 'completa', mensajes.locale)
  const detalle =
    dependencia === null
      ? mensajes.text('consultar.detalle_sin_dependencia', { fecha })
      : mensajes.text('consultar.detalle', { fecha, dependencia, novedad: novedad ?? '' })
  return [
    { text: mensajes.text(`consultar.${peticion.sumada ? 'estado_sumada' : 'estado'}`, { folio, asunto, estado }) },
    {
      text: [detalle.trim(), ...plazo(peticion, contexto)].join('\n'),
      ...(url !== null && { link: { label: mensajes.text('avisos.ver'), url } }),
    },
  ]
}

/**
 * One's own, and one that was joined, by its folio; another's only with its clave. What was said of another's is forgotten, since it may be an
 * anonymous petition: neither the folio nor the clave stays with this conversation.
 */
async function buscar(contexto: Contexto): Promise<Movida> {
  const { mensajes, services, answers } = contexto
  const folio = String(answers.folio ?? '')
  const propia = (await services.misPeticiones(PROPIAS)).find((one) => one.folio === folio)
  if (propia && !(propia.sumada && answers.clave !== undefined))
    return { ...(await tras(folio, contexto)), say: mostrar(propia, contexto) }
  const otra = { to: 'next', set: { folio: undefined, clave: undefined, otro: true }, redact: true } as const
  if (typeof answers.clave !== 'string') return { ...otra, say: [mensajes.text('consultar.falta_clave')] }
  const ajena = await services.consultar(folio, answers.clave)
  if (!ajena) return { ...otra, say: [mensajes.text('consultar.no_encontrada')] }
  const severSince = typeof answers.desde === 'string' ? new Date(answers.desde) : services.now()
  return { ...volver(contexto), say: mostrar(ajena, contexto), severSince, redact: true }
}

/** What may be done with one's own comes after its state; nothing that is kept is asked before the notice of privacy. */
async function tras(folio: string, contexto: Contexto): Promise<Movida> {
  const puede = contexto.state.avisoVersion === null ? undefined : await contexto.services.posibilidades(folio)
  const algo = puede && Object.values(puede).includes(true)
  return algo ? { to: 'flow', flow: 'seguimiento', answers: { folio }, drop: true } : volver(contexto)
}

/** `UAC-26-004217-4 Bache (en proceso)`; of one that was joined `UAC-26-003801-4 Bache (en proceso; usted se sumó)`. */
function etiqueta({ folio, asunto, estado, sumada }: PeticionVista, mensajes: Mensajes): string {
  const corto = mensajes.text(`estado_corto.${estado}`)
  return `${folio} ${asunto} (${sumada ? mensajes.text('consultar.corto_sumada', { estado: corto }) : corto})`
}

const folio: Paso = {
  id: 'folio',
  freeText: true,
  ask: async ({ mensajes, services, answers }) => {
    const propias = answers.otro === true ? [] : await services.misPeticiones(OFRECIDAS)
    if (propias.length === 0) return { text: mensajes.text('consultar.folio') }
    return {
      text: mensajes.text('consultar.propias'),
      options: [
        ...propias.map((one) => ({ id: one.folio, label: etiqueta(one, mensajes), words: [one.folio] })),
        opcion(mensajes, 'otro_folio', mensajes.words('otra')),
      ],
    }
  },
  read: (answer, contexto) => {
    const { mensajes } = contexto
    const { option, text } = answer
    if (option === 'otro_folio') return { to: 'again', set: { otro: true } }
    if (option !== undefined) return { to: 'next', set: { folio: option } }
    const leido = leerFolioYClave(text, contexto)
    if (leido.kind === 'folio') return { to: 'next', set: { folio: leido.folio, clave: leido.clave } }
    if (leido.kind === 'no_es_folio' && !/\d/.test(text) && contexto.comprension().asuntos(text).length > 0)
      return { to: 'flow', flow: 'registrar', answers: camposIniciales(answer, contexto) }
    const because = mensajes.text(leido.kind === 'digito_incorrecto' ? 'consultar.digito' : 'consultar.no_es_folio')
    return { to: 'miss', because, ...(/\d{4}/.test(text) && { redact: true }) }
  },
}

/** How a petition goes. */
export const consultar = { version: 1, steps: [folio], finish: buscar } satisfies Conversacion
