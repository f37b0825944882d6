import type { Explored } from './explore.ts'
import { flowOf, pictureOf } from './picture.ts'

/** What each conversation is for; the ones without an entry are told by their name alone. */
const DE_QUE_TRATA: Readonly<Record<string, string>> = {
  bienvenida: 'El aviso de privacidad, antes del primer dato.',
  menu: 'Donde todo empieza y termina.',
  registrar: 'De «hay un bache» al folio.',
  consultar: 'Cómo va un folio.',
  privacidad: 'Solicitudes sobre datos personales (derechos ARCO).',
  emergencia: 'Primero el 911; después, si quiere, el folio.',
  retomar: 'Lo que quedó a medias.',
  cancelar: 'Antes de borrar lo dicho, se pregunta.',
  otra_cosa: 'El segundo problema que se contó en el mismo mensaje.',
  llevar: 'Un código para seguir en otra cuenta.',
  traer: 'Lo que se trae de otra cuenta con un código.',
  avisos: 'Si quiere que se le avise por aquí.',
  seguimiento: 'Lo que puede hacer con un folio suyo.',
  encuesta: 'Cómo quedó lo que se cerró.',
  reabrir: 'Cuál de varias peticiones cerradas se abre de nuevo, y qué hacer cuando ya es tarde.',
  contestar: 'La respuesta a lo que pregunta una dependencia.',
}

/** A page of docs/flujos. */
export interface Page {
  name: string
  content: string
}

const NOTA = 'Esta página la escribe `npm run flujos`; no se edita a mano.'

/** The pages of docs/flujos: one a conversation, and an index. */
export function pagesOf(found: Explored): Page[] {
  const flows = [...new Set([...found.asked.keys()].map(flowOf))].filter((flow) => flow !== '').sort()
  return [{ name: 'README.md', content: indexOf(flows, found) }, ...flows.map((flow) => pageOf(flow, found))]
}

function pageOf(flow: string, found: Explored): Page {
  const steps = [...found.asked.keys()].filter((place) => flowOf(place) === flow)
  const content = [
    `# ${flow}`,
    '',
    [DE_QUE_TRATA[flow] ?? '', `Preguntas: ${steps.length}.`].filter((one) => one !== '').join(' '),
    '',
    '```mermaid',
    pictureOf(flow, found),
    '```',
    '',
    'Además, en cada pregunta sirven MENÚ, CANCELAR, ASESOR y las demás palabras de `palabras_globales` (config/catalogo.yaml);',
    'no se dibujan. [Todas las conversaciones](README.md).',
    '',
    NOTA,
    '',
  ].join('\n')
  return { name: `${flow}.md`, content }
}

function indexOf(flows: readonly string[], { asked }: Explored): string {
  const rows = flows.map((flow) => {
    const steps = [...asked.keys()].filter((place) => flowOf(place) === flow).length
    return `| [${flow}](${flow}.md) | ${DE_QUE_TRATA[flow] ?? ''} | ${steps} |`
  })
  return [
    '# Las conversaciones, en dibujos',
    '',
    '| conversación | de qué trata | preguntas |',
    '|---|---|---|',
    ...rows,
    '',
    'Un cuadro es una pregunta: su nombre y cómo empieza. Una flecha dice qué se oprime o qué se manda para pasar a la siguiente; un',
    'óvalo es una pregunta de otra conversación, `persona` es que atiende alguien de la UAC y `descanso` que no se pregunta nada.',
    '',
    '## Qué demuestran, y qué no',
    '',
    'Las conversaciones son datos con funciones: no se puede leer de ellas todo lo que harán. Por eso el programa conversa consigo',
    'mismo: empieza en cada situación que hay (primera vez, aviso ya aceptado, un reporte cercano, una pregunta de la dependencia, un',
    'código de otra cuenta…), en cada pregunta oprime todos los botones y manda palabras, fotos, documentos y lugares, y sigue',
    'desde donde eso lo llevó. De lo que recorrió queda demostrado que:',
    '',
    '- se llega a todas las preguntas de todas las conversaciones (con una categoría que pide todos los datos, un documento y un dato);',
    '- de cada una se sale por MENÚ, CANCELAR y ASESOR, y también hay una respuesta que lleva adelante;',
    '- todo mensaje tiene respuesta y ninguna vuelta es infinita;',
    '- ningún menú pasa de 7 opciones y ninguna llave como `{folio}` queda sin llenar.',
    '',
    'Dos conversaciones en la misma pregunta, con el mismo tipo de asunto y los mismos botones, se miran una sola vez: no se prueban',
    'todas las combinaciones de respuestas anteriores. Las recorren al azar las pruebas de `test/conversation/properties.test.ts`, y',
    '`test/conversation/reachable.test.ts` lleva cada categoría hasta su folio. `npm run config:check` hace este mismo recorrido con',
    'la configuración que se le dé.',
    '',
    NOTA,
    '',
  ].join('\n')
}
