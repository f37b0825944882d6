import { z } from 'zod'
import type { Answer } from '../answer.ts'
import { volver } from './menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'
import { BORRADORES, titulos } from './retomar.ts'

/** Minutes in which a code may be typed. */
export const MINUTOS_DE_CODIGO = 15

/** Milliseconds by which a platform's clock may be ahead of ours. */
const ADELANTO = 2_000

/** The unfinished petition that a code would carry: the one laid aside last. */
function porLlevar(contexto: Contexto): { desde: string; titulo: string } | undefined {
  const este = titulos(contexto).findLast(({ id }) => desdeDe(id, contexto) !== undefined)
  const desde = este && desdeDe(este.id, contexto)
  return este && desde !== undefined ? { desde, titulo: este.titulo } : undefined
}

function desdeDe(id: string, { state }: Contexto): string | undefined {
  const draft = state.drafts.find((one) => one.id === id)
  const desde = draft?.flow === 'registrar' ? draft.answers.desde : undefined
  return typeof desde === 'string' ? desde : undefined
}

async function darCodigo(contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  const llevado = porLlevar(contexto)
  const codigo = await services.crearCodigo(llevado?.desde)
  if (codigo === undefined) return { ...volver(contexto), say: [mensajes.text('traspaso.demasiados')] }
  const minutos = MINUTOS_DE_CODIGO
  const texto = llevado
    ? mensajes.text('traspaso.codigo', { titulo: llevado.titulo, minutos })
    : mensajes.text('traspaso.codigo_sin_borrador', { minutos })
  // Whoever reads the code can use it: once it was delivered it is nowhere.
  return { to: 'rest', say: [{ text: texto }, { text: codigo }], severSince: services.now() }
}

/** Gives a code by which to go on from another account. */
export const llevar = { version: 1, steps: [], finish: darCodigo } satisfies Conversacion

const dicho = ({ answers }: Contexto) =>
  z
    .object({
      traspaso: z.number(),
      canal: z.string(),
      /** How what it carries is called; without it, it carries nothing. */
      titulo: z.string().optional(),
      desde: z.string(),
    })
    .parse(answers)

const CODIGO = /^\s*(?:(?:mi|el)\s+)?(?:c[oó]digo(?:\s+es)?[\s:]*)?([a-z0-9]{4}[\s-]?[a-z0-9]{4})\s*\.?\s*$/i

/** Our codes have two digits at least, so that a word of eight letters is none. */
function codigoEscrito(texto: string, { services }: Contexto): string | undefined {
  const codigo = services.leerClave(CODIGO.exec(texto)?.[1] ?? '')
  return codigo !== undefined && (codigo.match(/\d/g)?.length ?? 0) >= 2 ? codigo : undefined
}

/** What a code that was written leads to; undefined when the text is none. `espera` tells that words of any kind are awaited now. */
export function recibirCodigo(
  answer: Answer,
  contexto: Contexto,
  espera: boolean,
): Promise<Movida | undefined> | undefined {
  const codigo = codigoEscrito(answer.text, contexto)
  return codigo === undefined ? undefined : recibir(codigo, answer, contexto, espera)
}

async function recibir(
  codigo: string,
  { sentAt }: Answer,
  contexto: Contexto,
  espera: boolean,
): Promise<Movida | undefined> {
  const { mensajes, services } = contexto
  const leido = await services.usarCodigo(codigo)
  if (leido.kind !== 'valido') {
    // A plate or a clave may look like a code.
    return espera && leido.kind === 'no_vale'
      ? undefined
      : { to: 'again', say: [mensajes.text(`traspaso.${leido.kind}`)] }
  }
  const { traspaso, canal, borrador } = leido
  const titulo = borrador && contexto.tituloDe({ ...borrador, id: '', step: null, savedAt: '' }, contexto)
  const desde = new Date(Math.min(sentAt.getTime(), services.now().getTime()) - ADELANTO).toISOString()
  return { to: 'flow', flow: 'traer', answers: { traspaso, canal, desde, ...(titulo && { titulo }) }, redact: true }
}

const pregunta: Paso = {
  id: 'cuenta',
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    const { canal, titulo } = dicho(contexto)
    return {
      text: titulo
        ? mensajes.text('traspaso.pregunta', { canal, titulo })
        : mensajes.text('traspaso.pregunta_sin_borrador', { canal }),
      options: [
        opcion(mensajes, 'son_mias', mensajes.words('si')),
        ...(titulo ? [opcion(mensajes, 'solo_reporte')] : []),
        opcion(mensajes, 'no_es_mia', mensajes.words('no')),
      ],
    }
  },
  read: ({ option }, contexto) => {
    if (option === undefined) return { to: 'miss' }
    return option === 'no_es_mia' ? descartar(contexto) : traer(option === 'son_mias', contexto)
  },
}

async function descartar(contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  await services.descartarCodigo(dicho(contexto).traspaso)
  return { ...volver(contexto), say: [mensajes.text('traspaso.ajeno')] }
}

async function traer(unir: boolean, contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  const { traspaso, titulo, desde } = dicho(contexto)
  if (titulo !== undefined && titulos(contexto).length >= BORRADORES)
    return { to: 'flow', flow: 'retomar', answers: { lleno: true }, drop: true }
  const llegado = await services.traer(traspaso, { unir, desde: new Date(desde) })
  if (!llegado) return { ...volver(contexto), say: [mensajes.text('traspaso.ya_no_esta')] }
  const say = [
    ...(unir ? [mensajes.text('traspaso.unidas')] : []),
    ...(titulo === undefined ? [] : [mensajes.text('general.seguimos', { titulo })]),
  ]
  const aviso = llegado.avisoVersion === null ? {} : { avisoVersion: llegado.avisoVersion }
  const destino: Movida = llegado.borrador
    ? { to: 'flow', flow: 'registrar', answers: llegado.borrador, drop: true }
    : volver(contexto)
  return { ...destino, ...aviso, say }
}

/** Takes in what a code carries, and asks whether the other account is theirs too. */
export const traerDeOtraCuenta = {
  version: 1,
  steps: [pregunta],
  finish: (contexto) => volver(contexto),
} satisfies Conversacion
