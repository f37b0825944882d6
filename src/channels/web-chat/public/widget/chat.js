/**
 * @import { Activity, ChannelData, ConnectionStatus, Outgoing, Settings, Store } from './types.d.ts'
 * @import { Option } from './protocol.js'
 * @import { Words } from './strings.js'
 */
import { composer } from './composer.js'
import { Connection } from './connection.js'
import { directLine } from './direct-line.js'
import { h, touches } from './dom.js'
import { notice } from './notice.js'
import { Outbox } from './outbox.js'
import { doubt, findPlace } from './place.js'
import { Transcript } from './transcript.js'

/** @typedef {{ transcript: Transcript, connection: Connection, outbox: Outbox, over?: 'ended' | 'refused', wasOnline: boolean }} Talk */

/** So long a bad line may last before we speak of it, in milliseconds. */
const PATIENCE = 2500

/** One citizen's chat: it joins what is shown, what is written and the line; begins again when a conversation is over. */
export class Chat {
  #line = notice()
  #question = notice()
  /** The conversation that is shown. @type {Talk} */
  #talk
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience

  /**
   * @param {Settings} settings
   * @param {Words} words
   * @param {Store} store
   * @param {{ onMessage: (activity: Activity) => void, say: (text: string) => void }} handlers
   */
  constructor(settings, words, store, handlers) {
    this.settings = settings
    this.words = words
    this.store = store
    this.handlers = handlers
    this.api = directLine(settings.base)
    this.composer = composer(words, store, {
      onSend: (text, files) => this.#send(text, {}, files),
      onObjection: (text) => this.#tell(text),
      onPlace: () => this.#sendPlace(),
      onForget: () => this.#askToForget(),
    })
    this.element = h('div', { class: 'chat' }, this.#line.element, this.#question.element, this.composer.element)
    this.#talk = this.#begin()
    addEventListener('online', () => this.#lineIsBack())
    addEventListener('offline', () => this.#talk.over || this.#line.show(this.words.offline))
  }

  /** Connects, and creates the conversation when there is none. */
  start() {
    this.#talk.connection.start()
    this.composer.grow()
  }

  /** Is there a conversation to go on with? */
  hasBegun() {
    return this.#talk.connection.hasSession
  }

  /** Puts the focus where one goes on: the field, or with a touch screen what was said, so that no keyboard hides it. */
  focus() {
    if (touches()) this.#talk.transcript.log.focus()
    else this.composer.field.focus()
  }

  /** Escape: closes what is open inside. @returns {boolean} whether something was */
  closeInner() {
    return this.composer.attach.close()
  }

  /** @returns {Talk} */
  #begin() {
    const { words, settings } = this
    const transcript = new Transcript(
      { words, locale: settings.locale, base: settings.base, onCopy: (text) => this.#copy(text) },
      {
        onPick: (option) => this.#pick(option),
        retry: (id) => this.#talk.outbox.retry(id),
        discard: (id) => this.#discard(id),
      },
    )
    const connection = new Connection(this.api, this.store, {
      locale: settings.locale,
      onActivities: (activities) => this.#receive(activities),
      onStatus: (status) => this.#showStatus(status),
    })
    const outbox = new Outbox(connection, this.store, (item) => this.#showOutgoing(item))
    transcript.announce(!connection.hasSession)
    this.element.prepend(transcript.element)
    return { transcript, connection, outbox, wasOnline: false }
  }

  /** Leaves this conversation for another. @param {boolean} keepWords does what was not sent go into the field? */
  #restart(keepWords) {
    const unsent = this.#talk.outbox.clear()
    this.composer.setText(keepWords ? [...unsent, this.composer.field.value].filter(Boolean).join('\n') : '')
    this.#talk.connection.stop()
    this.#talk.transcript.element.remove()
    this.#line.hide()
    this.#question.hide()
    this.#talk = this.#begin()
    this.start()
    this.focus()
  }

  /** @param {Activity[]} activities */
  #receive(activities) {
    for (const activity of activities) {
      const ours = activity.channelData?.clientActivityID
      const isNew = this.#talk.transcript.show(activity)
      if (ours) this.#talk.outbox.drop(ours)
      if (isNew) this.handlers.onMessage(activity)
    }
  }

  /** @param {ConnectionStatus} status */
  #showStatus(status) {
    clearTimeout(this.#patience)
    if (status === 'online') {
      this.#line.hide()
      this.#talk.transcript.announce(true)
      if (this.#talk.wasOnline) this.#talk.outbox.retryAll()
      else this.#talk.outbox.restore()
      this.#talk.wasOnline = true
    } else if (status === 'ended' || status === 'refused') this.#end(status)
    else this.#patience = setTimeout(() => this.#line.show(this.words[status]), PATIENCE)
  }

  /** The phone has a line again; what is over stays over. */
  #lineIsBack() {
    if (this.#talk.over) return
    this.#line.hide()
    this.#talk.outbox.retryAll()
  }

  /** @param {'ended' | 'refused'} why */
  #end(why) {
    this.#talk.over = why
    const again = { label: this.words.again, main: true, run: () => this.#restart(true) }
    this.#line.show(this.words[why], why === 'ended' ? [again] : [])
    this.handlers.say(this.words[why])
  }

  /**
   * @param {string} text
   * @param {ChannelData} channelData
   * @param {File[]} [files]
   * @returns {boolean} false when it must stay where it was written
   */
  #send(text, channelData, files) {
    if (this.#talk.over) {
      this.handlers.say(this.words[this.#talk.over])
      return false
    }
    this.#question.hide()
    this.#talk.outbox.send(
      { type: 'message', from: { id: 'ciudadano', role: 'user' }, text, locale: this.settings.locale, channelData },
      files,
    )
    return true
  }

  /** @param {Option} option */
  #pick({ label, choice, place }) {
    if (place) return this.#sendPlace()
    if (choice && this.#send(choice.label, { choice })) this.focus()
    else if (!choice) this.#tell(label)
  }

  async #sendPlace() {
    this.#question.show(this.words.locating)
    this.handlers.say(this.words.locating)
    try {
      const location = await findPlace()
      const rough = doubt(location.accuracy, this.settings.locale)
      const send = () => this.#send('', { location })
      if (rough) this.#ask(this.words.roughPlace(rough), this.words.sendPlace, send)
      else send()
    } catch (reason) {
      this.#tell(reason === 'placeDenied' ? this.words.placeDenied : this.words.placeFailed)
    }
  }

  #askToForget() {
    this.#ask(this.words.forgetAsk, this.words.forgetYes, () => this.#restart(false))
  }

  /**
   * @param {string} text
   * @param {string} label
   * @param {() => void} run
   */
  #ask(text, label, run) {
    const cancel = { label: this.words.cancel, run: () => this.#dismiss() }
    this.#question.show(text, [{ label, run, main: true }, cancel])
    this.#question.element.querySelector('button')?.focus()
    this.handlers.say(text)
  }

  #dismiss() {
    this.#question.hide()
    this.focus()
  }

  /** @param {string} text something to know, until it is put away */
  #tell(text) {
    this.#question.show(text, [{ label: this.words.understood, run: () => this.#dismiss() }])
    this.handlers.say(text)
  }

  /** @param {string} id */
  #discard(id) {
    this.#talk.outbox.drop(id)
    this.#talk.transcript.remove(id)
    this.focus()
  }

  /** @param {Outgoing} item */
  #showOutgoing(item) {
    this.#talk.transcript.showOutgoing(item)
    if (item.status === 'failed') this.handlers.say(this.words.failed)
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text)
      this.handlers.say(this.words.copied)
    } catch {
      this.#tell(this.words.copyFailed)
    }
  }
}
