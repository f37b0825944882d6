/** @import { Option } from './protocol.js' */
import { button, h, spoken } from './dom.js'
import { icon } from './icons.js'
import { safeUrl } from './protocol.js'
import { link } from './rich-text.js'

/**
 * The buttons under a message of ours. `close` disables what answers, marking the chosen one; links stay.
 * @typedef {{ element: HTMLElement, close: (chosenId?: string) => void, open: () => void }} Menu
 */

/**
 * @param {Option[]} options
 * @param {{ label: string, chosen: string, base: string, onPick: (option: Option) => void }} settings
 * @returns {Menu}
 */
export function menu(options, { label, chosen, base, onPick }) {
  const element = h('div', { class: options.length > 2 ? 'menu many' : 'menu', role: 'group', 'aria-label': label })
  /** @type {Map<string, HTMLButtonElement>} */
  const answers = new Map()
  for (const option of options) {
    const href = option.url && safeUrl(option.url, base)
    if (href) element.append(link(href, option.label))
    else if (!option.url) {
      const answer = button({ onclick: () => onPick(option) }, ...(option.place ? [icon('place')] : []), option.label)
      answers.set(option.choice?.id ?? '', answer)
      element.append(answer)
    }
  }
  return {
    element,
    open() {
      for (const answer of answers.values()) answer.disabled = false
    },
    close(chosenId) {
      for (const answer of answers.values()) answer.disabled = true
      const picked = chosenId === undefined ? undefined : answers.get(chosenId)
      if (!picked || picked.classList.contains('chosen')) return
      picked.classList.add('chosen')
      picked.prepend(icon('check'), spoken(`${chosen}: `))
    },
  }
}
