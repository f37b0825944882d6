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
  const element = button(
    { class: 'launcher', 'aria-expanded': 'false', 'aria-controls': 'panel', onclick: onToggle },
    icon('chat'),
    badge,
  )
  /** @param {string} [extra] */
  const name = (extra) => {
    element.ariaLabel = [words.open, title, extra].filter(Boolean).join(', ')
  }
  name()
  return {
    element,
    /** @param {boolean} open */
    setOpen(open) {
      element.ariaExpanded = String(open)
    },
    /** @param {number} count */
    setCount(count) {
      badge.hidden = count === 0
      badge.textContent = count > 9 ? '9+' : String(count)
      name(count > 0 ? words.unread(count) : undefined)
    },
  }
}
