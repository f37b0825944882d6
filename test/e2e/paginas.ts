import { fileURLToPath } from 'node:url'
import { DE_CUENTA } from './account-pictures.ts'
import { DE_CHAT } from './chat-pictures.ts'
import { PANTALLAS } from './pantallas.ts'
import { LOOKS } from './picture.ts'

/** The contact sheet. */
export const PAGINAS = fileURLToPath(new URL('../../docs/paginas.md', import.meta.url))

const partes = () => {
  const [publicas, ...otras] = PANTALLAS
  if (!publicas) return []
  return [
    { ...publicas, pantallas: [...DE_CHAT, ...publicas.pantallas] },
    { parte: 'Una cuenta nueva', pantallas: DE_CUENTA },
    ...otras,
  ]
}

/** The routes of the pages of which there are pictures. */
export const picturedRoutes = (): Set<string> =>
  new Set([...DE_CUENTA, ...PANTALLAS.flatMap(({ pantallas }) => pantallas)].map(routeOf))

const routeOf = (one: { en?: string; ruta?: string }): string => one.ruta ?? one.en?.split('?')[0] ?? ''

/** Names of all the files that docs/img should hold. */
export const picturesOf = (): string[] =>
  partes().flatMap(({ pantallas }) =>
    pantallas.flatMap((one) => looksOf(one).map((look) => `${one.nombre}${look}.webp`)),
  )

/** docs/paginas.md: every page in its four looks. */
export function paginasMarkdown(): string {
  const sections = partes().map(({ parte, pantallas }) =>
    [
      `## ${parte}`,
      '',
      '| página | claro | oscuro | teléfono | teléfono, oscuro |',
      '|---|---|---|---|---|',
      ...pantallas.map(row),
    ].join('\n'),
  )
  return `${INTRO}\n\n${sections.join('\n\n')}\n`
}

const INTRO = `# Todas las páginas

Cada página del sistema como se ve en una computadora y en un teléfono de 360 px, en claro y en oscuro. Son del pueblo de ejemplo (\`npm run demo\`): nada
de lo que muestran es real. Las rehace \`npm run pantallas\`, que también escribe esta página.`

/** `mesa`: on a desk alone. */
const looksOf = (one: object): readonly string[] => ('mesa' in one ? LOOKS.slice(0, 2) : LOOKS)

const WIDTHS = [230, 230, 95, 95]

function row(one: { nombre: string; titulo: string }): string {
  const { nombre, titulo } = one
  const cells = looksOf(one).map((look, at) => `<img src="img/${nombre}${look}.webp" width="${WIDTHS[at]}" alt="">`)
  return `| ${titulo} | ${cells.join(' | ')} |`
}
