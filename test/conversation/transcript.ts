import { show } from '../../src/commands/chat/show.ts'
import type { Estado } from '../../src/conversation/flows/vocabulary.ts'
import { pasar } from '../../src/workflow/memory/memory-seguimiento.ts'
import { formatFolio } from '../../src/workflow/peticion/folio.ts'
import { newTalk, settings, speak, type Talk } from './talk.ts'

const CITIZEN = 'ciudadano: '
/** What was told elsewhere before going on here. */
const BACHE_A_MEDIAS = {
  desde: '2026-11-22T15:30:00.000Z',
  asunto: 'hay un bache muy grande',
  categoria: 'BACHEO',
  descripcion: 'hay un bache muy grande',
  colonia: 'Miramar',
}
const INDENT = '           '

/**
 * Plays a transcript again: its title, its "(…)" remarks and what the citizen says are read, what the bot answers is written anew.
 * Remarks: `(ya aceptó el aviso)`, `(se llama NOMBRE)`, `(pasan N horas)`, `(una persona le contesta y la devuelve)`,
 * `(se cierra su petición)`, `(se acaba el plazo para reabrirla)`, `(se contesta su petición)`, `(se le pregunta cómo quedó)`,
 * `(la dependencia pregunta: …)`, `(la dependencia pregunta, sin que se le diga: …)`,
 * `(en CANAL dejó a medias un bache, y le dieron el código CÓDIGO)`, `(en CANAL le dieron el código CÓDIGO)`, `(escribe por un canal donde solo se contesta)`.
 * `(hay un reporte abierto de CATEGORÍA a N metros)`, `(hay un reporte abierto de CATEGORÍA en la misma calle)`, either with `que es suyo`.
 * `(hay un aviso activo de CATEGORÍA en COLONIA por N horas: TEXTO)`.
 * `(las fotos traen la ubicación LATITUD LONGITUD)`.
 * A citizen's line that is indented goes on with the message before it.
 */
export async function play(transcript: string): Promise<string> {
  const lines = transcript.split('\n')
  const talk = newTalk(lines.includes('(ya aceptó el aviso)'))
  const out: string[] = []
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('#') || line.startsWith('(')) {
      out.push(...(line.startsWith('#') ? [line] : ['', line]), ...(await remark(talk, line)))
    } else if (line.startsWith(CITIZEN)) {
      const said = [line, ...continued(lines, at)].map((one) => one.slice(CITIZEN.length)).join('\n')
      const turn = await speak(talk, said)
      out.push('', ...said.split('\n').map((one, index) => (index === 0 ? CITIZEN : INDENT) + one))
      out.push(...turn.replies.flatMap(asBot), ...outcome(talk, turn))
    }
  }
  return `${[...out, '', ...registered(talk)].join('\n').trimEnd()}\n`
}

function continued(lines: readonly string[], at: number): string[] {
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => !line.startsWith(INDENT) || line.startsWith(`${INDENT} `))
  return rest.slice(0, end === -1 ? undefined : end)
}

async function remark(talk: Talk, line: string): Promise<string[]> {
  const hours = /^\(pasan (\d+) horas\)$/.exec(line)?.[1]
  if (hours !== undefined) talk.clock += Number(hours) * 3_600_000
  const name = /^\(se llama (.+)\)$/.exec(line)?.[1]
  if (name !== undefined) talk.state = { ...talk.state, profileName: name }
  if (line === '(escribe por un canal donde solo se contesta)') talk.memory.soloContesta = true
  const estado = ESTADOS_DICHOS[line]
  const [ultima] = talk.memory.registradas.slice(-1)
  if (line === '(se acaba el plazo para reabrirla)' && ultima) talk.memory.vencidas.add(ultima.vista.folio)
  if (estado && ultima) pasar(ultima, estado, settings.mensajes)
  const pregunta = /^\(la dependencia pregunta(, sin que se le diga)?: (.+)\)$/.exec(line)
  if (pregunta?.[2] && ultima) {
    talk.memory.preguntas.set(ultima.vista.folio, pregunta[2])
    return pregunta[1] ? [] : propuesta(talk, 'contestar', ultima.vista.folio)
  }
  if (line === '(se le pregunta cómo quedó)' && ultima) return propuesta(talk, 'encuesta', ultima.vista.folio)
  const code = /^\(en (\w+) (dejó a medias un bache, y )?le dieron el código (\S+)\)$/.exec(line)
  if (code?.[1] && code[3])
    talk.memory.codigos.set(code[3].replace('-', ''), { canal: code[1], ...(code[2] && { answers: BACHE_A_MEDIAS }) })
  dichoPorOtros(talk, line)
  if (line !== '(una persona le contesta y la devuelve)') return []
  const turn = await talk.conversations.returnToBot(talk.state, talk.services)
  talk.state = turn.conversation
  return turn.replies.flatMap(asBot)
}

const ESTADOS_DICHOS: Readonly<Record<string, Estado>> = {
  '(se cierra su petición)': 'VALIDADO',
  '(se contesta su petición)': 'CONCLUIDO',
}

/** A question of ours; nothing when they are in the middle of something. */
async function propuesta(talk: Talk, flow: string, folio: string): Promise<string[]> {
  const turn = await talk.conversations.propose(talk.state, { to: 'flow', flow, answers: { folio } }, talk.services)
  if (!turn) return ['[no se le pregunta ahora]']
  talk.state = turn.conversation
  return turn.replies.flatMap(asBot)
}

/** What others reported, and what staff published. */
function dichoPorOtros(talk: Talk, line: string): void {
  const taken = /^\(las fotos traen la ubicación (\S+) (\S+)\)$/.exec(line)
  if (taken) talk.memory.lugarDeFotos = { latitud: Number(taken[1]), longitud: Number(taken[2]) }
  const near = /^\(hay un reporte abierto de (\w+) (?:a (\d+) metros|en la misma calle)( que es suyo)?\)$/.exec(line)
  if (near?.[1]) talk.memory.cercanas.push(reporteCercano(talk, near[1], near[2], near[3] !== undefined))
  const known = /^\(hay un aviso activo de (\w+)(?: en ([^:]+))? por (\d+) horas: (.+)\)$/.exec(line)
  if (known?.[1] && known[4]) {
    const hasta = new Date(talk.clock + Number(known[3]) * 3_600_000)
    const aviso = { id: talk.memory.avisosActivos.length + 1, texto: known[4], hasta }
    talk.memory.avisosActivos.push({ categoria: known[1], ...(known[2] && { colonia: known[2] }), aviso })
  }
}

/** One of others' reports, made two days ago and followed by three. */
function reporteCercano(talk: Talk, categoria: string, metros: string | undefined, propia: boolean) {
  const asunto = talk.services.categorias().find(({ id }) => id === categoria)?.nombre ?? categoria
  const folio = formatFolio({ prefijo: 'UAC', anio: 2026, secuencia: 3801 + talk.memory.cercanas.length })
  const registradaEl = new Date(talk.clock - 2 * 86_400_000)
  const estadoTexto = settings.mensajes.text('estados.PROCESO')
  const una = { folio, asunto, estado: 'PROCESO' as const, estadoTexto, registradaEl, vecinos: 3, propia }
  return { categoria, una: { ...una, ...(metros !== undefined && { metros: Number(metros) }) } }
}

const asBot = (reply: Parameters<typeof show>[0]) =>
  show(reply)
    .split('\n')
    .map((line, index) => (index === 0 ? 'bot: ' : '     ') + line)

function outcome(talk: Talk, turn: { severSince?: Date; redact?: boolean; replies: unknown[] }): string[] {
  return [
    ...(turn.replies.length === 0 ? ['[el asistente calla]'] : []),
    ...(talk.state.mode === 'human' ? ['[atiende una persona]'] : []),
    ...(turn.severSince ? [`[se borra lo dicho desde ${turn.severSince.toISOString()}]`] : []),
    ...(turn.redact ? ['[se borra este mensaje]'] : []),
  ]
}

/** What was handed in, so that a reader sees what became of the talk. */
const registered = ({ memory, state }: Talk): string[] => [
  ...memory.registradas.map(({ borrador }) => `registrado: ${JSON.stringify(borrador)}`),
  ...memory.hechos.map((hecho) => `hecho: ${JSON.stringify(hecho)}`),
  ...memory.sumadas.map((folio) => `se sumó a: ${folio}`),
  ...memory.avisarAlTerminar.map((id) => `se le avisa cuando termine el aviso ${id}`),
  ...memory.arco.map((descripcion) => `derechos ARCO: ${descripcion}`),
  ...state.drafts.map(({ flow, answers }) => `queda a medias: ${flow} ${JSON.stringify({ ...answers, _: undefined })}`),
]
