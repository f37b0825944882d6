// @ts-check
// What the panel adds to plain pages: live news, one submit a form, the eye led to what went wrong.

/** htmx, loaded before this file; only what is used here. */
const { htmx } = /** @type {{ htmx: { trigger(at: Element, event: string): void } }} */ (
  /** @type {unknown} */ (window)
)

/** What may be told, and how often a page asks for it at most, in milliseconds. */
const NEWS = {
  peticion: 500,
  hilo: 200,
  conversaciones: 2000,
  redes: 1000,
  canal: 500,
  presencia: 100,
  turno: 300,
  aviso: 300,
}

/** @type {Map<string, number>} */
const waiting = new Map()

/**
 * Lets the parts of the page that show it ask again; several in a row are one, and the last is never left out.
 * @param {string} name
 * @param {number} pause
 */
function tell(name, pause) {
  if (waiting.has(name)) return
  const timer = setTimeout(() => {
    waiting.delete(name)
    htmx.trigger(document.body, name)
  }, pause)
  waiting.set(name, timer)
}

/**
 * Listens while the page is seen: a browser keeps only six connections to a server, and every open tab would hold one.
 * @param {string} url
 */
function listen(url) {
  /** @type {EventSource | undefined} */
  let source
  let away = false
  const open = () => {
    source = new EventSource(url)
    for (const [name, pause] of Object.entries(NEWS)) source.addEventListener(name, () => tell(name, pause))
    source.addEventListener('error', () => {
      away = true
    })
    source.addEventListener('open', () => {
      if (away) for (const [name, pause] of Object.entries(NEWS)) tell(name, pause)
      away = false
    })
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source?.close()
      source = undefined
      away = true
    } else if (!source) open()
  })
  if (!document.hidden) open()
}

const eventos = document.body.dataset.eventos
if (eventos) listen(eventos)

// A second press while the first is on its way does nothing; coming back with the arrow makes the form usable again.
document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target)
  if (form.dataset.enviado) event.preventDefault()
  else if (form.method === 'post' && !form.hasAttribute('hx-post')) {
    form.dataset.enviado = 'si'
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
  }
})

/** No notice comes to this browser any more, also where the session that asked for them ran out long ago. */
async function silence() {
  const registration = await navigator.serviceWorker?.getRegistration('/admin/')
  const subscription = await registration?.pushManager?.getSubscription()
  await subscription?.unsubscribe()
}

/** @type {HTMLFormElement | null} */
const leaving = document.querySelector('form[action="/admin/salir"]')
leaving?.addEventListener('submit', (event) => {
  event.preventDefault()
  // Nobody is kept from leaving by a push service that does not answer.
  const patience = new Promise((resolve) => setTimeout(resolve, 1000))
  Promise.race([silence(), patience])
    .catch(() => undefined)
    .finally(() => leaving.submit())
})

window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-enviado]')) {
    form.removeAttribute('data-enviado')
    for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled')
  }
})

document.addEventListener('click', (event) => {
  const target = /** @type {Element} */ (event.target)
  if (target.closest('[data-recargar]')) {
    event.preventDefault()
    location.reload()
  }
  if (target.closest('[data-imprimir]')) window.print()
})

// A text that stands ready goes to where one was writing.
document.addEventListener('click', (event) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-insertar]'))
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(button?.dataset.en ?? ''))
  if (!button || !field) return
  field.setRangeText(button.dataset.insertar ?? '', field.selectionStart, field.selectionEnd, 'end')
  field.focus()
  field.dispatchEvent(new Event('input', { bubbles: true }))
})

for (const wrong of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-enfocar]'))) wrong.focus()

// Opening a petition as its enlace is receiving it; a page that a browser only prepares is not opened.
const alVer = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-al-ver]'))
if (alVer) {
  const recibir = () => {
    if (!document.hidden && !('prerendering' in document && document.prerendering)) alVer.requestSubmit()
  }
  document.addEventListener('visibilitychange', recibir)
  document.addEventListener('prerenderingchange', recibir)
  recibir()
}

// A conversation is read from its end; who has scrolled up is left there.
for (const hilo of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-hilo]'))) {
  let atEnd = true
  hilo.scrollTop = hilo.scrollHeight
  hilo.addEventListener('scroll', () => {
    atEnd = hilo.scrollHeight - hilo.scrollTop - hilo.clientHeight < 40
  })
  hilo.addEventListener('htmx:afterSwap', () => {
    if (atEnd) hilo.scrollTop = hilo.scrollHeight
  })
}

// Choosing the subject shows its fields at once; without this file there is a button.
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-al-cambiar]'))) {
  form.addEventListener('change', () => form.requestSubmit())
}

// What is to be handed over is copied by one press; where the browser forbids it, it can still be marked by hand.
for (const button of document.querySelectorAll('button[data-copiar]')) {
  const field = document.getElementById(button.getAttribute('data-copiar') ?? '')
  if (!(field instanceof HTMLInputElement) || !navigator.clipboard) continue
  button.removeAttribute('hidden')
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value)
    const said = document.getElementById(`${field.id}-copiada`)
    if (said) said.textContent = 'Copiado.'
  })
}

// On a narrow screen the menu and the tabs run off the side: where one is must be in view.
for (const aqui of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll('.menu [aria-current], .pestanas [aria-current]')
)) {
  const row = aqui.parentElement
  if (!row) continue
  const off = aqui.getBoundingClientRect().left - row.getBoundingClientRect().left
  row.scrollLeft += off - (row.clientWidth - aqui.offsetWidth) / 2
}

// Photographs open on the page itself; their viewer comes when the first is pressed, and without it they open as links do.
document.addEventListener('click', async (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[data-foto]') : null
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  try {
    const { view } = await import(`./fotos.js${new URL(import.meta.url).search}`)
    view(link)
  } catch {
    location.assign(link.href)
  }
})
