// @ts-check
// Choosing many petitions of the list: x chooses the one in focus, Shift+X or Shift+click up to it. Without this file the boxes work one by one.

const boxes = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('.fila input[name="p"]')])
const bar = /** @type {HTMLElement | null} */ (document.querySelector('[data-elegidas]'))
/** @type {HTMLInputElement | undefined} */
let last

function count() {
  const n = boxes().filter((box) => box.checked).length
  const said = bar?.querySelector('[data-cuantas]')
  if (said) said.textContent = n === 0 ? '' : n === 1 ? '1 elegida' : `${n} elegidas`
  bar?.classList.toggle('activa', n > 0)
}

/**
 * Chooses it, or everything from the one before up to it.
 * @param {HTMLInputElement} box
 * @param {boolean} range
 */
function choose(box, range) {
  const all = boxes()
  const from = last ? all.indexOf(last) : -1
  const to = all.indexOf(box)
  if (range && from >= 0) {
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked
  }
  last = box
  count()
}

document.addEventListener('click', (event) => {
  const box = event.target
  if (box instanceof HTMLInputElement && box.matches('.fila input[name="p"]')) choose(box, event.shiftKey)
})

document.addEventListener('keydown', (event) => {
  const off = /** @type {HTMLInputElement | null} */ (document.getElementById('atajos-usar'))?.checked === false
  if (off || event.key.toLowerCase() !== 'x' || event.ctrlKey || event.metaKey || event.altKey) return
  const box = /** @type {HTMLInputElement | null | undefined} */ (
    document.activeElement?.closest('.fila')?.querySelector('input[name="p"]')
  )
  if (!box || document.querySelector('dialog[open]')) return
  event.preventDefault()
  box.checked = event.shiftKey ? true : !box.checked
  choose(box, event.shiftKey)
})

document.querySelector('[data-todas-de-la-pagina]')?.addEventListener('click', () => {
  const all = boxes()
  const want = all.some((box) => !box.checked)
  for (const box of all) box.checked = want
  count()
})
for (const hidden of document.querySelectorAll('[data-todas-de-la-pagina]')) hidden.removeAttribute('hidden')
window.addEventListener('pageshow', count)
