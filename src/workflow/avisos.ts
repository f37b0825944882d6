import type { Peticion } from './peticion.ts'
import type { Verbo } from './transiciones.ts'

/**
 * Does the citizen hear of it by a notice? A reply is a message itself; returning and noting are the house's own affair;
 * what was registered in the chat got its folio there.
 */
export const CON_AVISO: Record<Verbo, boolean> = {
  registrar: true,
  canalizar: true,
  recanalizar: true,
  devolver: false,
  recibir: true,
  procesar: true,
  concluir: true,
  validar: true,
  rechazar: true,
  reabrir: true,
  orientar: true,
  cancelar: true,
  responder: false,
  anotar: false,
}

/** Must this be told, and is there somewhere to tell it? */
export function debeAvisar(verbo: Verbo, peticion: Pick<Peticion, 'addressId' | 'anonima'>): boolean {
  return CON_AVISO[verbo] && typeof peticion.addressId === 'number' && !peticion.anonima
}
