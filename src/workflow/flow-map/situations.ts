import type { Conversations } from '../../conversation/flows/conversations.ts'
import type { Services } from '../../conversation/flows/services.ts'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { initialState } from '../../conversation/memory.ts'
import type { Answers, Turn } from '../../conversation/state.ts'
import { pasar } from '../memory/memory-seguimiento.ts'
import type { Memory } from '../memory/memory-services.ts'
import type { ReplaySettings } from '../replay/play.ts'
import { CODE, type Input, photoSaying, pin, says } from './inputs.ts'

/** What a situation is made in. */
export interface Ground {
  settings: ReplaySettings
  conversations: Conversations
  services: Services
  memory: Memory
  now: Date
}

/** Where an exploration begins: what is there, where the conversation stands, and what is said first to come to rare questions. */
export interface Situation {
  name: string
  says?: readonly Input[]
  begin(ground: Ground): Promise<Turn> | Turn
}

const silent = (avisoVersion: string | null): Turn => ({
  conversation: { ...initialState(), avisoVersion },
  replies: [],
})

const accepted = ({ settings }: Ground): Turn => silent(settings.municipio.aviso_privacidad.version)

const PETICION = {
  categoria: 'BACHEO',
  descripcion: 'hay un bache',
  datos: {},
  respuestas: {},
  requisitos: {},
  fotos: [],
}

/** One's own petition, in that state. */
async function suya(ground: Ground, estado: Estado): Promise<string> {
  const categoria = ground.settings.catalogo.categorias[0]?.codigo ?? PETICION.categoria
  const { folio } = await ground.services.registrar({ ...PETICION, categoria, anonima: false })
  const [una] = ground.memory.registradas.slice(-1)
  if (una) pasar(una, estado, ground.settings.mensajes)
  return folio
}

const asked = (ground: Ground, flow: string, folio: string) => proposed(ground, flow, { folio })

async function proposed(ground: Ground, flow: string, answers: Answers): Promise<Turn> {
  const { conversation } = accepted(ground)
  const wanted = { to: 'flow', flow, answers } as const
  return (await ground.conversations.propose(conversation, wanted, ground.services)) ?? accepted(ground)
}

const followed = (estado: Estado): Situation => ({
  name: `with a petition ${estado}`,
  begin: async (ground) => asked(ground, 'seguimiento', await suya(ground, estado)),
})

const codes = ({ settings }: Ground) => settings.catalogo.categorias.map(({ codigo }) => codigo)

const OURS = pin(22.3928, -97.9403)

/** Every way in that there is. */
export const SITUATIONS: readonly Situation[] = [
  { name: 'a first word', begin: () => silent(null) },
  { name: 'who accepted the notice before', begin: accepted },
  {
    name: 'who accepted an older notice',
    begin: () => silent('anterior'),
  },
  {
    name: 'where the town knows of it already',
    says: [says('no cae agua en la colonia miramar')],
    begin: (ground) => {
      const hasta = new Date(ground.now.getTime() + 3_600_000)
      for (const categoria of codes(ground))
        ground.memory.avisosActivos.push({ categoria, aviso: { id: 1, texto: 'Corte de agua', hasta } })
      return accepted(ground)
    },
  },
  {
    name: 'where others reported it, on a channel that only answers',
    says: [
      says('hay un bache enorme en la calle hidalgo 305 colonia miramar'),
      says('si'),
      says('si'),
      says('registrar'),
    ],
    begin: (ground) => {
      ground.memory.soloContesta = true
      for (const categoria of codes(ground)) ground.memory.cercanas.push({ categoria, una: near(ground.now) })
      return accepted(ground)
    },
  },
  {
    name: 'whose photograph tells where it was taken',
    says: [photoSaying('hay un bache'), says('si')],
    begin: (ground) => {
      const { latitude = 0, longitude = 0 } = OURS.message.location ?? {}
      ground.memory.lugarDeFotos = { latitud: latitude, longitud: longitude }
      return accepted(ground)
    },
  },
  { name: 'who sends a place first', says: [OURS, says('hay un bache'), says('si')], begin: accepted },
  { name: "whose trouble is not the town's", says: [says('no hay luz en mi casa'), says('si')], begin: accepted },
  {
    name: 'who told of two troubles, of which one is registered',
    begin: (ground) =>
      proposed(ground, 'otra_cosa', { otras: [{ texto: 'no sirve la lampara', categoria: 'ALUMBRADO' }] }),
  },
  {
    name: 'who left several things unfinished',
    says: ['hay un bache', 'menu', 'no sirve la lampara', 'menu', 'hola'].map((text) => says(text)),
    begin: accepted,
  },
  {
    name: 'who has no papers at hand',
    says: [...['se esta tirando el agua', 'si', 'con mis datos'].map((text) => says(text)), OURS, says('si')],
    begin: accepted,
  },
  followed('CANALIZADO'),
  followed('CONCLUIDO'),
  followed('VALIDADO'),
  {
    name: 'who is asked how it ended',
    begin: async (ground) => asked(ground, 'encuesta', await suya(ground, 'VALIDADO')),
  },
  {
    name: 'who wants one of several opened again',
    says: [says('reabrir')],
    begin: async (ground) => {
      await suya(ground, 'VALIDADO')
      await suya(ground, 'VALIDADO')
      return accepted(ground)
    },
  },
  {
    name: 'who wants it opened again too late',
    says: [says('reabrir')],
    begin: async (ground) => {
      ground.memory.vencidas.add(await suya(ground, 'VALIDADO'))
      return accepted(ground)
    },
  },
  {
    name: 'who is asked by a dependencia',
    begin: async (ground) => {
      const folio = await suya(ground, 'PROCESO')
      ground.memory.preguntas.set(folio, '¿Entre qué calles es?')
      return asked(ground, 'contestar', folio)
    },
  },
  {
    name: 'who answers by the way',
    says: [says('es entre juarez y morelos')],
    begin: async (ground) => {
      const folio = await suya(ground, 'PROCESO')
      ground.memory.preguntas.set(folio, '¿Entre qué calles es?')
      return accepted(ground)
    },
  },
  {
    name: 'with a code of another account',
    says: [says(CODE)],
    begin: (ground) => {
      const answers = { asunto: 'hay un bache', categoria: 'BACHEO', descripcion: 'hay un bache' }
      ground.memory.codigos.set(CODE, { canal: 'Telegram', answers })
      return accepted(ground)
    },
  },
]

const near = (now: Date) => ({
  folio: 'UAC-26-003801-3',
  asunto: 'Bache',
  estado: 'PROCESO' as const,
  estadoTexto: 'En proceso',
  registradaEl: new Date(now.getTime() - 2 * 86_400_000),
  metros: 80,
  vecinos: 3,
  propia: false,
})
