import type { Tempo } from './citizens.ts'
import type { Line } from './line.ts'
import type { Random } from './random.ts'

/** What people say who do not want to report anything. */
const WORDS = ['hola', 'buenas tardes', 'menú', 'gracias', 'ayuda', 'qué es esto', 'atrás', 'quién contesta', 'folio']

/**
 * Says so many things, each as soon as the one before was acknowledged, whatever is answered; at `poison` something that
 * cannot be processed.
 */
export async function chat(
  line: Line,
  count: number,
  poison: number | undefined,
  random: Random,
  { pace, over }: Tempo,
): Promise<void> {
  for (let said = 0; said < count && !over(); said++) {
    await pace()
    if (said === poison) await line.say({ file: `${POISON}-${said}` }, 'poison')
    else await line.say({ text: said === 0 ? '/start' : `${random.pick(WORDS)} ${'.'.repeat(said % 7)}` })
  }
}

/** The name of a file whose attachment the database refuses: see `poisonDatabase`. */
export const POISON = 'veneno'
