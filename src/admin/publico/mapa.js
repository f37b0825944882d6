// @ts-check
// The map of one petition, of a filter, and of where there are most. Without this file the words beside it still say where.

const { L } = /** @type {{ L: typeof import('leaflet') }} */ (/** @type {unknown} */ (window))

/**
 * A map whose buttons say what they do in the words of the page.
 * @param {HTMLElement} place
 */
function mapOn(place) {
  const { acercar = '', alejar = '' } = place.dataset
  const map = L.map(place, { scrollWheelZoom: false, zoomControl: false })
  return map.addControl(L.control.zoom({ zoomInTitle: acercar, zoomOutTitle: alejar }))
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-cuadros]'))) {
  const { latitud, longitud, cuadros = '', atribucion = '' } = place.dataset
  /** @type {[number, number]} */
  const at = [Number(latitud), Number(longitud)]
  place.hidden = false
  const map = mapOn(place).setView(at, 16)
  // The tile servers want to know which site asks; the page's address stays with us.
  L.tileLayer(cuadros, { attribution: atribucion, maxZoom: 19, referrerPolicy: 'origin' }).addTo(map)
  L.circleMarker(at, { radius: 10, weight: 3, color: '#a02417', fillOpacity: 0.4 }).addTo(map)
}

/**
 * @param {HTMLElement} place
 */
function town(place) {
  const { latitud, longitud, zoom, cuadrosUrl = '', atribucion = '' } = place.dataset
  const map = mapOn(place).setView([Number(latitud), Number(longitud)], Number(zoom))
  L.tileLayer(cuadrosUrl, { attribution: atribucion, maxZoom: 19, referrerPolicy: 'origin' }).addTo(map)
  return map
}

/**
 * @typedef {{ folio: string, asunto: string, estado: string, colonia: string | null, latitud: number, longitud: number, vencida: boolean }} Punto
 * @typedef {{ latitud: number, longitud: number, n: number, vencidas: number }} Celda
 * @param {string} href
 * @param {string} text
 */
function link(href, text) {
  const a = document.createElement('a')
  a.href = href
  a.textContent = text
  return a
}

/**
 * @template T
 * @param {string | undefined} url
 * @returns {Promise<T>}
 */
async function read(url) {
  const answer = await fetch(url ?? '', { headers: { accept: 'application/json' } })
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  return answer.json()
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-puntos]'))) {
  const said = document.querySelector('[data-puntos-dice]')
  const say = (/** @type {string} */ text) => said?.replaceChildren(text)
  const map = town(place)
  /** @type {Promise<{ puntos: Punto[], hayMas: boolean }>} */
  const answer = read(place.dataset.puntos)
  answer.then(
    ({ puntos, hayMas }) => {
      for (const one of puntos) {
        L.circleMarker([one.latitud, one.longitud], {
          radius: 8,
          weight: 2,
          color: one.vencida ? '#a02417' : '#0b5f59',
          fillOpacity: 0.5,
        })
          .bindPopup(link(`/admin/peticiones/${one.folio}`, `${one.asunto}, ${one.colonia ?? one.folio}`))
          .addTo(map)
      }
      if (puntos.length > 0)
        map.fitBounds(
          puntos.map(({ latitud, longitud }) => [latitud, longitud]),
          { maxZoom: 16 },
        )
      const text = puntos.length === 0 ? place.dataset.ninguno : hayMas ? place.dataset.recientes : place.dataset.todos
      say(text?.replace('{n}', String(puntos.length)) ?? '')
    },
    () => say(place.dataset.falla ?? ''),
  )
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-calor]'))) {
  const map = town(place)
  const size = Number(place.dataset.lado)
  /** @type {Promise<Celda[]>} */
  const answer = read(place.dataset.calor)
  answer.then(
    (celdas) => {
      const most = Math.max(1, ...celdas.map(({ n }) => n))
      for (const { latitud, longitud, n, vencidas } of celdas) {
        L.rectangle(
          [
            [latitud, longitud],
            [latitud + size, longitud + size],
          ],
          { stroke: false, fillColor: '#a02417', fillOpacity: 0.15 + (0.6 * n) / most },
        )
          .bindPopup((place.dataset.celda ?? '').replace('{n}', String(n)).replace('{vencidas}', String(vencidas)))
          .addTo(map)
      }
    },
    () => place.replaceChildren(place.dataset.falla ?? ''),
  )
}
