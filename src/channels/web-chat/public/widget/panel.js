/**
 * @import { Settings } from './types.d.ts'
 * @import { Words } from './strings.js'
 */
import { button, h } from './dom.js'
import { icon } from './icons.js'
import { link } from './rich-text.js'

/** Where the panel takes the whole window, as the stylesheet has it. */
const NARROW = '(max-width: 479px), (max-height: 479px)'

/**
 * The frame around the chat. In a small window it is modal, so that nobody tabs into the page it covers; in the page form it just stands there.
 * @param {Settings} settings
 * @param {Words} words
 * @param {HTMLElement} chat
 * @param {{ onClose: () => void }} handlers
 */
export function panel({ title, mode, privacyUrl }, words, chat, { onClose }) {
  if (mode === 'page') return page(title, chat)
  const privacy = privacyUrl ? [' · ', link(privacyUrl, words.privacy)] : []
  const close = button({ 'aria-label': words.close, onclick: onClose }, icon('close'))
  const heading = h('h2', { id: 'title' }, title)
  const top = h('header', {}, h('div', {}, heading, h('p', {}, words.subtitle, ...privacy)), close)
  const element = h('dialog', { class: 'panel', id: 'panel', 'aria-labelledby': 'title' }, top, chat)
  const narrow = matchMedia(NARROW)
  narrow.onchange = () => {
    const root = element.getRootNode()
    const focused = root instanceof ShadowRoot ? root.activeElement : null
    if (element.open) show()
    if (focused instanceof HTMLElement) focused.focus()
  }
  element.oncancel = (event) => event.preventDefault() // Escape is ours: it may close less than the panel
  const show = () => {
    if (element.open) element.close()
    if (narrow.matches) element.showModal()
    else element.setAttribute('open', '') // `show()` would take the focus, and the page may have opened us
  }
  return { element, show, hide: () => element.close(), isOpen: () => element.open }
}

/**
 * @param {string} title
 * @param {HTMLElement} chat
 */
function page(title, chat) {
  const element = h('section', { class: 'panel', 'aria-label': title }, chat)
  return { element, show() {}, hide() {}, isOpen: () => true }
}

/**
 * Keeps `--height` and `--top` at what a screen keyboard leaves free, for browsers that lay it over the page.
 * @param {HTMLElement} element
 */
export function followKeyboard(element) {
  const viewport = window.visualViewport
  if (!viewport) return
  const fit = () => {
    if (viewport.scale > 1.01) return // the reader has zoomed in
    element.style.setProperty('--height', `${viewport.height}px`)
    element.style.setProperty('--top', `${viewport.offsetTop}px`)
  }
  viewport.addEventListener('resize', fit)
  viewport.addEventListener('scroll', fit)
}
