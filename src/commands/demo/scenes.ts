import sharp from 'sharp'
import { drawText } from './letters.ts'
import type { Random } from './random.ts'

const WIDTH = 960
const HEIGHT = 720
/** As large as the pictures come out: enough to be looked at, and quick to make by the hundred. */
const SCALE = 2 / 3

const WALLS = ['#e8c9a0', '#d98f6c', '#a9c4b8', '#e3d3b9', '#c9a7b8', '#9fb8d1', '#d8b44a', '#e9e4da']
const DOORS = ['#6b4a35', '#3f5d4a', '#4a4a55', '#7a3b33']

/** What a picture can show; each stands on a street of its own. */
const SUBJECTS: Record<string, (random: Random) => string> = {
  bache: (random) =>
    ellipses(
      random,
      1 + random.below(3),
      (x, y, r) => `${oval(x, y, r, '#2f2b28')}${oval(x + 8, y + 6, r * 0.8, '#4d4540')}`,
    ),
  fuga: (random) => {
    const x = 250 + random.below(400)
    return `${oval(x, 640, 260, '#6f9fc4')}${oval(x + 40, 628, 150, '#8db9da')}<path d="M${x} 610q-30-90 10-130q30 50 0 130" fill="#a9d0ea"/>`
  },
  drenaje: (random) => {
    const x = 300 + random.below(300)
    return `${oval(x + 60, 640, 250, '#4a4a34')}${oval(x, 600, 80, '#1e1c1a')}${oval(x, 594, 66, '#57524c')}`
  },
  basura: (random) =>
    ellipses(random, 6, (x, y, r) => {
      const color = random.pick(['#262626', '#3a3a44', '#5b5f3c', '#7c6f57'])
      return `<path d="M${x - r} ${y}q0-${r * 1.3} ${r}-${r * 1.3}t${r} ${r * 1.3}z" fill="${color}"/><path d="M${x - 8} ${y - r * 1.2}l8-22l10 20z" fill="${color}"/>`
    }),
  arbol: (random) => {
    const x = 260 + random.below(420)
    const lean = random.below(24) - 12
    return `<g transform="rotate(${lean} ${x} 560)"><path d="M${x - 20} 560h40l-10-260h-20z" fill="#6d5138"/>${oval(x, 250, 150, '#567d3b', 130)}${oval(x - 90, 300, 90, '#4a7033', 80)}${oval(x + 90, 300, 90, '#638a45', 80)}</g>`
  },
  carro: (random) => {
    const x = 260 + random.below(260)
    const color = random.pick(['#8a8f96', '#9b5147', '#c9c5bb', '#54707c'])
    return `<path d="M${x} 590v-60l70-10l50-60h150l60 60l80 14v56z" fill="${color}"/><path d="M${x + 130} 516l36-42h60v42zm110 0v-42h44l42 42z" fill="#33424c"/>${oval(x + 90, 592, 40, '#222', 40)}${oval(x + 320, 592, 40, '#222', 40)}`
  },
  perro: (random) => {
    const x = 300 + random.below(300)
    const color = random.pick(['#8b6a48', '#3d342c', '#c4a880'])
    return `<g fill="${color}"><path d="M${x} 560q0-60 60-60h120q40 0 40 50v60h-18v-50h-30v50h-18v-50h-80v50h-18v-50h-24v50h-18z"/><path d="M${x + 190} 520q-10-70 40-70l50 30q10 30-40 34z"/><path d="M${x + 4} 530q-50-20-44-60q20 34 60 40z"/></g>`
  },
}

/** The kinds of picture there are. */
export const SCENES = [...Object.keys(SUBJECTS), 'luminaria'] as const

/** A drawn photograph (JPEG) that says of itself that it is an example. @throws {Error} for a kind that is none of SCENES. */
export function drawScene(kind: string, random: Random): Promise<Buffer> {
  const night = kind === 'luminaria'
  const subject = night ? '' : SUBJECTS[kind]?.(random)
  if (subject === undefined) throw new Error(`there is no scene ${kind}`)
  const shade = night
    ? `<rect width="${WIDTH}" height="${HEIGHT}" fill="#0b1020" opacity=".82"/>${lampPost(random)}`
    : ''
  return picture(`${street(random)}${subject}${shade}${label('FOTO DE EJEMPLO')}`)
}

/** A scanned form with its folio, some lines and a signature: an example as well. */
export function drawSignedForm(folio: string, random: Random): Promise<Buffer> {
  const lines = Array.from({ length: 9 }, (_, row) => {
    const width = 420 + random.below(260)
    return `<path d="M110 ${230 + row * 34}h${width}" stroke="#9a9a92" stroke-width="5"/>`
  })
  const wave = Array.from({ length: 5 }, () => `q${18 + random.below(20)}-${30 + random.below(60)} 34 0t20-6`)
  const stamp = `<circle cx="700" cy="590" r="78" fill="none" stroke="#7a4a9c" stroke-width="6"/>${drawText('RECIBIDO', { x: 638, y: 580, size: 16, color: '#7a4a9c' })}`
  return picture(
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#d9d6cf"/><rect x="60" y="24" width="840" height="660" fill="#fbfaf5" transform="rotate(${random.below(3) - 1} 480 360)"/>
    ${drawText('FORMATO FIRMADO', { x: 110, y: 70, size: 34, color: '#333' })}${drawText(folio, { x: 110, y: 140, size: 26, color: '#333' })}${lines.join('')}
    <path d="M140 610h300" stroke="#333" stroke-width="3"/><path d="M170 590${wave.join('')}" fill="none" stroke="#22408c" stroke-width="5"/>${stamp}${label('EJEMPLO')}`,
  )
}

const picture = (content: string): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH * SCALE}" height="${HEIGHT * SCALE}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${content}</svg>`,
    ),
  )
    .jpeg({ quality: 72 })
    .toBuffer()

function street(random: Random): string {
  const sky = random.pick(['#bcd9ee', '#cfe3ef', '#e9d9bd', '#b7c9d6'])
  const houses = Array.from({ length: 5 }, (_, at) => house(at * 200 - random.below(30), random))
  return `<rect width="${WIDTH}" height="${HEIGHT}" fill="${sky}"/>${houses.join('')}
    <rect y="440" width="${WIDTH}" height="40" fill="#bdb5a8"/><rect y="480" width="${WIDTH}" height="240" fill="#6f6c68"/>
    <path d="M0 610h${WIDTH}" stroke="#d8d3c4" stroke-width="8" stroke-dasharray="60 46"/>`
}

function house(x: number, random: Random): string {
  const height = 170 + random.below(120)
  const top = 440 - height
  return `<rect x="${x}" y="${top}" width="190" height="${height}" fill="${random.pick(WALLS)}"/>
    <rect x="${x + 22}" y="${top + 40}" width="54" height="54" fill="#7f9aa8" stroke="#fff" stroke-width="5"/>
    <rect x="${x + 110}" y="340" width="52" height="100" fill="${random.pick(DOORS)}"/>`
}

function lampPost(random: Random): string {
  const x = 200 + random.below(500)
  return `<path d="M${x} 520V120q0-40 60-40" fill="none" stroke="#8d939c" stroke-width="12"/><path d="M${x + 50} 70h70v22h-70z" fill="#aeb4bd"/>`
}

function ellipses(random: Random, count: number, draw: (x: number, y: number, radius: number) => string): string {
  return Array.from({ length: count }, () =>
    draw(200 + random.below(560), 540 + random.below(110), 50 + random.below(60)),
  ).join('')
}

const oval = (x: number, y: number, radius: number, color: string, height = radius * 0.4) =>
  `<ellipse cx="${x}" cy="${y}" rx="${radius}" ry="${height}" fill="${color}"/>`

const label = (text: string) =>
  `<rect y="${HEIGHT - 46}" width="${WIDTH}" height="46" fill="#111" opacity=".7"/>${drawText(text, { x: 140, y: HEIGHT - 34, size: 22, color: '#fff' })}`
