import type { Aviso } from '../../workflow/avisos-personales/leer.ts'
import { urlDeCanal } from '../canales/canales-consulta.ts'
import type { Palabras } from '../palabras.ts'

/** A notice in words, and where its object is. */
export interface AvisoDicho {
  texto: string
  /** A path of the panel. */
  href: string
}

/** How a notice is told everywhere: nothing of the citizen, of a reservada no more than its folio. */
export function decirAviso(
  aviso: Aviso,
  palabras: Pick<Palabras, 't'>,
  nombreDeCanal: (canal: string, cuenta: string) => string,
): AvisoDicho {
  const { evento, folio, asunto, conversationId, de } = aviso
  if (folio !== null) {
    const texto = aviso.reservada
      ? palabras.t('aviso_personal.reservada', { folio })
      : palabras.t(`aviso_personal.${evento}`, { folio, asunto: asunto ?? '', de: de ?? '' })
    return { texto, href: `/admin/peticiones/${folio}` }
  }
  if (conversationId !== null)
    return { texto: palabras.t(`aviso_personal.${evento}`), href: `/admin/conversaciones/${conversationId}` }
  const [canal = '', cuenta = ''] = (aviso.cuenta ?? '').split('/')
  return {
    texto: palabras.t(`aviso_personal.${evento}`, { canal: nombreDeCanal(canal, cuenta) }),
    href: urlDeCanal(canal, cuenta),
  }
}
