// @ts-check
// What one writes is kept on this device until the server has it: no signal, a closed page or a dead battery lose nothing.
// Each form carries a key (`envio`) by which the server does it once, however often it arrives.

/** @typedef {{ campos: [string, string][], ocultos: Record<string, string>, at: number, conArchivo: boolean, pendiente: boolean, enviado: boolean }} Borrador */

const DAYS = 7
const RETRY = 15_000
/** Milliseconds after which a network that does not answer is none. */
const PATIENCE = 8000
const HIDDEN = ['version', 'movimiento', 'envio']
const ours = `borrador:${document.body.dataset.usuario}:`

/** @param {HTMLFormElement} form */
const keyOf = (form) => ours + new URL(form.action).pathname

/**
 * @param {string} key
 * @returns {Borrador | undefined}
 */
function read(key) {
  const text = localStorage.getItem(key)
  return text === null ? undefined : JSON.parse(text)
}

/** @param {HTMLFormElement} form */
const fieldsOf = (form) =>
  /** @type {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} */ ([...form.elements]).filter(
    ({ name, type }) => name && !['hidden', 'file', 'password', 'submit', 'button'].includes(type),
  )

/** @param {Element} field */
const isBox = (field) => field instanceof HTMLInputElement && ['radio', 'checkbox'].includes(field.type)

/**
 * @param {HTMLFormElement} form
 * @param {Partial<Borrador>} how
 */
function save(form, how) {
  const campos = fieldsOf(form)
    .filter((field) => !isBox(field) || /** @type {HTMLInputElement} */ (field).checked)
    .map(({ name, value }) => [name, value])
  const ocultos = Object.fromEntries(hiddenOf(form).map(({ name, value }) => [name, value]))
  const files = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[type="file"]'))
  const conArchivo = [...files].some((field) => field.value !== '')
  const draft = { campos, ocultos, at: Date.now(), conArchivo, pendiente: false, enviado: false, ...how }
  localStorage.setItem(keyOf(form), JSON.stringify(draft))
}

/** @param {HTMLFormElement} form */
const hiddenOf = (form) =>
  [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[type="hidden"]'))].filter(({ name }) =>
    HIDDEN.includes(name),
  )

/**
 * Puts back what was written, and how the petition looked then: whoever saves it is told what changed since.
 * @param {HTMLFormElement} form
 * @param {Borrador} draft
 */
function restore(form, draft) {
  for (const field of fieldsOf(form)) {
    const values = draft.campos.filter(([name]) => name === field.name).map(([, value]) => value)
    if (isBox(field)) /** @type {HTMLInputElement} */ (field).checked = values.includes(field.value)
    else if (values[0] !== undefined) field.value = values[0]
  }
  for (const field of hiddenOf(form)) field.value = draft.ocultos[field.name] ?? field.value
  const folded = form.closest('details')
  if (folded) folded.open = true
}

/**
 * Says it at the head of the form, in the words of the page's template.
 * @param {HTMLFormElement} form
 * @param {string | undefined} what
 */
function say(form, what) {
  let place = form.querySelector('[data-borrador-dice]')
  if (!place) {
    place = document.createElement('div')
    place.setAttribute('role', 'status')
    place.setAttribute('data-borrador-dice', '')
    form.prepend(place)
  }
  const template =
    what && /** @type {HTMLTemplateElement | null} */ (document.querySelector(`template#borrador-${what}`))
  place.replaceChildren(...(template ? [template.content.cloneNode(true)] : []))
}

/** Is the server there? A browser that says it is online may be behind a wall. */
async function reachable() {
  if (!navigator.onLine) return false
  const probe = fetch('/admin/publico/icono.svg', {
    method: 'HEAD',
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
  })
  return probe.then(
    ({ ok }) => ok,
    () => false,
  )
}

/**
 * Sends it when the server is there; otherwise keeps it, and tries again by itself.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} [submitter]
 */
async function send(form, submitter) {
  if (form.dataset.probando) return
  form.dataset.probando = 'si'
  const there = await reachable()
  delete form.dataset.probando
  if (!there) {
    save(form, { pendiente: true })
    say(form, 'sin-senal')
    form.dataset.pendiente = 'si'
    return
  }
  delete form.dataset.pendiente
  form.dataset.alcanzable = 'si'
  save(form, { enviado: true })
  form.requestSubmit(submitter)
}

/** @param {HTMLFormElement} form */
function open(form) {
  const key = keyOf(form)
  const draft = read(key)
  // The page brought the form back with what was wrong: that is newer than any draft.
  if (form.querySelector('[data-enfocar]')) return save(form, {})
  if (!draft) return
  restore(form, draft)
  say(form, draft.conArchivo ? 'recuperado-sin-archivo' : 'recuperado')
  if (draft.pendiente && !draft.conArchivo) send(form)
}

/** @param {HTMLFormElement} form */
function written(form) {
  // Other words are another form: what was sent before may have arrived.
  if (read(keyOf(form))?.enviado) {
    for (const field of hiddenOf(form)) if (field.name === 'envio') field.value = crypto.randomUUID?.() ?? field.value
  }
  save(form, {})
}

/** @param {(key: string, draft: Borrador) => boolean} which */
function drop(which) {
  for (const key of Object.keys(localStorage)) {
    const draft = key.startsWith(ours) ? read(key) : undefined
    if (draft && which(key, draft)) localStorage.removeItem(key)
  }
}

/** A browser that keeps nothing still sends forms. */
function canKeep() {
  try {
    localStorage.setItem('prueba', '')
    localStorage.removeItem('prueba')
    return true
  } catch {
    return false
  }
}

function start() {
  drop((_key, { at }) => at < Date.now() - DAYS * 86_400_000)
  const done = new URLSearchParams(location.search).get('hecho')
  if (done) drop((key, { enviado }) => enviado && key.endsWith(`/${done}`))
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-borrador]'))
  for (const form of forms) {
    form.addEventListener('input', () => written(form))
    open(form)
  }
  document.addEventListener(
    'submit',
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target)
      if (form.getAttribute('action') === '/admin/salir') drop(() => true)
      if (!form.hasAttribute('data-borrador') || form.dataset.alcanzable) return
      event.preventDefault()
      event.stopImmediatePropagation()
      send(form, /** @type {SubmitEvent} */ (event).submitter)
    },
    true,
  )
  const again = () => {
    for (const form of forms) if (form.dataset.pendiente) send(form)
  }
  window.addEventListener('online', again)
  setInterval(again, RETRY)
  window.addEventListener('pageshow', () => {
    for (const form of forms) delete form.dataset.alcanzable
  })
  document.addEventListener('click', (event) => {
    const button = /** @type {Element} */ (event.target).closest('[data-descartar]')
    const form = button?.closest('form')
    if (!form) return
    localStorage.removeItem(keyOf(form))
    location.reload()
  })
}

if (document.body.dataset.usuario && canKeep()) start()
