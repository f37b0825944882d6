// @ts-check
// Shows the notices that arrive while the panel is closed. It touches no page and keeps nothing.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self))

worker.addEventListener('push', (event) => {
  const { titulo, texto, href, id } = event.data?.json() ?? {}
  if (typeof texto !== 'string') return
  const options = { body: texto, tag: String(id), data: { href }, lang: 'es-MX', icon: '/admin/publico/icono.svg' }
  event.waitUntil(worker.registration.showNotification(String(titulo), options))
})

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const href = String(event.notification.data?.href ?? '')
  event.waitUntil(open(href.startsWith('/admin/') ? href : '/admin/avisos'))
})

/** @param {string} href */
async function open(href) {
  const url = new URL(href, worker.location.origin).href
  const pages = await worker.clients.matchAll({ type: 'window' })
  const there = pages.find((page) => page.url === url)
  return there ? there.focus() : worker.clients.openWindow(url)
}
