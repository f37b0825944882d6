// @ts-check
// The viewer of photographs: all of a page one after another, by button, arrow key or Esc. Without it each opens in a tab of its own.

/** @type {HTMLAnchorElement[]} */
let links = []
let at = 0

const dialog = document.createElement('dialog')
dialog.className = 'visor'
dialog.setAttribute('aria-label', 'Fotos')
dialog.innerHTML = `
  <p class="visor-dice" role="status"></p>
  <img alt="">
  <p class="botones">
    <button type="button" class="boton segundo" data-paso="-1">Anterior</button>
    <button type="button" class="boton segundo" data-paso="1">Siguiente</button>
    <a class="boton segundo" target="_blank" rel="noopener">Abrir aparte</a>
    <button type="button" class="boton" data-cerrar>Cerrar</button>
  </p>`
document.body.append(dialog)

const image = /** @type {HTMLImageElement} */ (dialog.querySelector('img'))
const said = /** @type {HTMLElement} */ (dialog.querySelector('.visor-dice'))
const apart = /** @type {HTMLAnchorElement} */ (dialog.querySelector('a'))

/** What it is and where among the others. */
function caption() {
  const name = links[at]?.dataset.foto ?? 'Foto'
  return links.length > 1 ? `${name}: ${at + 1} de ${links.length}` : name
}

/** @param {number} index */
function show(index) {
  at = (index + links.length) % links.length
  const href = links[at]?.href ?? ''
  said.textContent = `${caption()}. Cargando…`
  image.hidden = true
  image.alt = caption()
  image.src = href
  apart.href = href
}

image.addEventListener('load', () => {
  image.hidden = false
  said.textContent = caption()
})
image.addEventListener('error', () => {
  said.textContent = `${caption()}. No se pudo cargar. Revise su conexión y ábrala otra vez.`
})
dialog.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLElement)) return
  if (target.dataset.paso) show(at + Number(target.dataset.paso))
  // Beside what it shows there is only the dialog itself.
  if (target === dialog || 'cerrar' in target.dataset) dialog.close()
})
dialog.addEventListener('keydown', (event) => {
  const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
  if (step === 0 || links.length < 2) return
  event.preventDefault()
  show(at + step)
})
dialog.addEventListener('close', () => {
  image.removeAttribute('src')
  links[at]?.focus()
})

/**
 * Shows the photograph behind a link, among all of the page.
 * @param {HTMLAnchorElement} link
 */
export function view(link) {
  links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('a[data-foto]')])
  for (const button of dialog.querySelectorAll('[data-paso]')) button.toggleAttribute('hidden', links.length < 2)
  dialog.showModal()
  show(links.indexOf(link))
}
