/**
 * @import { Activity, Outgoing } from './types.d.ts'
 * @import { Option } from './protocol.js'
 * @import { Look } from './message.js'
 * @import { Menu } from './menu.js'
 */
import { button, h } from './dom.js'
import { icon } from './icons.js'
import { menu } from './menu.js'
import { messageRow, showFate } from './message.js'
import { filesOf, isOwn, optionsOf, textOf } from './protocol.js'

/** A bot that says it is writing and then does not, in milliseconds. */
const TYPING = 12_000
/** Messages of ours that come closer together than this are one answer, in milliseconds. */
const BURST = 3000
/** Messages of one person this close together show one hour, in milliseconds. */
const TOGETHER = 120_000

/** What was said, each thing once, in the order in which it came; tells screen readers what is new. */
export class Transcript {
  /** Rows of ours by clientActivityID. @type {Map<string, { row: HTMLElement, fate: HTMLElement }>} */
  #own = new Map()
  /** Ids of activities that are shown. @type {Set<string>} */
  #known = new Set()
  /** The last menu, and the message of ours that answered it. @type {{ menu: Menu, answeredBy?: string } | undefined} */
  #last
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingEnds
  /** Does what is new come into view? Not while the citizen reads above. */
  #follows = true
  /** Where the answer begins that is shown. @type {HTMLElement | undefined} */
  #beginning
  #appendedAt = 0

  /**
   * @param {Look} look
   * @param {{ onPick: (option: Option) => void, retry: (id: string) => void, discard: (id: string) => void }} handlers
   */
  constructor(look, handlers) {
    const { words } = look
    this.look = look
    this.handlers = handlers
    this.typing = h('div', { class: 'typing', hidden: true, title: words.typing }, h('i'), h('i'), h('i'))
    this.typing.setAttribute('aria-hidden', 'true')
    this.list = h('div', { class: 'list' }, this.typing)
    this.log = h('div', { class: 'log', role: 'log', 'aria-label': words.conversation, tabindex: 0 }, this.list)
    this.latest = button({ class: 'latest', 'aria-label': words.latest, hidden: true }, icon('down'))
    this.latest.onclick = () => this.toEnd()
    this.element = h('div', { class: 'transcript' }, this.log, this.latest)
    this.log.onscroll = () => this.#look()
    const observer = new ResizeObserver(() => this.#follows && this.#follow())
    observer.observe(this.list)
    observer.observe(this.log)
    this.announce(true)
  }

  /**
   * Reads out what is added, or stays silent (while the history comes).
   * @param {boolean} aloud
   */
  announce(aloud) {
    this.log.setAttribute('aria-live', aloud ? 'polite' : 'off')
  }

  /**
   * Shows an activity of the stream, unless it is there.
   * @param {Activity} activity
   * @returns {boolean} whether it is a new message to the citizen
   */
  show(activity) {
    if (activity.type === 'typing') this.#type(!isOwn(activity))
    if (activity.type !== 'message' || this.#isKnown(activity)) return false
    const own = isOwn(activity)
    const options = own ? [] : optionsOf(activity)
    const isEmpty = !textOf(activity) && filesOf(activity).length === 0 && !activity.channelData?.location
    if (isEmpty && options.length === 0) return false
    const { row, bubble, fate } = messageRow(activity, this.look)
    if (isEmpty) bubble.remove()
    if (own) this.#answer(activity)
    else this.#type(false)
    if (own) this.#sent(activity.channelData?.clientActivityID ?? '', row, fate)
    this.#append(row)
    if (options.length > 0) this.#offer(row, options)
    return !own
  }

  /**
   * Shows a message of ours on its way, or what became of it.
   * @param {Outgoing} item
   */
  showOutgoing(item) {
    const { words } = this.look
    const known = this.#own.get(item.id)
    if (known) {
      if (item.status === 'sending' && known.fate.classList.contains('failed')) this.#append(known.row)
      this.#setFate(known.fate, item)
      return
    }
    const { row, fate } = messageRow(
      { ...item.activity, timestamp: new Date(item.createdAt).toISOString() },
      this.look,
      item.files,
    )
    this.#own.set(item.id, { row, fate })
    this.#setFate(fate, item)
    this.#answer(item.activity)
    this.#append(row)
    this.toEnd()
    if (item.status === 'lost') row.querySelector('.bubble')?.append(h('div', { class: 'text' }, words.lost))
  }

  /**
   * Takes back a message that was not sent; the menu it answered is open again.
   * @param {string} id
   */
  remove(id) {
    this.#own.get(id)?.row.remove()
    this.#own.delete(id)
    if (this.#last?.answeredBy === id) this.#last.menu.open()
  }

  /** Scrolls to what is newest. */
  toEnd() {
    this.#beginning = undefined
    this.#follow()
  }

  /** Scrolls to the end, but not past the beginning of an answer that is longer than the window. */
  #follow() {
    const { scrollHeight } = this.log
    this.log.scrollTop = Math.min(scrollHeight, (this.#beginning?.offsetTop ?? scrollHeight) - 12)
    this.#look()
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.log
    this.#follows = scrollHeight - scrollTop - clientHeight < 60
    this.latest.hidden = this.#follows
  }

  /** @param {Activity} activity */
  #isKnown({ id, channelData }) {
    const ours = channelData?.clientActivityID
    if (ours && this.#own.has(ours)) {
      this.#sent(ours)
      return true
    }
    if (id && this.#known.has(id)) return true
    if (id) this.#known.add(id)
    return false
  }

  /**
   * @param {string} id
   * @param {HTMLElement} [row]
   * @param {HTMLElement} [fate]
   */
  #sent(id, row, fate) {
    if (row && fate) this.#own.set(id, { row, fate })
    const shown = this.#own.get(id)?.fate
    if (shown) this.#setFate(shown, { id, status: 'sent', canRetry: false })
  }

  /**
   * @param {HTMLElement} fate
   * @param {Pick<Outgoing, 'id' | 'status' | 'progress' | 'reason' | 'canRetry'>} item
   */
  #setFate(fate, item) {
    fate.className = `fate ${item.status === 'lost' ? 'failed' : item.status}`
    showFate(fate, item, this.look.words, this.handlers)
  }

  /** @param {Activity} activity of the citizen: what was asked before is answered */
  #answer({ channelData }) {
    if (!this.#last) return
    this.#last.menu.close(channelData?.choice?.id)
    if (channelData?.clientActivityID) this.#last.answeredBy ??= channelData.clientActivityID
  }

  /**
   * @param {HTMLElement} row
   * @param {Option[]} options
   */
  #offer(row, options) {
    const { words, base } = this.look
    const made = menu(options, { label: words.options, chosen: words.chosen, base, onPick: this.handlers.onPick })
    row.querySelector('.meta')?.before(made.element)
    if (options.every(({ url }) => url)) return
    this.#last?.menu.close()
    this.#last = { menu: made }
  }

  /** @param {HTMLElement} row */
  #append(row) {
    const previous = this.typing.previousElementSibling
    const [at, before] = [Number(row.dataset.at), previous instanceof HTMLElement ? Number(previous.dataset.at) : 0]
    if (new Date(at).toDateString() !== new Date(before).toDateString()) this.typing.before(this.#day(at))
    const together = previous?.className.startsWith(row.className) && at - before < TOGETHER
    row.classList.toggle('joined', together)
    if (row.classList.contains('own')) this.#beginning = undefined
    else if (Date.now() - this.#appendedAt > BURST) this.#beginning = row
    else this.#beginning ??= row
    this.#appendedAt = Date.now()
    this.typing.before(row)
  }

  /** @param {number} at */
  #day(at) {
    const { words, locale } = this.look
    const [day, today] = [new Date(at), new Date()]
    const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
    const name = day.toLocaleDateString(locale, {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    })
    const relative = new Map([
      [today.toDateString(), words.today],
      [yesterday.toDateString(), words.yesterday],
    ])
    return h('div', { class: 'day' }, relative.get(day.toDateString()) ?? name)
  }

  /** @param {boolean} on */
  #type(on) {
    clearTimeout(this.#typingEnds)
    this.typing.hidden = !on
    if (on) this.#typingEnds = setTimeout(() => this.#type(false), TYPING)
  }
}
