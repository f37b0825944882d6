import type { Page } from 'playwright-core'

const WITHOUT = /leaflet|mapa\.js|\/adjuntos\/|^https:/

/**
 * Weighs what the page loads from now on, without maps and photographs. The function that is given tells the bytes over the wire of the
 * page that was opened last, as if the browser had come for the first time: what it has kept counts as when it came.
 */
export async function weighing(page: Page): Promise<() => number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  const sizes = new Map<string, number>()
  const urls = new Map<string, string>()
  let asked = new Set<string>()
  cdp.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    if (type === 'Document') asked = new Set()
    urls.set(requestId, request.url)
    if (!WITHOUT.test(request.url)) asked.add(request.url)
  })
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = urls.get(requestId) ?? ''
    sizes.set(url, Math.max(sizes.get(url) ?? 0, encodedDataLength))
  })
  return () => [...asked].reduce((sum, url) => sum + (sizes.get(url) ?? 0), 0)
}
