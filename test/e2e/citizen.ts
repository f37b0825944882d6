import { until } from '../../src/runtime/until.ts'

/** A message as the citizen's screen shows it. */
export interface Heard {
  text: string
  buttons: string[]
}

/** What a channel lets a citizen do; everything that reached them is in `received`, in order. */
export interface Line {
  readonly channel: string
  write(text: string): Promise<unknown>
  press(label: string): Promise<unknown>
  photo(bytes: Uint8Array<ArrayBuffer>): Promise<unknown>
  received(): Heard[]
  close(): Promise<void>
}

/** What happens, for whoever tells it afterwards. */
export type Tell = (who: string, what: string, buttons?: string[]) => void

/** Somebody who writes and waits for what comes. */
export interface Citizen {
  says(text: string): Promise<void>
  /** Presses what was offered; where it is a line of a list, its number is written. */
  presses(label: string): Promise<void>
  sendsPhoto(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Waits for the message that has these words, or some of these; gives it. Everything before it was heard as well. */
  hears(...words: string[]): Promise<Heard>
}

/** Longer than the pause for bursts, on a busy machine. */
const PATIENCE = 45_000

export function createCitizen(line: Line, tell: Tell): Citizen {
  let told = 0
  const own = async (what: string, deed: Promise<unknown>) => {
    tell('Ciudadana', what)
    await deed
  }
  return {
    says: (text) => own(text, line.write(text)),
    presses(label) {
      const number = numberOf(line.received(), label)
      return number ? own(number, line.write(number)) : own(`[${label}]`, line.press(label))
    },
    sendsPhoto: (bytes) => own('(manda una foto)', line.photo(bytes)),
    async hears(...words) {
      const at = await until(
        () => {
          const found = line
            .received()
            .findIndex(({ text }, index) => index >= told && words.some((some) => text.includes(some)))
          return found >= 0 && found
        },
        { timeout: PATIENCE },
      )
      const heard = line.received().slice(told, at === undefined ? undefined : at + 1)
      if (at === undefined)
        throw new Error(
          `nobody said "${words.join('" or "')}"; what came: ${JSON.stringify(heard.map(({ text }) => text))}`,
        )
      for (const { text, buttons } of heard) tell('Canaliza', text, buttons)
      told = at + 1
      return heard.at(-1) ?? { text: '', buttons: [] }
    },
  }
}

/** What a button is called without its number. */
export const plain = (title: string) => title.replace(/^\d+\. /, '')

/** The number of an answer that was last offered as a line of a list; undefined when it was a button. */
function numberOf(received: Heard[], label: string): string | undefined {
  const isListed = (line: string) => line !== label && plain(line) === label
  const offered = received.findLast(
    ({ text, buttons }) => text.split('\n').some(isListed) || buttons.some((one) => plain(one) === label),
  )
  return offered?.text.split('\n').find(isListed)?.split('.')[0]
}
