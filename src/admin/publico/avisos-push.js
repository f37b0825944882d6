// @ts-check
// This device asks for notices, or wants none any more; only on a press, and told in words.

const card = /** @type {HTMLElement | null} */ (document.querySelector('[data-push]'))
const csrf = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['x-csrf-token']

/** @param {string} name */
const button = (name) => /** @type {HTMLButtonElement | null} */ (card?.querySelector(`[data-push-${name}]`) ?? null)

/** @param {string} name */
function say(name) {
  const words = /** @type {HTMLTemplateElement | null} */ (card?.querySelector(`template[data-push-${name}]`) ?? null)
  const place = card?.querySelector('[data-push-estado]')
  if (words && place) place.textContent = words.content.textContent
}

/**
 * @param {string} url
 * @param {unknown} body
 */
async function post(url, body) {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`the panel answered ${answer.status}`)
}

/** @param {boolean} active */
function show(active) {
  const [activar, quitar] = [button('activar'), button('quitar')]
  // The focus stays on what was pressed, as the other one of the two.
  const pressed = document.activeElement === activar || document.activeElement === quitar
  if (activar) activar.hidden = active
  if (quitar) quitar.hidden = !active
  if (pressed) (active ? quitar : activar)?.focus()
  say(active ? 'activo' : 'inactivo')
}

async function activar() {
  if ((await Notification.requestPermission()) !== 'granted') return say('negado')
  const registration = await navigator.serviceWorker.register('/admin/avisos-sw.js', { scope: '/admin/' })
  await navigator.serviceWorker.ready
  const options = { userVisibleOnly: true, applicationServerKey: card?.dataset.push ?? '' }
  const subscription = await registration.pushManager.subscribe(options)
  await post('/admin/cuenta/push', subscription.toJSON())
  show(true)
}

async function quitar() {
  const subscription = await current()
  if (subscription) {
    await post('/admin/cuenta/push/quitar', { endpoint: subscription.endpoint })
    await subscription.unsubscribe()
  }
  show(false)
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration('/admin/')
  return (await registration?.pushManager.getSubscription()) ?? null
}

if (card && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  show((await current()) !== null)
  if (Notification.permission === 'denied') say('negado')
  button('activar')?.addEventListener('click', () => activar().catch(() => say('fallo')))
  button('quitar')?.addEventListener('click', () => quitar().catch(() => say('fallo')))
} else if (card) say('no-se-puede')
