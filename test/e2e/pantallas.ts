import {
  abrir,
  abrirPeticion,
  alMapa,
  alPaso,
  anotarVarias,
  aPersona,
  aSala,
  aUnir,
  aVarias,
  conAtajo,
  descargar,
  deshacerVarias,
  desplegar,
  marcar,
  type Paso,
  registrar,
  verQr,
} from './pantallas-pasos.ts'

/** Who looks: the part of their e-mail before the @ in the demo; null is who has not logged in. */
export type Quien = null | 'admin' | 'validador' | 'capturista' | 'comunicacion' | 'titular.op' | 'enlace.ssp'

/** One page of which pictures are taken. */
export interface Pantalla {
  /** Of its files in docs/img. */
  nombre: string
  /** What the contact sheet says under it. */
  titulo: string
  quien: Quien
  /** Where it begins. */
  en: string
  /** What is done there before the picture is taken. */
  hasta?: Paso
  /** The route of the page where that ends, where it is another one. */
  ruta?: string
  /** What the server answers, where it is no 200. */
  estado?: number
}

const publicas: Pantalla[] = [
  { nombre: 'consulta', titulo: 'Consultar un folio', quien: null, en: '/folio' },
  { nombre: 'privacidad-publica', titulo: 'Aviso de privacidad', quien: null, en: '/privacidad' },
  { nombre: 'entrar', titulo: 'Entrar', quien: null, en: '/admin/login' },
  { nombre: 'olvido', titulo: 'Olvidé mi contraseña', quien: null, en: '/admin/olvido' },
  {
    nombre: 'acceso-vencido',
    titulo: 'Un vínculo que ya no sirve',
    quien: null,
    en: '/admin/acceso/vencido',
    ruta: '/admin/acceso/:token',
    estado: 404,
  },
]

const enlace: Pantalla[] = (
  [
    ['bandeja', 'Bandeja', '/admin?estado=PROCESO'],
    ['bandeja-filtro', 'Bandeja con un filtro', '/admin?situacion=pendientes', desplegar('Filtrar')],
    ['bandeja-mapa', 'Bandeja en el mapa', '/admin?situacion=pendientes&vista=mapa', alMapa],
    ['bandeja-elegidas', 'Varias a la vez', '/admin?situacion=pendientes', marcar],
    ['detalle', 'Petición', '/admin?estado=PROCESO', abrirPeticion, '/admin/peticiones/:folio'],
    ['detalle-paso', 'El siguiente paso', '/admin?estado=PROCESO', alPaso, '/admin/peticiones/:folio'],
    ['lote-nuevo', 'Varias a la vez: qué se les hace', '/admin?estado=PROCESO', aVarias, '/admin/lotes/nuevo'],
    ['lote', 'Varias a la vez: hecho', '/admin?estado=PROCESO', anotarVarias, '/admin/lotes/:id'],
    ['lote-deshecho', 'Varias a la vez: deshecho', '/admin?estado=PROCESO', deshacerVarias, '/admin/lotes/:id'],
    ['avisos', 'Avisos (campana)', '/admin/avisos'],
    ['no-enterados', 'No enterados', '/admin/no-enterados'],
    ['exportar', 'Exportar', '/admin/exportar?situacion=pendientes'],
    ['exportacion', 'Exportar: el avance', '/admin/exportar?situacion=pendientes', descargar, '/admin/exportar/:id'],
    ['ir', 'Ir a… (Ctrl+K)', '/admin', conAtajo('Control+k')],
    ['atajos', 'Atajos del teclado (?)', '/admin', conAtajo('?')],
    ['cuenta', 'Mi cuenta', '/admin/cuenta'],
    ['cuenta-avisos', 'Cómo me entero', '/admin/cuenta/avisos'],
    ['sesiones', 'Dónde tengo sesión', '/admin/cuenta/sesiones'],
    ['no-esta', 'Lo que no está', '/admin/peticiones/UAC-26-999999-9', undefined, '/admin/peticiones/:folio', 404],
    ['sin-permiso', 'Lo que no se puede', '/admin/usuarios', undefined, '/admin/usuarios', 403],
  ] as const
).map(fila('enlace.ssp'))

const capturista: Pantalla[] = (
  [
    ['captura', 'Capturar: el asunto', '/admin/captura'],
    ['captura-forma', 'Capturar: el formulario', '/admin/captura?categoria=ALUMBRADO&medio=presencial'],
    ['captura-requisitos', 'Capturar con requisitos', '/admin/captura?categoria=APOYO_SOCIAL&medio=presencial'],
    [
      'capturada',
      'Quedó registrada',
      '/admin/captura?categoria=ALUMBRADO&medio=presencial',
      registrar,
      '/admin/captura/:folio',
    ],
    ['borradores', 'Borradores', '/admin/borradores'],
    ['turnos', 'Turnos', '/admin/turnos'],
    ['pantallas', 'Pantallas de sala', '/admin/turnos/pantallas'],
    ['sala', 'La pantalla de la sala de espera', '/admin/turnos/pantallas', aSala, '/admin/sala/:token'],
    ['conversaciones', 'Conversaciones', '/admin/conversaciones'],
    [
      'conversacion',
      'Una conversación',
      '/admin/conversaciones',
      abrir('a[href^="/admin/conversaciones/"]'),
      '/admin/conversaciones/:id',
    ],
    ['persona', 'Una persona', '/admin?estado=PROCESO', aPersona, '/admin/ciudadanos/:id'],
    ['avisos-activos', 'Avisos activos', '/admin/avisos-activos'],
  ] as const
).map(fila('capturista'))

const comunicacion: Pantalla[] = (
  [
    ['redes', 'Redes', '/admin/redes'],
    ['redes-comentario', 'Un comentario', '/admin/redes', abrir('a[href^="/admin/redes/"]'), '/admin/redes/:id'],
    ['canales', 'Canales', '/admin/canales'],
  ] as const
).map(fila('comunicacion'))

const validador: Pantalla[] = (
  [
    ['validacion', 'Validación', '/admin/validacion'],
    ['muestras', 'Muestras', '/admin/validacion/muestras'],
    [
      'muestra',
      'Una muestra',
      '/admin/validacion/muestras',
      abrir('a[href^="/admin/validacion/muestras/"]'),
      '/admin/validacion/muestras/:id',
    ],
    ['repuntes', 'Repuntes', '/admin/repuntes'],
    ['por-canalizar', 'Por canalizar', '/admin?estado=REGISTRADO', alPaso, '/admin/peticiones/:folio'],
    ['respuestas', 'Respuestas', '/admin/respuestas'],
    [
      'respuesta',
      'Una respuesta guardada',
      '/admin/respuestas',
      abrir('a[href^="/admin/respuestas/"]'),
      '/admin/respuestas/:id',
    ],
    ['persona-unir', '¿Son la misma persona?', '/admin?estado=PROCESO', aUnir, '/admin/ciudadanos/:id/unir'],
    ['pendientes', 'Pendientes', '/admin/pendientes'],
    ['cuadre', 'Cuadre del día', '/admin/cuadre'],
    ['privacidad', 'Privacidad', '/admin/privacidad'],
    [
      'privacidad-solicitud',
      'Una solicitud ARCO',
      '/admin/privacidad',
      abrir('a[href^="/admin/privacidad/"]'),
      '/admin/privacidad/:folio',
    ],
  ] as const
).map(fila('validador'))

const titular: Pantalla[] = (
  [
    ['tablero', 'Tablero', `/admin/tablero?${noventaDias()}`],
    ['tablero-lista', 'Lo vencido, desde el tablero', '/admin?situacion=vencidas'],
  ] as const
).map(fila('titular.op'))

const UN_CANAL = '/admin/canales/:canal/:cuenta'

const administrador: Pantalla[] = (
  [
    ['usuarios', 'Usuarios', '/admin/usuarios'],
    [
      'usuario',
      'Un usuario',
      '/admin/usuarios',
      abrir('a[href^="/admin/usuarios/"]:not([href$=nuevo])'),
      '/admin/usuarios/:id',
    ],
    ['usuario-nuevo', 'Invitar a alguien', '/admin/usuarios/nuevo'],
    ['segundo-paso', 'Segundo paso', '/admin/cuenta/segundo-paso'],
    ['configuracion', 'Configuración', '/admin/configuracion'],
    [
      'configuracion-lista',
      'Asuntos',
      '/admin/configuracion/listas/asuntos',
      undefined,
      '/admin/configuracion/listas/:lista',
    ],
    [
      'configuracion-ficha',
      'Un asunto',
      '/admin/configuracion/listas/asuntos/AGUA_FUGA',
      undefined,
      '/admin/configuracion/listas/:lista/:llave',
    ],
    ['configuracion-dias', 'Días inhábiles', '/admin/configuracion/dias'],
    ['configuracion-reglas', 'Reglas de canalización', '/admin/configuracion/reglas'],
    ['configuracion-textos', 'Textos', '/admin/configuracion/textos'],
    [
      'configuracion-texto',
      'Un texto',
      '/admin/configuracion/textos',
      abrir('a[href*="/configuracion/textos/"]'),
      '/admin/configuracion/textos/:documento/:seccion/:nombre',
    ],
    ['configuracion-documentos', 'Archivos completos', '/admin/configuracion/documentos'],
    ['configuracion-borrador', 'Revisar y publicar', '/admin/configuracion/borrador'],
    [
      'configuracion-publicacion',
      'Una publicación',
      '/admin/configuracion',
      abrir('a[href*="/publicaciones/"]'),
      '/admin/configuracion/publicaciones/:id',
    ],
    ['canal', 'Un canal', '/admin/canales', abrir('a[href^="/admin/canales/"]'), UN_CANAL],
    ['canal-qr', 'Vincular WhatsApp por QR', '/admin/canales/whatsapp/default', verQr, UN_CANAL],
    ['bitacora', 'Bitácora', '/admin/auditoria'],
  ] as const
).map(fila('admin'))

/** The last ninety days, as the board's address says them. */
function noventaDias(): string {
  const [del, al] = [89, 0].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10))
  return `del=${del}&al=${al}`
}

type Fila = readonly [
  nombre: string,
  titulo: string,
  en: string,
  hasta?: Paso | undefined,
  ruta?: string,
  estado?: number,
]

function fila(quien: Quien): (uno: Fila) => Pantalla {
  return ([nombre, titulo, en, hasta, ruta, estado]) => ({
    nombre,
    titulo,
    quien,
    en,
    ...(hasta && { hasta }),
    ...(ruta && { ruta }),
    ...(estado && { estado }),
  })
}

/** Every page, in the order in which the contact sheet shows it. */
export const PANTALLAS: readonly { parte: string; pantallas: readonly Pantalla[] }[] = [
  { parte: 'Lo que ve la ciudadanía', pantallas: publicas },
  { parte: 'Enlace (y lo que tienen todos)', pantallas: enlace },
  { parte: 'Captura', pantallas: capturista },
  { parte: 'Comunicación Social', pantallas: comunicacion },
  { parte: 'Validación', pantallas: validador },
  { parte: 'Titular', pantallas: titular },
  { parte: 'Administración', pantallas: administrador },
]
