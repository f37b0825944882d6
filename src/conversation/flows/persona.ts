import { DateTime } from 'luxon'
import type { Answer } from '../answer.ts'
import { saysOnly } from '../words.ts'
import { fechaEscrita } from './idioma/fechas.ts'
import type { Contexto, Movida } from './mundo.ts'
import type { Atencion } from './vocabulary.ts'

/** When they will be answered: now, today, tomorrow, or on which day. */
export function avisoDePersona(atencion: Atencion, contexto: Contexto): string {
  const { mensajes, horario } = contexto
  if (atencion.abierto) return mensajes.text('persona.aviso', { horario })
  return mensajes.text('persona.aviso_cerrado', { horario, cuando: cuando(atencion, contexto) })
}

function cuando({ fecha, faltan }: Extract<Atencion, { abierto: false }>, { mensajes }: Contexto): string {
  if (faltan === 0) return mensajes.text('persona.hoy')
  if (faltan === 1) return mensajes.text('persona.manana')
  const dia = fechaEscrita(DateTime.fromISO(fecha, { zone: 'utc' }), 'dia_de_semana', mensajes.locale)
  return mensajes.text('persona.dia', { dia })
}

/**
 * What the assistant does with what is written while a person is awaited: nothing, but for who wants it back (MENÚ), and for who writes
 * first while nobody attends. Never once somebody of the staff took the conversation or wrote in it.
 */
export async function mientrasEspera({ text }: Answer, contexto: Contexto): Promise<Movida | undefined> {
  const { mensajes, palabras, services } = contexto
  const relleno = mensajes.words('relleno')
  const vuelve = saysOnly(text, palabras.menu, relleno) && !saysOnly(text, mensajes.words('saludos'), relleno)
  if (vuelve && (await services.esperaSola()))
    return { to: 'flow', flow: 'menu', say: [mensajes.text('persona.de_vuelta')] }
  const atencion = await services.avisoDeEspera()
  if (!atencion || atencion.abierto) return undefined
  return { to: 'stay', say: [mensajes.text('persona.espera', { cuando: cuando(atencion, contexto) })] }
}
