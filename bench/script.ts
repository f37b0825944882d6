/** What a citizen does: says words, or presses an option by its id. */
export type Doing = { text: string } | { press: string }

/** Before the first petition. */
const HELLO: Doing[] = [{ text: '/start' }, { press: 'aviso/acepto' }]

/** Colonias of the shipped catalogue. */
const COLONIAS = [
  'Miramar',
  'Nuevo Tampico',
  'Guadalupe Cervantes',
  'Colinas de Altamira',
  'Los Olivos',
  'Las Haciendas',
  'San Jacinto',
]

/** One petition, from the menu to the folio, as the shipped flows and catalogue ask it: each citizen's at another place, or it would be one that is known. */
const petition = (citizen: number): Doing[] => [
  { press: 'opcion/reportar' },
  { text: 'Hay una fuga de agua en la calle desde la mañana' },
  { text: COLONIAS[citizen % COLONIAS.length] ?? '' },
  { text: `Calle ${citizen} número 12 entre Juárez y Morelos` },
  { press: 'fotos/sin_fotos' },
  { press: 'pregunta:lugar_fuga/0' },
  { press: 'pregunta:cantidad/0' },
  { press: 'pregunta:desde_cuando/0' },
  { press: 'pregunta:sin_servicio/no' },
  { press: 'resumen/registrar' },
]

/** Messages of one citizen who registers one petition. */
export const scriptOf = (citizen: number): readonly Doing[] => [...HELLO, ...petition(citizen)]

/** How many messages that is. */
export const LENGTH = scriptOf(0).length
