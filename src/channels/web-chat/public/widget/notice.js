import { button, h } from './dom.js'

/** @typedef {{ label: string, run: () => void, main?: boolean }} Action */

/** A strip above the composer that says one thing and offers ways on. */
export function notice() {
  const element = h('div', { class: 'notice', hidden: true })
  return {
    element,
    /**
     * @param {string} text
     * @param {Action[]} [actions]
     */
    show(text, actions = []) {
      const buttons = actions.map(({ label, run, main }) => button({ class: main ? 'main' : '', onclick: run }, label))
      element.replaceChildren(h('p', {}, text), ...(buttons.length > 0 ? [h('div', {}, ...buttons)] : []))
      element.hidden = false
    },
    hide() {
      element.hidden = true
      element.replaceChildren()
    },
  }
}
