/**
 * @import { Activity, Outgoing, Store } from './types.d.ts'
 * @import { Connection } from './connection.js'
 */
import { backoff, Pause } from './backoff.js'
import { ApiError } from './direct-line.js'

const ATTEMPTS = 4
/** After so long a message that never came back on the stream is not kept any more, in milliseconds. */
const KEPT = 86_400_000

/** What the server will never take, and why. @type {Map<number, NonNullable<Outgoing['reason']>>} */
const REFUSALS = new Map([
  [400, 'refusedMessage'],
  [413, 'tooLarge'],
  [415, 'wrongKind'],
])

/**
 * Our messages on their way: one after the other, in the order in which they were written also when the line went away between them, each under an id of its own so that a repeated one is stored once, kept in the
 * browser until the stream shows them.
 */
export class Outbox {
  #pause = new Pause()
  #tail = Promise.resolve()
  /** @type {Map<string, Outgoing>} */
  #items = new Map()

  /**
   * @param {Connection} connection
   * @param {Store} store
   * @param {(item: Outgoing) => void} onChange
   */
  constructor(connection, store, onChange) {
    this.connection = connection
    this.store = store
    this.onChange = onChange
  }

  /**
   * @param {Activity} activity
   * @param {File[]} [files]
   */
  send(activity, files = []) {
    // What was written before it goes before it: an answer without its story says nothing.
    this.retryAll()
    const id = newId()
    const channelData = { ...activity.channelData, clientActivityID: id }
    this.#add({
      id,
      activity: { ...activity, channelData },
      files,
      status: 'sending',
      canRetry: true,
      createdAt: Date.now(),
    })
  }

  /** @param {string} id */
  retry(id) {
    const item = this.#items.get(id)
    if (item?.status === 'failed') this.#queue(item)
  }

  /** The line is back: what failed for want of it goes again. */
  retryAll() {
    this.#pause.skip()
    for (const item of this.#items.values()) if (item.status === 'failed' && item.canRetry) this.#queue(item)
  }

  /**
   * The stream has shown it, or the citizen does not want it any more.
   * @param {string} id
   */
  drop(id) {
    this.#items.delete(id)
    this.store.remove(`out:${id}`)
  }

  /** Takes up what an earlier page left unsent: a message whose answer was not seen goes again under its old id. */
  restore() {
    const items = []
    for (const key of this.store.keys('out:')) {
      const item = parse(this.store.get(key))
      if (item && this.#items.has(item.id)) continue
      if (item && Date.now() - item.createdAt < KEPT) items.push(item)
      else this.store.remove(key)
    }
    for (const item of items.sort((a, b) => a.createdAt - b.createdAt)) this.#add(item)
  }

  /** Forgets all, for another conversation. @returns {string[]} the words that did not arrive */
  clear() {
    const unsent = [...this.#items.values()].filter(({ status }) => status !== 'sent')
    for (const id of [...this.#items.keys()]) this.drop(id)
    return unsent.filter(({ activity }) => !activity.channelData?.choice).map(({ activity }) => activity.text ?? '')
  }

  /** @param {Outgoing} item */
  #add(item) {
    this.#items.set(item.id, item)
    if (item.status === 'sending') this.#queue(item)
    else this.#change(item, item.status)
  }

  /** @param {Outgoing} item */
  #queue(item) {
    delete item.reason
    delete item.progress
    this.#change(item, 'sending')
    this.#tail = this.#tail.then(() => this.#deliver(item))
  }

  /** @param {Outgoing} item */
  async #deliver(item) {
    for (let attempt = 1; this.#items.has(item.id); attempt++) {
      try {
        await this.#post(item)
        this.connection.posted()
        if (this.#items.has(item.id)) this.#change(item, 'sent')
        return
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (!error.transient || (attempt >= ATTEMPTS && navigator.onLine)) return this.#fail(item, error)
        await this.#pause.wait(error.retryAfter ? error.retryAfter * 1000 : backoff(attempt - 1))
      }
    }
  }

  /** @param {Outgoing} item */
  async #post(item) {
    const session = await this.connection.session()
    if (item.files.length === 0) return this.connection.api.post(session, item.activity)
    return this.connection.api.upload(session, item.activity, item.files, (share) => {
      item.progress = share
      if (item.status === 'sending') this.onChange(item)
    })
  }

  /**
   * @param {Outgoing} item
   * @param {ApiError} error
   */
  #fail(item, error) {
    if (!this.#items.has(item.id)) return
    const reason = REFUSALS.get(error.status)
    item.canRetry = !reason
    if (reason) item.reason = reason
    if (error.status === 401 || error.status === 403 || error.status === 404) this.connection.wake()
    this.#change(item, 'failed')
  }

  /**
   * @param {Outgoing} item
   * @param {Outgoing['status']} status
   */
  #change(item, status) {
    item.status = status
    const { files, ...rest } = item
    this.store.set(`out:${item.id}`, JSON.stringify({ ...rest, files: files.map(({ name }) => name) }))
    this.onChange(item)
  }
}

/**
 * Files do not survive a reload: their message is shown as lost rather than forgotten.
 * @param {string | null} json
 * @returns {Outgoing | undefined}
 */
function parse(json) {
  try {
    const item = JSON.parse(json ?? '')
    if (!item?.activity?.channelData) return undefined
    const lost = item.files.length > 0 && item.status !== 'sent'
    return { ...item, files: [], ...(lost && { status: 'lost', canRetry: false }) }
  } catch {
    return undefined
  }
}

/** `crypto.randomUUID` is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
