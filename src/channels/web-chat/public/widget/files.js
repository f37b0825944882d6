/** @import { Attachment } from './types.d.ts' */
/** @import { Words } from './strings.js' */
import { h } from './dom.js'
import { icon } from './icons.js'
import { safeUrl } from './protocol.js'
import { link } from './rich-text.js'

/** What the server takes at once; it checks for itself. */
const LIMITS = { files: 10, megabytes: 20, together: 60 }

/**
 * Why these files cannot go, in the citizen's words; undefined when they can.
 * @param {File[]} files
 * @param {Words} words
 */
export function objection(files, words) {
  if (files.length > LIMITS.files) return words.tooManyFiles(LIMITS.files)
  const large = files.find(({ size }) => size > LIMITS.megabytes * 1_000_000)
  if (large) return words.fileTooLarge(large.name, LIMITS.megabytes)
  if (files.reduce((sum, { size }) => sum + size, 0) > LIMITS.together * 1_000_000)
    return words.filesTooLarge(LIMITS.together)
  const empty = files.find(({ size }) => size === 0)
  return empty && words.fileEmpty(empty.name)
}

/**
 * A file that has not left yet: a picture drawn on a canvas (no address, so that no page's CSP forbids it), else its name.
 * @param {File} file
 */
export function preview(file) {
  const chip = h('span', { class: 'file' }, icon('document'), h('span', {}, file.name))
  if (!file.type.startsWith('image/')) return chip
  const frame = h('span', { class: 'picture' }, chip)
  createImageBitmap(file).then(
    (bitmap) => frame.replaceChildren(drawn(bitmap, file.name)),
    () => frame.classList.replace('picture', 'plain'), // not a picture this browser reads: its name remains
  )
  return frame
}

/**
 * @param {ImageBitmap} bitmap
 * @param {string} name
 */
function drawn(bitmap, name) {
  const scale = Math.min(1, 480 / Math.max(bitmap.width, bitmap.height))
  const canvas = h('canvas', { role: 'img', 'aria-label': name })
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas
}

/**
 * A file of the conversation as the server holds it: opened in another window; a picture that may not be shown here becomes its name.
 * @param {Attachment} attachment
 * @param {Words} words
 * @param {string} base
 */
export function received({ contentType, contentUrl = '', thumbnailUrl, name }, words, base) {
  const isPicture = contentType.startsWith('image/')
  const label = name ?? (isPicture ? words.photo : words.file)
  const href = safeUrl(contentUrl, base)
  const chip = h('span', { class: 'file' }, icon(isPicture ? 'photos' : 'document'), h('span', {}, label))
  if (!href) return chip
  if (!isPicture) return link(href, chip)
  const image = h('img', { src: safeUrl(thumbnailUrl ?? '', base) ?? href, alt: label, loading: 'lazy' })
  const anchor = link(href, image)
  anchor.className = 'picture'
  image.onerror = () => {
    anchor.className = ''
    anchor.replaceChildren(chip)
  }
  return anchor
}
