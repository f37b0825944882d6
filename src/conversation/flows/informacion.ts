import { listaEscrita } from './idioma/fechas.ts'
import type { Contexto, Movida } from './mundo.ts'
import type { CategoriaVista } from './vocabulary.ts'

/** A question is about a subject from this confidence on. */
const SEGURO = 0.4

/** Answers what config/ knows: the town's own answers, what a trámite asks for and takes, hours and telephone. */
export function informar(text: string, contexto: Contexto): Movida | undefined {
  const { mensajes } = contexto
  const comprension = contexto.comprension()
  const respuesta = comprension.respuesta(text)
  if (respuesta !== undefined) return responder([respuesta])
  const [primero] = comprension.asuntos(text)
  const categoria =
    primero && primero.confidence >= SEGURO
      ? contexto.services.categorias().find(({ id }) => id === primero.topic)
      : undefined
  if (categoria?.orientacion) return responder([categoria.orientacion])
  const atencion = mensajes.text('informacion.atencion', { ...contacto(contexto), horario: contexto.horario })
  return responder(categoria ? [...delAsunto(categoria, contexto), atencion] : [atencion])
}

const responder = (say: string[]): Movida => ({ to: 'flow', flow: 'menu', answers: { algoMas: true }, drop: true, say })

const contacto = ({ entorno }: Contexto) => ({
  uac: entorno.uac,
  contacto: [entorno.domicilio, entorno.telefono].filter((one) => one !== '').join(' · '),
})

function delAsunto(
  { nombre, dependencia, plazoDias: dias, requisitos }: CategoriaVista,
  { mensajes }: Contexto,
): string[] {
  const nombres = requisitos.map((one) => one.nombre)
  const lista = listaEscrita(nombres, mensajes.locale)
  return [
    mensajes.text('informacion.asunto', { asunto: nombre, dependencia, dias }),
    lista === '' ? mensajes.text('informacion.sin_requisitos') : mensajes.text('informacion.requisitos', { lista }),
  ]
}
