import type { EntityManager } from '@mikro-orm/postgresql'
import { guardarArchivo, registrarArchivo } from '../../admin/subida.ts'
import type { Uso } from '../../conversation/attachment.ts'
import { sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { atarAdjuntos } from '../../workflow/peticion/adjuntos-de-peticion.ts'
import { anotar as anotarla } from '../../workflow/peticion/verbos/anotar.ts'
import { canalizar as canalizarla, recanalizar as recanalizarla } from '../../workflow/peticion/verbos/canalizar.ts'
import { cancelar as cancelarla } from '../../workflow/peticion/verbos/cancelar.ts'
import { concluir as concluirla } from '../../workflow/peticion/verbos/concluir.ts'
import { devolver as devolverla } from '../../workflow/peticion/verbos/devolver.ts'
import { orientar as orientarla } from '../../workflow/peticion/verbos/orientar.ts'
import { procesar as procesarla } from '../../workflow/peticion/verbos/procesar.ts'
import { reabrir as reabrirla } from '../../workflow/peticion/verbos/reabrir.ts'
import { recibir as recibirla } from '../../workflow/peticion/verbos/recibir.ts'
import { responder as responderla } from '../../workflow/peticion/verbos/responder.ts'
import { rechazar as rechazarla, validar as validarla } from '../../workflow/peticion/verbos/validar.ts'
import { valorar as valorarla } from '../../workflow/peticion/verbos/valorar.ts'
import type { Demo } from './demo.ts'
import type { Vida } from './lives.ts'
import { settleConversation } from './rows.ts'
import { drawScene, drawSignedForm } from './scenes.ts'

type Act = (demo: Demo, vida: Vida) => Promise<void>

/** Other dependencias that the UAC sends to what somebody gave back. */
const ELSEWHERE = ['OP', 'SSP', 'COMAPA', 'UAC']

const inTransaction = (demo: Demo, work: (em: EntityManager) => Promise<unknown>) =>
  demo.house.database.fork().transactional(work)

const enlaceDe = ({ personal }: Demo, { dependenciaId, enlaceId, folio }: Vida): UsuarioActor => {
  const enlace = dependenciaId === null ? undefined : personal.enlace(dependenciaId, enlaceId)
  if (!enlace) throw new Error(`nobody works ${folio} at ${dependenciaId}`)
  return enlace
}

const ctxOf = ({ clock, house }: Demo) => ({
  ahora: clock.now(),
  reaperturaDias: house.settings.municipio.reapertura_dias,
})

const validadorDe = ({ personal, random }: Demo): UsuarioActor => random.pick(personal.validadores)

/** UAC values what must be valued, or directs what was given back. */
export const canalizar: Act = async (demo, vida) => {
  const { id } = vida
  const pendiente = await sqlOne(
    demo.house.database.fork(),
    "select 1 from peticion where id = $1 and valoracion = 'pendiente'",
    [id],
  )
  if (pendiente) {
    const datos = { aceptada: true, motivo: demo.random.pick(demo.pueblo.motivos.valorar) }
    await inTransaction(demo, (em) => valorarla(em, id, validadorDe(demo), datos, ctxOf(demo)))
    return
  }
  const dependencia = demo.random.pick(ELSEWHERE)
  await inTransaction(demo, (em) => canalizarla(em, id, validadorDe(demo), { dependencia }, ctxOf(demo)))
}

export const recanalizar: Act = async (demo, { id, dependenciaId }) => {
  const dependencia = demo.random.pick(ELSEWHERE.filter((one) => one !== dependenciaId))
  const motivo = demo.random.pick(demo.pueblo.motivos.recanalizar)
  await inTransaction(demo, (em) => recanalizarla(em, id, validadorDe(demo), { dependencia, motivo }, ctxOf(demo)))
}

export const orientar: Act = async (demo, { id, asunto: { no_es_nuestro: texto = '' } }) => {
  await inTransaction(demo, (em) => orientarla(em, id, validadorDe(demo), { texto }, ctxOf(demo)))
}

export const cancelar: Act = async (demo, { id }) => {
  const explicacion = demo.random.pick(demo.pueblo.motivos.cancelar)
  const datos = { motivo: explicacion, explicacion }
  await inTransaction(demo, (em) => cancelarla(em, id, validadorDe(demo), datos, ctxOf(demo)))
}

export const recibir: Act = async (demo, vida) => {
  await inTransaction(demo, (em) => recibirla(em, vida.id, enlaceDe(demo, vida), {}, ctxOf(demo)))
}

export const devolver: Act = async (demo, vida) => {
  const motivo = demo.random.pick(demo.pueblo.motivos.devolver)
  await inTransaction(demo, (em) => devolverla(em, vida.id, enlaceDe(demo, vida), { motivo }, ctxOf(demo)))
}

export const anotar: Act = async (demo, vida) => {
  const nota = demo.random.pick(demo.pueblo.motivos.anotar)
  await inTransaction(demo, (em) => anotarla(em, vida.id, enlaceDe(demo, vida), { nota }, ctxOf(demo)))
}

export const responder: Act = async (demo, vida) => {
  const texto = demo.random.pick(demo.pueblo.respuestas)
  const ctx = { ...demo.outbox, ...ctxOf(demo) }
  await inTransaction(demo, (em) => responderla(em, vida.id, enlaceDe(demo, vida), { texto }, ctx))
  if (vida.conversationId !== null) await settleConversation(demo, vida.conversationId)
}

/** The signed form is scanned and attached. */
export const procesar: Act = async (demo, vida) => {
  const actor = enlaceDe(demo, vida)
  const scan = await drawSignedForm(vida.folio, demo.random)
  const archivo = await adjuntar(demo, scan, `formato-${vida.folio}.jpg`)
  await inTransaction(demo, async (em) => {
    const formato = await archivo(em, vida, actor, 'formato')
    await procesarla(em, vida.id, actor, { formato }, ctxOf(demo))
  })
}

/** ¿Resuelto? with what was done, sometimes with a photograph of it. */
export const concluir: Act = async (demo, vida) => {
  const { pueblo, random } = demo
  const actor = enlaceDe(demo, vida)
  const { asunto } = vida
  const photo = asunto.escena !== undefined && random.chance(0.3) ? await drawScene(asunto.escena, random) : undefined
  const archivo = photo && (await adjuntar(demo, photo, 'evidencia.jpg'))
  const resuelto = vida.fate !== 'no_resuelta'
  const datos = resuelto
    ? random.pick([...asunto.resuelto, ...asunto.resuelto, ...pueblo.resuelto_general])
    : random.pick([...asunto.no_resuelto, ...pueblo.no_resuelto_general])
  await inTransaction(demo, async (em) => {
    const { movimientoId } = await concluirla(em, vida.id, actor, { resuelto, ...datos }, ctxOf(demo))
    if (archivo) await atarAdjuntos(em, movimientoId, [await archivo(em, vida, actor, 'respuesta')])
  })
}

export const validar: Act = async (demo, { id }) => {
  const nota = demo.random.chance(0.5) ? demo.random.pick(demo.pueblo.motivos.validar) : undefined
  await inTransaction(demo, (em) => validarla(em, id, validadorDe(demo), { nota }, ctxOf(demo)))
}

export const rechazar: Act = async (demo, { id }) => {
  const motivo = demo.random.pick(demo.pueblo.motivos.rechazar)
  await inTransaction(demo, (em) => rechazarla(em, id, validadorDe(demo), { motivo }, ctxOf(demo)))
}

/** It was not solved after all: the UAC hears it by telephone. */
export const reabrir: Act = async (demo, { id }) => {
  const motivo = demo.random.pick(demo.pueblo.motivos.reabrir)
  await inTransaction(demo, (em) => reabrirla(em, id, validadorDe(demo), { motivo }, ctxOf(demo)))
}

/** The citizen says thank you. */
export const agradecer: Act = async (demo, { talks, vecino }) => {
  if (vecino) await talks.say(vecino, { kind: 'text', text: demo.random.pick(demo.pueblo.despedidas) })
}

/** Puts a picture where the panel would; its row is written by what this gives. */
async function adjuntar({ files }: Demo, bytes: Buffer, fileName: string) {
  const archivo = await guardarArchivo(files, { bytes, fileName, cortado: false })
  if (typeof archivo === 'string') throw new Error(`a picture of the demo was refused: ${archivo}`)
  return async (em: EntityManager, { id }: Vida, { id: usuarioId }: UsuarioActor, uso: Uso) => {
    await registrarArchivo(em, archivo, { uso, usuarioId, peticionId: id })
    return archivo.id
  }
}
