/** How long the adapter waits for what, in milliseconds. */
export interface Timings {
  /** Pauses before connecting again: the first, doubled each time, up to the longest. */
  firstRetry: number
  longestRetry: number
  /** From connecting until WhatsApp has let us in, or shown a QR. */
  opening: number
  /** How often a connection is looked after, and how long one may be without a frame or an answer to a ping. */
  watch: number
  silence: number
  ping: number
  /** How long WhatsApp may take to answer that we close the connection. */
  goodbye: number
  /** How often the panel's orders are looked for. */
  orders: number
  /** How long WhatsApp may take to acknowledge a message. */
  acknowledge: number
  /** An undecryptable message is asked for again by Baileys; so long it may take before the citizen is asked. */
  placeholder: number
  /** How long the telephone of who sent a file may take to upload it once more. */
  reupload: number
  /** Between a receipt that came before its message was noted as sent, and the second look. */
  receiptAgain: number
  /** How long an account that WhatsApp restricted keeps still before a message tries again. */
  restricted: number
  /** "Writing…" is shown for a random time between these before a message goes. */
  composing: [least: number, most: number]
  /** Between two tries to store what lies in the spool. */
  spool: number
  /** Messages older than this are history. */
  maxAge: number
}

const HOUR = 3_600_000

/** What suits WhatsApp's own servers; Baileys itself pings every 30 s. */
export const TIMINGS: Timings = {
  firstRetry: 1_000,
  longestRetry: 300_000,
  opening: 60_000,
  watch: 20_000,
  silence: 75_000,
  ping: 20_000,
  goodbye: 500,
  orders: 2_000,
  acknowledge: 15_000,
  placeholder: 20_000,
  reupload: 20_000,
  receiptAgain: 2_000,
  restricted: 1_800_000,
  composing: [400, 1_600],
  spool: 1_000,
  maxAge: 7 * 24 * HOUR,
}
