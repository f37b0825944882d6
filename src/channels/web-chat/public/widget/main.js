/** @import { Settings } from './types.d.ts' */

import { announcer } from './announcer.js'
import { Chat } from './chat.js'
import { palette } from './colours.js'
import { h } from './dom.js'
import { launcher } from './launcher.js'
import { followKeyboard, panel } from './panel.js'
import { readSettings, wordsOf } from './settings.js'
import { openStore } from './store.js'
import { FRAME } from './styles.js'
import { CHAT } from './styles-chat.js'
import { attention } from './unread.js'

/** Kept in the browser: was the panel open? */
const OPEN = 'open'

/**
 * Puts the chat into the page: a bubble in the corner, or (`data-mode="page"`) the whole of the element `[data-canaliza-chat]`.
 * @param {HTMLScriptElement} script the one that the page has
 */
export function start(script) {
  const settings = readSettings(script)
  if (document.body) mount(settings)
  else addEventListener('DOMContentLoaded', () => mount(settings))
}

/** @param {Settings} settings */
function mount(settings) {
  const host = document.createElement('canaliza-chat')
  for (const [name, value] of Object.entries(palette(settings.colour))) host.style.setProperty(name, value)
  const isPage = settings.mode === 'page'
  const parent = (isPage && document.querySelector('[data-canaliza-chat]')) || document.body
  parent.append(host)
  const root = host.attachShadow({ mode: 'open' })
  const top = h('div', { class: `${settings.mode}-mode ${settings.position}`, lang: settings.lang })
  root.append(dress(root), top)
  followKeyboard(isPage ? document.documentElement : host)
  furnish(top, settings)
}

/** @param {ShadowRoot} root gets a constructed sheet, which no page's CSP forbids; browsers before 2023 a style element */
function dress(root) {
  const css = FRAME + CHAT
  if (!('adoptedStyleSheets' in root)) return h('style', {}, css)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  return ''
}

/**
 * @param {HTMLElement} top
 * @param {Settings} settings
 */
function furnish(top, settings) {
  const words = wordsOf(settings.lang)
  const store = openStore(`canaliza:${settings.base}:`)
  const { element: spoken, say } = announcer()
  const isPage = settings.mode === 'page'
  const news = attention(store, {
    isLooking: () => frame.isOpen() && !document.hidden,
    onCount(count) {
      bubble.setCount(count)
      if (count > 0 && !frame.isOpen()) say(words.unread(count))
    },
  })
  const chat = new Chat(settings, words, store, { say: (text) => frame.isOpen() && say(text), onMessage: news.arrived })
  const setOpen = (/** @type {boolean} */ open) => {
    if (open) frame.show()
    else frame.hide()
    bubble.setOpen(open)
    if (!isPage) store.set(OPEN, open ? '1' : '')
    if (open) chat.start()
    news.look()
  }
  const close = () => {
    setOpen(false)
    bubble.element.focus()
  }
  const toggle = () => {
    if (frame.isOpen()) return close()
    setOpen(true)
    chat.focus()
  }
  const frame = panel(settings, words, chat.element, { onClose: close })
  const bubble = launcher(words, settings.title, toggle)
  top.append(frame.element, ...(isPage ? [] : [bubble.element]), spoken)
  top.onkeydown = (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    if (!chat.closeInner() && !isPage && frame.isOpen()) close()
  }
  if (isPage || settings.open || (store.get(OPEN) && innerWidth >= 480)) setOpen(true)
  else if (chat.hasBegun()) chat.start()
}
