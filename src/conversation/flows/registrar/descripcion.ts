import { saysOnly } from '../../words.ts'
import { sinInsultos } from '../insultos.ts'
import type { Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos, categoriaDe, DESCRIPCION, diceBastante } from './campos.ts'
import { sinQueSeSepa } from './temor.ts'

/** In the citizen's own words; what they said first may have been enough. */
export const descripcion: Paso = {
  id: 'descripcion',
  label: ({ mensajes }) => mensajes.text('campo.descripcion'),
  freeText: true,
  story: true,
  when: (contexto) => (categoriaDe(contexto)?.descripcion ?? 'requerida') !== 'no',
  filled: (contexto) => {
    const { descripcion, asunto } = campos(contexto)
    return descripcion !== undefined || (categoriaDe(contexto)?.descripcion === 'opcional' && asunto !== undefined)
  },
  ask: (contexto) => {
    const { mensajes } = contexto
    const { llego } = campos(contexto)
    if (llego) return { text: mensajes.text(llego === 'voz' ? 'registrar.voz_guardada' : 'registrar.archivo_guardado') }
    if (categoriaDe(contexto)?.descripcion !== 'opcional') return { text: mensajes.text('registrar.descripcion') }
    return {
      text: mensajes.text('registrar.descripcion_opcional'),
      options: [opcion(mensajes, 'omitir', [...mensajes.words('omitir'), ...mensajes.words('no')])],
    }
  },
  read: ({ option, text }, contexto) => {
    const { mensajes } = contexto
    const { asunto, descripcion: antes } = campos(contexto)
    if (option === 'omitir') return { to: 'next', set: { descripcion: antes ?? '' } }
    const nada = [
      ...mensajes.words('omitir'),
      ...mensajes.words('no'),
      ...mensajes.words('si'),
      ...mensajes.words('listo'),
    ]
    if (!/\p{L}{2}/u.test(text) || saysOnly(text, nada))
      return { to: 'miss', because: mensajes.text('registrar.descripcion_corta') }
    if (text.length > DESCRIPCION)
      return { to: 'miss', because: mensajes.text('general.demasiado_largo', { maximo: DESCRIPCION }) }
    const sola = antes !== undefined || asunto === undefined || diceBastante(asunto)
    const teme = contexto.comprension().comprender(text).anonima ? sinQueSeSepa(contexto) : {}
    const dicho = sinInsultos(text, mensajes)
    const set = { descripcion: sola ? dicho : `${asunto}. ${dicho}`, llego: undefined, ...teme.set }
    return { ...teme, to: 'next', set }
  },
}
