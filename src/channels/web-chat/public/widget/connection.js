/**
 * @import { Activity, ActivitySet, ConversationGrant, ConnectionStatus, Session, Store } from './types.d.ts'
 * @import { DirectLine } from './direct-line.js'
 */
import { backoff, Pause } from './backoff.js'
import { ApiError } from './direct-line.js'
import { forgetSession, keepSession, readSession } from './session.js'
import { openSocket } from './socket.js'

/** Milliseconds between two looks at the line. */
const TICK = 5000
/** A socket that takes longer to open is given up. */
const OPENING = 10_000
/** Silence after which we ask by HTTP whether we missed something; the server's empty frames come more often. */
const SILENCE = 40_000
/** So soon the echo of what we posted must be here. */
const ANSWER = 6000
/** How long to poll before a WebSocket is tried again. */
const POLLING = 600_000

/**
 * Holds one conversation open: resumes it, reads what is new from the last watermark on (so nothing is missed), notices a line that
 * is silently dead, and polls where a WebSocket is impossible. What it delivers may repeat: the transcript knows what it has.
 */
export class Connection {
  #pause = new Pause()
  #stopped = new AbortController()
  #watermark = ''
  #socketFailures = 0
  #heardAt = 0
  #postedAt = 0
  /** Was the token refused, and a new one asked for, since we were last on line? */
  #renewed = false
  /** @type {Promise<void> | undefined} */
  #running
  /** @type {Session | undefined} */
  #session
  /** @type {ReturnType<typeof openSocket> | undefined} */
  #socket
  /** @type {((session: Session) => void)[]} */
  #waiting = []

  /**
   * @param {DirectLine} api
   * @param {Store} store
   * @param {{ locale: string, onActivities: (activities: Activity[]) => void, onStatus: (status: ConnectionStatus) => void }} handlers
   */
  constructor(api, store, handlers) {
    this.api = api
    this.store = store
    this.handlers = handlers
    this.#session = readSession(store)
    const { signal } = this.#stopped
    const ticking = setInterval(() => this.#tick(), TICK)
    signal.addEventListener('abort', () => clearInterval(ticking))
    addEventListener('online', () => this.wake(), { signal })
    document.addEventListener('visibilitychange', () => document.hidden || this.wake(), { signal })
  }

  /** Is there a conversation to resume? */
  get hasSession() {
    return this.#session !== undefined
  }

  /** Connects, once; creates the conversation when there is none. */
  start() {
    this.#running ??= this.#run()
  }

  /** Leaves the conversation for good; another one needs another Connection. */
  stop() {
    this.#stopped.abort()
    this.#socket?.drop()
    this.#pause.skip()
    forgetSession(this.store)
  }

  /** @returns {Promise<Session>} as soon as there is a conversation */
  session() {
    this.start()
    return this.#session ? Promise.resolve(this.#session) : new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Something was posted: if no frame follows, the line is dead. */
  posted() {
    this.#postedAt = Date.now()
    if (!this.#socket) this.#pause.skip()
  }

  /** The line may be back, or have died unnoticed: looks now. */
  wake() {
    this.#pause.skip()
    if (this.#socket?.isOpen()) this.#verify(this.#socket)
  }

  async #run() {
    for (let failures = 0; !this.#stopped.signal.aborted; failures++) {
      /** @type {number | undefined} */
      let wait
      try {
        const streamUrl = await this.#open()
        this.#renewed = false
        this.#report('online')
        const since = Date.now()
        await this.#listen(streamUrl)
        if (Date.now() - since > OPENING) failures = 0
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (this.#isOver(error)) return
        wait = error.retryAfter
      }
      this.#report('offline')
      await this.#pause.wait(wait ? wait * 1000 : backoff(failures))
    }
  }

  /** @returns {Promise<string | undefined>} the address of the stream */
  async #open() {
    if (!this.#session) {
      this.#report('connecting')
      return this.#keep(await this.api.create(this.handlers.locale))
    }
    await this.#renewIfDue(this.#session)
    while (this.#deliver(await this.api.activities(this.#session, this.#watermark)));
    return this.#keep(await this.api.reconnect(this.#session, this.#watermark))
  }

  /** @param {Session} session */
  async #renewIfDue(session) {
    if (Date.now() > session.renewAt) this.#keep(await this.api.renew(session))
  }

  /** @param {ConversationGrant} grant */
  #keep(grant) {
    if (this.#stopped.signal.aborted) return
    const session = keepSession(this.store, grant)
    this.#session = session
    for (const resolve of this.#waiting.splice(0)) resolve(session)
    return grant.streamUrl
  }

  /** @param {string | undefined} streamUrl */
  async #listen(streamUrl) {
    if (!streamUrl || !('WebSocket' in globalThis) || this.#socketFailures >= 2) return this.#poll()
    this.#heardAt = Date.now()
    let opened = false
    const onOpen = () => {
      opened = true
      this.#heardAt = Date.now()
    }
    this.#socket = openSocket(streamUrl, { onOpen, onFrame: (data) => this.#hear(data) })
    await this.#socket.over
    this.#socket = undefined
    this.#socketFailures = opened ? 0 : this.#socketFailures + 1
  }

  /** @param {string} data a frame; empty ones only show that the line lives */
  #hear(data) {
    this.#heardAt = Date.now()
    if (data === '') return
    this.#postedAt = 0
    const set = parse(data)
    if (set) this.#deliver(set)
    else this.#socket?.drop() // the next line begins again at the last watermark
  }

  /** Asks again and again, often while something happens. */
  async #poll() {
    const until = Date.now() + POLLING
    let lively = Date.now()
    while (this.#session && Date.now() < until && !this.#stopped.signal.aborted) {
      if (this.#deliver(await this.api.activities(this.#session, this.#watermark))) lively = Date.now()
      const quiet = Date.now() - Math.max(lively, this.#postedAt)
      await this.#pause.wait(quiet < 30_000 ? 1000 : document.hidden ? 20_000 : 4000)
    }
    this.#socketFailures = 0
  }

  /**
   * @param {ActivitySet} set
   * @returns {boolean} whether it held anything; a page may be all of things that are not shown
   */
  #deliver({ activities, watermark = this.#watermark }) {
    if (this.#stopped.signal.aborted) return false
    const isNews = activities.length > 0 || Number(watermark) > Number(this.#watermark)
    this.#watermark = watermark
    if (activities.length > 0) this.handlers.onActivities(activities)
    return isNews
  }

  #tick() {
    if (this.#session && this.#running) this.#renewIfDue(this.#session).catch((error) => this.#fail(error))
    const socket = this.#socket
    if (!socket) return
    const now = Date.now()
    const late = this.#postedAt > 0 && now - this.#postedAt > ANSWER
    if (!socket.isOpen() && now - this.#heardAt > OPENING) socket.drop()
    else if (late || now - this.#heardAt > SILENCE) this.#verify(socket)
  }

  /**
   * Is there anything the socket should have told us? Then it is deaf, and a new one is opened.
   * @param {ReturnType<typeof openSocket>} socket
   */
  async #verify(socket) {
    if (!this.#session) return
    this.#postedAt = 0
    this.#heardAt = Date.now()
    const before = this.#watermark
    try {
      const set = await this.api.activities(this.#session, before)
      if (this.#watermark === before && this.#deliver(set)) socket.drop()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** @param {unknown} error of a call beside the main loop, which then looks for itself */
  #fail(error) {
    if (!(error instanceof ApiError)) throw error
    this.#socket?.drop()
    this.#pause.skip()
  }

  /** @param {ApiError} error */
  #isOver({ status }) {
    if (status !== 401 && status !== 403 && status !== 404 && status !== 410) return false
    if (status < 404 && this.#session?.resumeToken && !this.#renewed) {
      this.#renewed = true
      this.#session.renewAt = 0
      return false
    }
    this.#report(this.#session ? 'ended' : 'refused')
    this.#stopped.abort()
    return true
  }

  /** @param {ConnectionStatus} status */
  #report(status) {
    if (!this.#stopped.signal.aborted) this.handlers.onStatus(status)
  }
}

/**
 * @param {string} frame
 * @returns {ActivitySet | undefined} nothing for a broken one
 */
function parse(frame) {
  try {
    return JSON.parse(frame)
  } catch {
    return undefined
  }
}
