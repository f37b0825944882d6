// @ts-check
// Keys for who works all day: j and k through a list, r to answer, / to search, ? for help, Ctrl+K to go anywhere.

const OFF = 'sin-atajos'
const help = /** @type {HTMLDialogElement | null} */ (document.getElementById('atajos'))
const palette = /** @type {HTMLDialogElement | null} */ (document.getElementById('ir'))
const toggle = /** @type {HTMLInputElement | null} */ (document.getElementById('atajos-usar'))

/** Where one writes, a letter is a letter. @param {EventTarget | null} target */
const writes = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** @param {number} by */
function move(by) {
  const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.lista .fila h2 a')])
  const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement))
  const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))
  links[next]?.focus()
}

/** @param {string} selector */
const focus = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus()

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => focus('#responder-texto, form[action$="/responder"] textarea'),
  '/': () => focus('#q'),
  '?': () => help?.showModal(),
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && palette) {
    event.preventDefault()
    if (!palette.open) palette.showModal()
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target) || document.querySelector('dialog[open]'))
    return
  const act = KEYS[event.key]
  if (!act || !toggle?.checked) return
  event.preventDefault()
  act()
})

// What is typed leaves the places that say it; Enter goes to the first, or looks it up among the petitions.
const field = /** @type {HTMLInputElement | null} */ (palette?.querySelector('input[name="q"]') ?? null)
const plain = (/** @type {string} */ text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
const places = () => /** @type {HTMLAnchorElement[]} */ ([...(palette?.querySelectorAll('li a') ?? [])])
field?.addEventListener('input', () => {
  for (const place of places()) {
    const item = place.closest('li')
    if (item) item.hidden = !plain(place.textContent ?? '').includes(plain(field.value))
  }
})
palette?.querySelector('form')?.addEventListener('submit', (event) => {
  const first = places().find((place) => !place.closest('li')?.hidden)
  if (!first || field?.value.trim() === '') return
  event.preventDefault()
  first.click()
})

if (toggle) {
  toggle.checked = localStorage.getItem(OFF) === null
  toggle.addEventListener('change', () => {
    if (toggle.checked) localStorage.removeItem(OFF)
    else localStorage.setItem(OFF, 'si')
  })
}
