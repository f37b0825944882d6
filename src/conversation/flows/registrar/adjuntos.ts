import type { Answer, AnswerFile } from '../../answer.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos, categoriaDe, exigencia } from './campos.ts'
import { leerTelefono } from './contacto.ts'
import { camposDeUbicacion } from './lugar.ts'

/** The most pictures a petition takes from a chat, and the most files in all. */
export const FOTOS = 5
const ARCHIVOS = 10

const esVista = ({ kind }: AnswerFile) => kind === 'image' || kind === 'video'
const esVoz = ({ kind }: AnswerFile) => kind === 'voice' || kind === 'audio'

/** The files of the petition with these added, as many as it takes. */
export function conArchivos(antes: readonly AnswerFile[], nuevos: readonly AnswerFile[]) {
  const todos = [...antes, ...nuevos]
  const adjuntos = todos.filter((one, index) => !esVista(one) || todos.slice(0, index).filter(esVista).length < FOTOS)
  return {
    adjuntos: adjuntos.slice(0, ARCHIVOS),
    sobraron: adjuntos.length < todos.length || adjuntos.length > ARCHIVOS,
  }
}

const seFueron = (contexto: Contexto, sobraron: boolean) =>
  sobraron ? [contexto.mensajes.text('registrar.fotos_lleno', { maximo: FOTOS })] : []

/** What came beside the answer and belongs to the petition: files, the place, a telephone. */
export function absorber(answer: Answer, contexto: Contexto): Movida | undefined {
  if (answer.files.length > 0) return absorberArchivos(answer, contexto)
  if (answer.location) {
    return {
      to: 'again',
      set: camposDeUbicacion(answer, contexto),
      say: [contexto.mensajes.text('registrar.lugar_anotado')],
    }
  }
  const telefono = answer.contact && leerTelefono(answer.contact.phone)
  const cabe = exigencia(contexto, 'telefono') !== 'no' && campos(contexto).anonima !== true
  if (!telefono || !answer.contact?.own || !cabe) return undefined
  return { to: 'again', set: { telefono }, say: [contexto.mensajes.text('registrar.telefono_anotado')] }
}

function absorberArchivos(answer: Answer, contexto: Contexto): Movida {
  const { adjuntos: antes = [], llego } = campos(contexto)
  const { adjuntos, sobraron } = conArchivos(antes, answer.files)
  const porContar = contexto.state.step === 'asunto' || contexto.state.step === 'descripcion'
  // A voice note is never refused, but somebody must be able to read what it is about.
  const voz = llego === 'voz' || answer.files.some(esVoz)
  // The question itself says that it came, but only for the first.
  const dicho = porContar && (llego === undefined || answer.files.some(esVoz))
  const recibido = dicho || sobraron ? [] : [contexto.mensajes.text('registrar.archivo_recibido')]
  return {
    to: 'again',
    set: { adjuntos, ...camposDeUbicacion(answer, contexto), ...(porContar && { llego: voz ? 'voz' : 'archivo' }) },
    say: [...seFueron(contexto, sobraron), ...recibido],
  }
}

/** Pictures, until LISTO; those that came before suffice. */
export const fotos: Paso = {
  id: 'fotos',
  label: ({ mensajes }) => mensajes.text('campo.fotos'),
  takes: ['media'],
  when: (contexto) => (categoriaDe(contexto)?.foto ?? 'no') !== 'no',
  filled: (contexto) => {
    const { fotosListas, fotosPedidas, rapida, adjuntos = [] } = campos(contexto)
    return (
      fotosListas === true ||
      (rapida === true && fotosPedidas === undefined) ||
      (fotosPedidas === undefined && adjuntos.some(esVista))
    )
  },
  ask: (contexto) => {
    const { mensajes } = contexto
    const cuantas = (campos(contexto).adjuntos ?? []).filter(esVista).length
    const recomendada = categoriaDe(contexto)?.foto === 'recomendada'
    const listo = [...mensajes.words('listo'), ...mensajes.words('omitir'), ...mensajes.words('no')]
    if (cuantas > 0) {
      const clave = campos(contexto).fotosListas ? 'registrar.fotos_mas' : 'registrar.foto_recibida'
      return {
        text: mensajes.text(clave, { cuantas, maximo: FOTOS }),
        options: [opcion(mensajes, 'listo', listo), opcion(mensajes, 'quitar_fotos')],
      }
    }
    return {
      text: mensajes.text(recomendada ? 'registrar.fotos_recomendada' : 'registrar.fotos', { maximo: FOTOS }),
      options: [opcion(mensajes, 'sin_fotos', [...listo, ...mensajes.words('sin_fotos')])],
    }
  },
  read: ({ option, files, text }, contexto) => {
    if (option === 'quitar_fotos') return { to: 'again', set: { adjuntos: undefined, fotosListas: undefined } }
    if (option !== undefined) return { to: 'next', set: { fotosListas: true } }
    if (files.length === 0) return { to: 'miss' }
    const { adjuntos: antes = [], descripcion } = campos(contexto)
    const { adjuntos, sobraron } = conArchivos(antes, files)
    const llenas = adjuntos.filter(esVista).length >= FOTOS
    const pie = text && descripcion ? { descripcion: `${descripcion}. ${text}` } : {}
    return {
      to: llenas ? 'next' : 'again',
      set: { adjuntos, fotosPedidas: true, ...(llenas && { fotosListas: true }), ...pie },
      say: seFueron(contexto, sobraron),
    }
  },
}
