// @ts-check
// A waiting room's screen: what is called is shown, told to screen readers and said aloud.

const turnos = /** @type {HTMLElement} */ (document.getElementById('turnos'))
const dicho = /** @type {HTMLElement} */ (document.getElementById('dicho'))
const sinSenal = /** @type {HTMLElement} */ (document.getElementById('sin-senal'))
const voz = /** @type {HTMLButtonElement} */ (document.getElementById('voz'))
const { eventos = '', turnos: url = '' } = document.body.dataset
/** Milliseconds between looks when nothing was told: a stream may be dead and not know it. */
const LOOK = 60_000

let vez = calledNow()?.dataset.vez
/** @type {Promise<void>} */
let asking = Promise.resolve()

/** @returns {HTMLElement | null} */
function calledNow() {
  return document.querySelector('.llamado[data-ahora]')
}

async function refresh() {
  try {
    const answer = await fetch(url, { cache: 'no-store' })
    if (answer.status === 404) return location.reload()
    if (!answer.ok) throw new Error(String(answer.status))
    // Our own page's part, escaped by the server.
    turnos.innerHTML = await answer.text()
    sinSenal.hidden = true
  } catch {
    sinSenal.hidden = false
    return
  }
  const called = calledNow()
  if (!called || called.dataset.vez === vez) return
  vez = called.dataset.vez
  say(called.dataset.decir ?? '')
}

/** @param {string} words */
function say(words) {
  dicho.textContent = words
  if (!('speechSynthesis' in window)) return
  const speech = new SpeechSynthesisUtterance(words.replace('-', ' '))
  speech.lang = 'es-MX'
  speech.rate = 0.85
  speechSynthesis.speak(speech)
}

const ask = () => {
  asking = asking.then(refresh)
}

const source = new EventSource(eventos)
source.addEventListener('turno', ask)
source.addEventListener('error', () => {
  sinSenal.hidden = false
})
source.addEventListener('open', ask)
setInterval(ask, LOOK)

// Browsers speak only after somebody pressed something.
if ('speechSynthesis' in window) {
  voz.hidden = false
  voz.addEventListener('click', () => {
    say(calledNow()?.dataset.decir ?? 'Voz activada')
    voz.hidden = true
  })
}
