/** @import { Words } from './strings.js' */
import { button, h } from './dom.js'
import { icon } from './icons.js'

/**
 * The bubble in the corner, with how many messages wait.
 * @param {Words} words
 * @param {string} title
 * @param {() => void} onToggle
 */
export function launcher(words, title, onToggle) {
  const badge = h('span', { class: 'badge', hidden: true, 'aria-hidden': 'true' })
  const element = button({ class: 'launcher', 'aria-controls': 'panel', onclick: onToggle })
  let isOpen = false
  let count = 0
  const show = () => {
    badge.hidden = count === 0
    badge.textContent = count > 9 ? '9+' : String(count)
    const name = [isOpen ? words.close : words.open, title, count > 0 && words.unread(count)].filter(Boolean).join(', ')
    element.setAttribute('aria-expanded', String(isOpen))
    element.setAttribute('aria-label', name)
    element.replaceChildren(icon(isOpen ? 'down' : 'chat'), badge)
  }
  show()
  return {
    element,
    /** @param {boolean} open */
    setOpen(open) {
      isOpen = open
      show()
    },
    /** @param {number} unread */
    setCount(unread) {
      count = unread
      show()
    },
  }
}
