/** What people send, with its name in docs/conformidad.md. */
export const INPUTS = {
  text: 'Texto',
  image: 'Foto',
  album: 'Varias fotos juntas',
  voice: 'Nota de voz',
  audio: 'Audio',
  video: 'Video',
  document: 'Documento',
  sticker: 'Calcomanía',
  location: 'Ubicación',
  venue: 'Lugar con nombre',
  contact: 'Contacto o teléfono',
  press: 'Botón o respuesta rápida',
  reply: 'Respuesta a un mensaje',
  edit: 'Mensaje corregido',
  delete: 'Mensaje borrado',
  reaction: 'Reacción',
  start: 'Inicio o referencia',
  blocked: 'Bloqueo y desbloqueo',
  person: 'Una persona contesta fuera del panel, o devuelve la plática',
  receipt: 'Entregado, leído o fallido',
  batch: 'Varios sucesos en un solo envío',
  unknown: 'Clase desconocida o ilegible',
  nobody: 'De nadie a quien contestar',
} as const

export type InputKind = keyof typeof INPUTS

/** What we say. */
export const OUTPUTS = {
  text: 'Texto con acentos y emoji',
  long: 'Texto largo, partido',
  buttons: 'Pocas opciones cortas',
  menu: 'Muchas opciones largas',
  caption: 'Foto con texto',
  document: 'Documento con texto',
  voice: 'Nota de voz con texto',
  reply: 'Respuesta a un mensaje',
  place: 'Pedir la ubicación',
  telephone: 'Pedir el teléfono',
  link: 'Enlace',
  notice: 'Aviso fuera de la ventana, por plantilla',
  staff: 'Lo escrito por una persona, fuera de la ventana',
} as const

export type OutputKind = keyof typeof OUTPUTS

/** What goes wrong, coming in. */
export const ABUSES = {
  malformed: 'Mal formado: se rechaza sin guardar nada',
  unsigned: 'Sin firma o con otra: se rechaza sin guardar nada',
  oversize: 'Demasiado grande: se rechaza sin guardar nada',
  duplicated: 'Repetido, también a la vez: se guarda una vez',
  disordered: 'Fuera de orden: se guarda todo, cada cosa con su hora',
  databaseAway: 'Sin base de datos: no se confirma, y al volver se guarda una vez',
} as const

export type AbuseKind = keyof typeof ABUSES

/** What goes wrong, going out. */
export const FAILURES = {
  throttled: 'Demasiado rápido',
  blocked: 'La persona nos bloqueó',
  refused: 'Mensaje rechazado',
  unauthorized: 'Credenciales rechazadas',
  unavailable: 'Plataforma caída',
  outsideWindow: 'Fuera de la ventana, dicho por la plataforma',
  lost: 'Sin respuesta después de enviar',
  expired: 'Archivo vencido',
} as const

export type FailureKind = keyof typeof FAILURES
