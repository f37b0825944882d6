/**
 * @import { Store } from './types.d.ts'
 * @import { Words } from './strings.js'
 */
import { attachMenu } from './attach.js'
import { button, h, touches } from './dom.js'
import { icon } from './icons.js'
import { tray } from './tray.js'

const DRAFT = 'draft'

/**
 * Where the citizen writes; what is written and not sent stays over a reload. `onSend` says whether it took the message.
 * @param {Words} words
 * @param {Store} store
 * @param {{ onSend: (text: string, files: File[]) => boolean, onObjection: (text: string) => void, onPlace: () => void, onForget: () => void }} handlers
 */
export function composer(words, store, { onSend, onObjection, onPlace, onForget }) {
  const field = writingField(words)
  field.value = store.get(DRAFT) ?? ''
  const chosen = tray(words, { onObjection, onRemove: () => (touches() ? attach.toggle : field).focus() })
  const attach = attachMenu(words, { onFiles: chosen.add, onPlace, onForget })
  /** @param {string} text */
  const setText = (text) => {
    field.value = text
    store.set(DRAFT, text)
    grow(field)
  }
  const send = () => {
    const text = field.value.trim()
    if (!text && chosen.files().length === 0) return
    if (!onSend(text, chosen.files())) return
    chosen.clear()
    setText('')
  }
  field.oninput = () => setText(field.value)
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }
  field.onpaste = (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])]
    if (pasted.length === 0) return
    event.preventDefault()
    chosen.add(pasted)
  }
  const go = button({ class: 'round send', type: 'submit', 'aria-label': words.send }, icon('send'))
  go.onpointerdown = (event) => event.preventDefault() // the field keeps the focus, and a phone its keyboard
  const bar = h('div', { class: 'bar' }, attach.toggle, field, go)
  const element = h('form', { class: 'composer' }, attach.element, chosen.element, bar)
  element.onsubmit = (event) => {
    event.preventDefault()
    send()
    if (!touches()) field.focus()
  }
  return { element, attach, field, setText, grow: () => grow(field) }
}

/** @param {Words} words */
function writingField(words) {
  const field = h('textarea', { rows: 1, maxlength: 4000, placeholder: words.write, 'aria-label': words.write })
  field.enterKeyHint = 'send'
  return field
}

/** @param {HTMLTextAreaElement} field as high as its lines, within what the stylesheet allows */
function grow(field) {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight + 2}px`
}
