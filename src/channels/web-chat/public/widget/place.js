/** A place less sure than this many metres is shown to the citizen before it is sent. */
const SURE = 150

/**
 * Asks the device where it is.
 * @returns {Promise<{ latitude: number, longitude: number, accuracy: number }>}
 * @throws {'placeDenied' | 'placeFailed'} the word to show
 */
export function findPlace() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject('placeFailed')
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
      ({ code }) => reject(code === 1 ? 'placeDenied' : 'placeFailed'),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 },
    )
  })
}

/**
 * How far off the place may be, when that is worth a question: `400 m`, `2.5 km`.
 * @param {number} accuracy metres
 * @param {string} locale
 */
export function doubt(accuracy, locale) {
  if (accuracy <= SURE) return undefined
  const [value, unit] = accuracy < 1000 ? [Math.round(accuracy / 10) * 10, 'meter'] : [accuracy / 1000, 'kilometer']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value)
}
