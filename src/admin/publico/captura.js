// @ts-check
// The subjects of the form of capture are narrowed while one types, by their names and by the words people use for them.

const campo = document.getElementById('buscar-asunto-campo')
const buscar = /** @type {HTMLInputElement | null} */ (document.getElementById('buscar-asunto'))
const cuenta = document.getElementById('asuntos-cuenta')
const grupos = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.grupo-de-asuntos')])
const asuntos = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-busca]')])

/** @param {string} text */
const fold = (text) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()

const words = new Map(asuntos.map((one) => [one, fold(one.dataset.busca ?? '').split(/[^a-z0-9]+/)]))

const narrow = () => {
  const typed = fold(buscar?.value ?? '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  for (const one of asuntos) {
    one.hidden = !typed.every((word) => words.get(one)?.some((own) => own.startsWith(word)))
  }
  for (const grupo of grupos) grupo.hidden = !grupo.querySelector('li:not([hidden])')
  const left = seen().length
  if (cuenta) cuenta.textContent = typed.length === 0 ? '' : left === 1 ? '1 asunto' : `${left} asuntos`
}

const seen = () => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('[data-busca]:not([hidden]) a')])

if (campo && buscar) {
  campo.hidden = false
  if (buscar.autofocus) buscar.focus()
  buscar.addEventListener('input', narrow)
  buscar.addEventListener('keydown', (event) => {
    const [first] = seen()
    if (!first || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    if (event.key === 'Enter' && buscar.value.trim() !== '') first.click()
    else first.focus()
  })
}
