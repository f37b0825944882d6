import type { Locale } from '../../state.ts'
import { presentarse, saludo } from '../bienvenida.ts'
import { esPalabraGlobal } from '../comandos.ts'
import type { Contexto, Movida } from '../mundo.ts'

/** Goes on in a language: the question that stands is asked again in it, and nothing that was said is lost. */
export function hablarEn(locale: Locale, contexto: Contexto): Movida {
  const { state, answers } = contexto
  const nuevo: Contexto = { ...contexto.enIdioma(locale), state: { ...state, locale }, answers }
  const cambiado = nuevo.mensajes.text('idioma.cambiado')
  const nada = { text: '', files: [], lost: false, sentAt: nuevo.now() }
  if (state.flow !== null) {
    const quienes = state.flow === 'bienvenida' ? [saludo(nuevo)] : []
    return { to: 'again', locale, say: [cambiado, ...quienes] }
  }
  if (state.avisoVersion !== null) return { to: 'flow', flow: 'menu', locale, say: [cambiado] }
  const { say = [], ...primera } = presentarse(nada, nuevo)
  return { ...primera, locale, say: [cambiado, ...say] }
}

/** The language a text was surely written in, when it is another than the conversation's and the text asks for none. */
export function ajeno(text: string, contexto: Contexto): Locale | undefined {
  const locale = contexto.idiomaDe(text)
  return locale === undefined || locale === contexto.state.locale || esPalabraGlobal(text, contexto)
    ? undefined
    : locale
}
