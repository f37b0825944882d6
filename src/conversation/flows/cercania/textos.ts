/** What a citizen may read about what others reported already, with the placeholders of each text. */
export const TEXTOS_DE_CERCANIA = {
  cerca: {
    una_metros: ['asunto!', 'metros!', 'fecha!', 'estado!'],
    una_calle: ['asunto!', 'fecha!', 'estado!'],
    propia: ['asunto!', 'folio!', 'estado!'],
    varias: ['asunto!', 'cuantas'],
    opcion_metros: ['metros!', 'fecha!'],
    opcion_calle: ['fecha!'],
    opcion_propia: ['fecha!'],
    sumado: ['folio!', 'vecinos!'],
    sumado_con_avisos: ['folio!', 'vecinos!'],
    ya_era_suyo: ['folio!'],
    ya_no: [],
  },
  sumados: {
    novedad: ['asunto', 'folio!', 'estado!'],
    resuelto: ['asunto', 'folio!'],
    no_resuelto: ['asunto', 'folio!'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>

/** The labels of its options. */
export const OPCIONES_DE_CERCANIA = {
  sumarme: [],
  es_la_mia: [],
  es_otro_problema: [],
} as const satisfies Record<string, readonly string[]>
