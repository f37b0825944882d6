import type { Campo } from './campos.ts'

/** A list of the configuration whose entries are edited one by one. */
export interface Lista {
  documento: 'catalogo' | 'municipio'
  /** The list in the document. */
  nombre: string
  campos: readonly Campo[]
  /** A new entry before its form is read. */
  base: Readonly<Record<string, string | number | string[] | Record<string, string>>>
  /** An entry in use is closed by this field and not taken away. */
  seCierra?: 'cerrada'
  /** The list of whose entries it is a part; its place in the address is then `ENTRY|entry`. */
  de?: 'asuntos'
  /** Of a part: the field from which a new entry gets its key. */
  llaveDesde?: string
}

const uso = (dato: string): Campo => ({
  ruta: ['datos', dato],
  tipo: 'opcion',
  requerido: true,
  opciones: () => USOS,
})
const USOS = ['requerido', 'opcional', 'no'].map((valor) => ({ valor, texto: valor }))
const opciones =
  (...valores: string[]) =>
  () =>
    valores.map((valor) => ({ valor, texto: valor }))
const codigo: Campo = { ruta: ['codigo'], tipo: 'linea', requerido: true, maximo: 40, soloNueva: true }
const nombre: Campo = { ruta: ['nombre'], tipo: 'linea', requerido: true, maximo: 100 }

const DATOS = ['nombre', 'telefono', 'colonia', 'calle', 'numero', 'referencias', 'email']

/** What is edited one by one in the panel, by its place in the address. */
export const LISTAS: Readonly<Record<string, Lista>> = {
  asuntos: {
    documento: 'catalogo',
    nombre: 'categorias',
    seCierra: 'cerrada',
    // Whoever knows English adds it to catalogo.en.yaml.
    base: { solo_espanol: 'si', palabras: [], datos: Object.fromEntries(DATOS.map((dato) => [dato, 'opcional'])) },
    campos: [
      codigo,
      nombre,
      { ruta: ['grupo'], tipo: 'opcion', requerido: true, opciones: ({ grupos }) => grupos },
      { ruta: ['dependencia'], tipo: 'opcion', requerido: true, opciones: ({ reciben }) => reciben },
      { ruta: ['plazo_dias'], tipo: 'numero', requerido: true, maximo: 365 },
      { ruta: ['prioridad'], tipo: 'opcion', requerido: true, opciones: opciones('baja', 'media', 'alta', 'urgente') },
      { ruta: ['ubicacion'], tipo: 'opcion', requerido: true, opciones: opciones('requerida', 'opcional', 'no') },
      { ruta: ['foto'], tipo: 'opcion', requerido: true, opciones: opciones('recomendada', 'opcional', 'no') },
      { ruta: ['anonima'], tipo: 'si_no' },
      { ruta: ['reservada'], tipo: 'si_no' },
      { ruta: ['interna'], tipo: 'si_no' },
      { ruta: ['frecuente'], tipo: 'si_no' },
      { ruta: ['palabras'], tipo: 'lista' },
      { ruta: ['aviso'], tipo: 'parrafo' },
      { ruta: ['orientacion'], tipo: 'parrafo' },
      { ruta: ['acciones'], tipo: 'lista' },
      ...DATOS.map(uso),
    ],
  },
  preguntas: {
    documento: 'catalogo',
    nombre: 'preguntas',
    de: 'asuntos',
    llaveDesde: 'texto',
    base: {},
    campos: [
      { ruta: ['texto'], tipo: 'parrafo', requerido: true },
      {
        ruta: ['tipo'],
        tipo: 'opcion',
        requerido: true,
        opciones: opciones('opcion', 'texto', 'numero', 'si_no', 'fecha'),
      },
      { ruta: ['opciones'], tipo: 'lista' },
      { ruta: ['obligatoria'], tipo: 'si_no', omision: 'si' },
      { ruta: ['siempre'], tipo: 'si_no' },
      { ruta: ['en', 'texto'], tipo: 'parrafo' },
      { ruta: ['en', 'opciones'], tipo: 'lista' },
    ],
  },
  requisitos: {
    documento: 'catalogo',
    nombre: 'requisitos',
    de: 'asuntos',
    llaveDesde: 'nombre',
    base: {},
    campos: [
      nombre,
      { ruta: ['tipo'], tipo: 'opcion', requerido: true, opciones: opciones('documento', 'dato') },
      { ruta: ['ayuda'], tipo: 'parrafo' },
      { ruta: ['obligatorio'], tipo: 'si_no', omision: 'si' },
      { ruta: ['en', 'nombre'], tipo: 'linea', maximo: 100 },
      { ruta: ['en', 'ayuda'], tipo: 'parrafo' },
    ],
  },
  dependencias: {
    documento: 'catalogo',
    nombre: 'dependencias',
    base: {},
    campos: [
      codigo,
      nombre,
      {
        ruta: ['tipo'],
        tipo: 'opcion',
        requerido: true,
        opciones: opciones('municipal', 'organismo_descentralizado', 'externo'),
      },
      { ruta: ['depende_de'], tipo: 'opcion', opciones: ({ dependencias }) => dependencias },
      { ruta: ['recibe_peticiones'], tipo: 'si_no', omision: 'si' },
      { ruta: ['orientacion'], tipo: 'parrafo' },
    ],
  },
  colonias: {
    documento: 'catalogo',
    nombre: 'colonias',
    base: {},
    campos: [
      { ...nombre, soloNueva: true },
      { ruta: ['cp'], tipo: 'linea', maximo: 5, soloNueva: true },
      { ruta: ['tipo'], tipo: 'linea', maximo: 40 },
      { ruta: ['zona'], tipo: 'linea', maximo: 40 },
      { ruta: ['latitud'], tipo: 'numero', maximo: 90 },
      { ruta: ['longitud'], tipo: 'numero', maximo: 180 },
    ],
  },
}
