/** What a citizen may read about where the municipality ends, with the placeholders of each text. */
export const TEXTOS_DE_LIMITES = {
  fuera: {
    vecino: ['vecino!', 'municipio', 'a_quien'],
    lejos: ['municipio!'],
    orientado: ['vecino!'],
    orientado_lejos: [],
    otro_lugar: [],
  },
  foto: { lugar: [] },
  punto: { colonia: ['colonia!'], cual: [] },
} as const satisfies Record<string, Record<string, readonly string[]>>

/** The labels of its options. */
export const OPCIONES_DE_LIMITES = {
  usar_lugar_de_foto: [],
  otro_lugar: [],
  si_es_aqui: ['municipio!'],
  no_reportarlo: [],
  ninguna_colonia: [],
} as const satisfies Record<string, readonly string[]>
