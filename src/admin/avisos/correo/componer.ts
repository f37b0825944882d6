import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Mail } from '../../../runtime/mail.ts'
import type { Aviso } from '../../../workflow/avisos-personales/leer.ts'
import type { Municipio } from '../../../workflow/catalogo/municipio.ts'
import type { Persona } from '../../../workflow/personal.ts'
import { nombresDeCanal } from '../../canales/canales.ts'
import type { Palabras } from '../../palabras.ts'
import { decirAviso } from '../decir-aviso.ts'

/** What an e-mail is written with. */
export interface ComposicionDeps {
  municipio: Municipio
  /** Without a slash at the end. */
  publicUrl: string
  palabras: Palabras
}

/** An e-mail without its id. */
export type Carta = Omit<Mail, 'id'>

const eta = new Eta({ views: fileURLToPath(new URL('../../views', import.meta.url)), cache: true })

/** The notices as an e-mail: folio, subject and link, nothing of the citizen. */
export function cartaDeAvisos(
  persona: Persona,
  avisos: Aviso[],
  clase: 'aviso' | 'resumen',
  deps: ComposicionDeps,
): Carta {
  const { palabras, publicUrl } = deps
  const renglones = avisos.map((aviso) => {
    const { texto, href } = decirAviso(aviso, palabras, nombresDeCanal(deps))
    return { texto, href: `${publicUrl}${href}` }
  })
  const [first] = renglones
  const asunto =
    clase === 'aviso' && first && renglones.length === 1 ? first.texto : palabras.n(`correo.${clase}`, renglones.length)
  return carta(persona, asunto, renglones, deps)
}

/** An e-mail of these lines, each with its link, as text and as simple HTML. */
export function carta(
  persona: Pick<Persona, 'nombre' | 'email'>,
  asunto: string,
  renglones: { texto: string; href?: string }[],
  { municipio, publicUrl, palabras }: ComposicionDeps,
): Carta {
  const saludo = palabras.t('correo.saludo', { nombre: persona.nombre })
  const pie = palabras.t('correo.pie', { municipio: municipio.municipio.nombre })
  const ajustes = `${publicUrl}/admin/cuenta/avisos`
  const lines = renglones.flatMap(({ texto, href }) => [texto, ...(href ? [href] : []), ''])
  const cambiar = palabras.t('correo.cambiar')
  return {
    to: { name: persona.nombre, address: persona.email },
    subject: palabras.t('correo.asunto', { asunto }),
    text: [saludo, '', ...lines, pie, `${cambiar} ${ajustes}`, ''].join('\n'),
    html: eta.render('correo', {
      saludo,
      renglones,
      pie,
      cambiar,
      ajustes,
      titulo: asunto,
      ver: palabras.t('correo.ver'),
    }),
  }
}
