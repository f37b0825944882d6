/** The dependencia that receives whatever has no other. */
export const UAC = 'UAC'
/** What fits no category; UAC classifies it. */
export const CATEGORIA_OTRO = 'OTRO'
/** Requests of access, rectification, cancellation and opposition, opened by the word PRIVACIDAD. */
export const CATEGORIA_ARCO = 'ARCO'
/** What is not the municipality's: the person is told whom to ask. */
export const CATEGORIA_FUERA = 'FUERA_COMP'
