/** @import { Words } from './strings.js' */
import { button, h, spoken } from './dom.js'
import { objection, preview } from './files.js'
import { icon } from './icons.js'

/**
 * The files chosen and not sent yet.
 * @param {Words} words
 * @param {{ onObjection: (text: string) => void, onRemove: () => void }} handlers
 */
export function tray(words, { onObjection, onRemove }) {
  const element = h('div', { class: 'tray', role: 'group', 'aria-label': words.toSend, hidden: true })
  /** @type {File[]} */
  let files = []
  /** @param {File[]} next */
  const set = (next) => {
    files = next
    element.replaceChildren(...files.map(item))
    element.hidden = files.length === 0
  }
  /** @param {File} file */
  const item = (file) => {
    const drop = () => {
      set(files.filter((other) => other !== file))
      onRemove()
    }
    const remove = button({ class: 'remove', onclick: drop }, icon('close'), spoken(`${words.remove} ${file.name}`))
    return h('div', { class: 'pick' }, preview(file), remove)
  }
  return {
    element,
    files: () => files,
    clear: () => set([]),
    /** @param {File[]} added */
    add(added) {
      const problem = objection([...files, ...added], words)
      if (problem) onObjection(problem)
      else set([...files, ...added])
    },
  }
}
