// @ts-check
// The one-place map of a petition. Without this file the address and the links beside it still say where.

const { L } = /** @type {{ L: typeof import('leaflet') }} */ (/** @type {unknown} */ (window))

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-cuadros]'))) {
  const { latitud, longitud, cuadros = '', atribucion = '' } = place.dataset
  /** @type {[number, number]} */
  const at = [Number(latitud), Number(longitud)]
  place.hidden = false
  const map = L.map(place, { scrollWheelZoom: false }).setView(at, 16)
  // The tile servers want to know which site asks; the page's address stays with us.
  L.tileLayer(cuadros, { attribution: atribucion, maxZoom: 19, referrerPolicy: 'origin' }).addTo(map)
  L.circleMarker(at, { radius: 10, weight: 3, color: '#a02417', fillOpacity: 0.4 }).addTo(map)
}
