/** A message, as far as it matters whose it is. */
export interface MensajeDeHilo {
  id: number
  direction: 'in' | 'out'
  /** `echo`: somebody of ours wrote it in the platform's own app. */
  kind: string
  createdAt: Date
  /** Written by a member of the staff. */
  usuarioId: number | null
  /** The petition whose notice or reply it is. */
  peticionId: number | null
}

/** A petition that came out of this conversation. */
export interface PeticionDeHilo {
  id: number
  registradaAt: Date
}

/**
 * Which petition each message of a conversation belongs to; null: none, or nobody can say.
 * A citizen has one conversation and may have petitions of several dependencias, reservadas among them: who may see one of them
 * reads what was said to capture it, its notices, and what was talked about it with a person. `messages` in their order.
 */
export function duenosDeMensajes(messages: MensajeDeHilo[], peticiones: PeticionDeHilo[]): Map<number, number | null> {
  const owners = new Map<number, number | null>()
  const byTime = peticiones.toSorted((a, b) => a.registradaAt.getTime() - b.registradaAt.getTime())
  let talkedOf: number | null = null
  for (const [at, message] of messages.entries()) {
    const next = messages.slice(at + 1).find((one) => one.direction === 'out')
    const toBot = message.direction === 'in' ? next !== undefined && isBot(next) : isBot(message)
    if (message.direction === 'out') talkedOf = isBot(message) ? null : message.peticionId
    owners.set(message.id, toBot ? capturedBy(message, byTime) : talkedOf)
  }
  return owners
}

const isBot = ({ direction, kind, usuarioId, peticionId }: MensajeDeHilo) =>
  direction === 'out' && kind !== 'echo' && usuarioId === null && peticionId === null

/** What is said to the bot leads to the next petition that is registered; its last answer is written with it. */
function capturedBy({ createdAt }: MensajeDeHilo, byTime: PeticionDeHilo[]): number | null {
  return byTime.find(({ registradaAt }) => createdAt.getTime() <= registradaAt.getTime() + 1_000)?.id ?? null
}
