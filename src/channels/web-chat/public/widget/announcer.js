import { h } from './dom.js'

/** What was said long ago must not be found by someone who reads the page, in milliseconds. */
const STALE = 10_000

/** Says things to screen readers that eyes see elsewhere. */
export function announcer() {
  const element = h('div', { class: 'sr', role: 'status' })
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let clearing
  /** @param {string} text */
  const say = (text) => {
    clearTimeout(clearing)
    element.textContent = element.textContent === text ? `${text}\u00a0` : text // the same words again are read again
    clearing = setTimeout(() => element.replaceChildren(), STALE)
  }
  return { element, say }
}
