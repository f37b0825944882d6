import { DANGER, type Examples, NOTHING } from '../../understanding/lexicon.ts'
import { learnLikeness } from '../../understanding/likeness.ts'
import { learnTopics, type Topic } from '../../understanding/model.ts'
import type { Reader } from '../../understanding/reader.ts'
import type { Weights } from '../../understanding/regression.ts'

/** All that is learnt of the examples. */
export interface Aprendido {
  /** What each category is told with. */
  asuntos: Weights
  /** What danger now is told with, and what it is not. */
  peligro: Weights
  /** What is told by who tells something, and said by who does not; undefined where no such examples are. */
  cuenta?: Weights | undefined
}

/** Of the messages that tell something, every so many: those that tell nothing are few. */
const MUESTRA = 4

/** Learns the examples; some seconds of work. */
export function aprender(topics: readonly Topic[], examples: Examples, reader: Reader): Aprendido {
  const { [DANGER.now]: peligros = [], [NOTHING]: nada = [], ...otros } = examples
  const calma = [...Object.values(otros).flat(), ...nada]
  const cuentan = [
    ...Object.entries(otros).flatMap(([id, textos]) => (id === DANGER.seeming ? [] : textos)),
    ...peligros,
  ]
  return {
    asuntos: learnTopics(topics, examples, reader),
    peligro: learnLikeness(peligros, calma, reader),
    cuenta:
      nada.length === 0
        ? undefined
        : learnLikeness(
            cuentan.filter((_, at) => at % MUESTRA === 0),
            nada,
            reader,
          ),
  }
}
