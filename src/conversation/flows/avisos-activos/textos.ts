/** What a citizen may read of what staff published, with the placeholders of each text. */
export const TEXTOS_DE_AVISOS_ACTIVOS = {
  aviso_activo: {
    hay: ['texto!', 'hasta!'],
    ya_no: [],
    hoy: ['hora!'],
    otro_dia: ['fecha!', 'hora!'],
    sumado: [],
    enterado: [],
    termino: ['texto!'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>

/** The labels of its options. */
export const OPCIONES_DE_AVISOS_ACTIVOS = {
  avisarme: [],
  con_eso_basta: [],
  reportar_de_todos_modos: [],
} as const satisfies Record<string, readonly string[]>
