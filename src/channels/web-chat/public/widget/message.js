/**
 * @import { Activity, Outgoing } from './types.d.ts'
 * @import { Words } from './strings.js'
 */
import { button, h, spoken } from './dom.js'
import { preview, received } from './files.js'
import { icon } from './icons.js'
import { filesOf, isOwn, textOf } from './protocol.js'
import { link, richText } from './rich-text.js'

/** @typedef {{ words: Words, locale: string, base: string, onCopy: (text: string) => void }} Look */

/**
 * One message as it is read: who and when for screen readers, words, files, place, and a line below with the hour and its fate.
 * @param {Activity} activity
 * @param {Look} look
 * @param {File[]} [files] those of ours that are still here
 */
export function messageRow(activity, look, files = []) {
  const own = isOwn(activity)
  const at = new Date(activity.timestamp ?? Date.now())
  const hour = at.toLocaleTimeString(look.locale, {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
  const author = own ? look.words.you : (activity.from.name ?? look.words.bot)
  const bubble = h('div', { class: 'bubble' }, spoken(`${author}, ${hour}: `), ...content(activity, look, files))
  const time = h('time', { datetime: at.toISOString(), 'aria-hidden': 'true' }, hour)
  const fate = h('span', { class: 'fate', 'aria-live': 'off' })
  const row = h('div', { class: `row ${own ? 'own' : 'bot'}` }, bubble, h('div', { class: 'meta' }, time, fate))
  row.dataset.at = String(at.getTime())
  return { row, bubble, fate }
}

/**
 * @param {Activity} activity
 * @param {Look} look
 * @param {File[]} files
 */
function content(activity, look, files) {
  const shown =
    files.length > 0 ? files.map(preview) : filesOf(activity).map((file) => received(file, look.words, look.base))
  const parts = shown.length > 0 ? [h('div', { class: 'files' }, ...shown)] : []
  const text = textOf(activity)
  if (text) parts.push(h('div', { class: 'text' }, ...richText(text, look)))
  const place = activity.channelData?.location
  if (place) parts.push(placeLine(place, look.words))
  return parts
}

/**
 * @param {{ latitude: number, longitude: number }} place
 * @param {Words} words
 */
function placeLine({ latitude, longitude }, words) {
  const at = `${latitude.toFixed(6)}/${longitude.toFixed(6)}`
  const [lat, lon] = at.split('/')
  const map = link(`https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${at}`, words.seePlace)
  return h('div', { class: 'place' }, icon('place'), h('span', {}, words.myPlace), map)
}

/**
 * Shows in `fate` where a message of ours is, with the ways out of a failure.
 * @param {HTMLElement} fate
 * @param {Pick<Outgoing, 'id' | 'status' | 'progress' | 'reason' | 'canRetry'>} item
 * @param {Words} words
 * @param {{ retry: (id: string) => void, discard: (id: string) => void }} ways
 */
export function showFate(fate, { id, status, progress, reason, canRetry }, words, { retry, discard }) {
  if (status === 'sending')
    fate.textContent = progress ? `${words.sending} ${Math.round(progress * 100)} %` : words.sending
  else if (status === 'sent') fate.replaceChildren(icon('check'), words.sent)
  else {
    const again = canRetry ? [button({ onclick: () => retry(id) }, words.retry)] : []
    const away = button({ onclick: () => discard(id) }, words.discard)
    fate.replaceChildren(icon('alert'), h('span', {}, words[reason ?? 'failed']), ...again, away)
  }
}
