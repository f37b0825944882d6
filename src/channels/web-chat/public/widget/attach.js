/** @import { Words } from './strings.js' */
import { button, h } from './dom.js'
import { icon } from './icons.js'

const DOCUMENTS = '.pdf,.doc,.docx,.xls,.xlsx,.odt,.ods,.txt,image/*,audio/*,video/*'

/**
 * The button with a plus and what it opens: photos, documents, the place, and leaving no trace on a borrowed computer.
 * @param {Words} words
 * @param {{ onFiles: (files: File[]) => void, onPlace: () => void, onForget: () => void }} handlers
 */
export function attachMenu(words, { onFiles, onPlace, onForget }) {
  const toggle = button({ class: 'round', 'aria-label': words.more, 'aria-expanded': 'false' }, icon('plus'))
  const sheet = h('div', { class: 'sheet', role: 'group', 'aria-label': words.more, hidden: true })
  /** @param {boolean} open */
  const show = (open) => {
    sheet.hidden = !open
    toggle.setAttribute('aria-expanded', String(open))
  }
  /**
   * @param {Parameters<typeof icon>[0]} picture
   * @param {string} label
   * @param {() => void} act
   */
  const item = (picture, label, act) => {
    const run = () => {
      show(false)
      toggle.focus()
      act()
    }
    return button({ onclick: run, class: `item to-${picture}` }, icon(picture), label)
  }
  const camera = picker({ accept: 'image/*', capture: 'environment' }, onFiles)
  const photos = picker({ accept: 'image/*', multiple: true }, onFiles)
  const documents = picker({ accept: DOCUMENTS, multiple: true }, onFiles)
  sheet.append(
    item('camera', words.camera, () => camera.click()),
    item('photos', words.photos, () => photos.click()),
    item('document', words.documents, () => documents.click()),
    item('place', words.place, onPlace),
    item('forget', words.forget, onForget),
  )
  toggle.onclick = () => {
    show(Boolean(sheet.hidden))
    if (!sheet.hidden) [...sheet.querySelectorAll('button')].find(({ offsetParent }) => offsetParent)?.focus()
  }
  return {
    toggle,
    element: h('div', {}, sheet, camera, photos, documents),
    /** @returns {boolean} whether there was something to close */
    close() {
      const wasOpen = !sheet.hidden
      show(false)
      if (wasOpen) toggle.focus()
      return wasOpen
    },
  }
}

/**
 * @param {{ accept: string, capture?: string, multiple?: boolean }} props
 * @param {(files: File[]) => void} onFiles
 */
function picker(props, onFiles) {
  const input = h('input', { type: 'file', ...props })
  input.hidden = true
  input.onchange = () => {
    const files = [...(input.files ?? [])]
    input.value = '' // so that the same file can be chosen again
    if (files.length > 0) onFiles(files)
  }
  return input
}
