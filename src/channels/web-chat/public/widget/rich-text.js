/** @import { Words } from './strings.js' */
import { button, h } from './dom.js'
import { icon } from './icons.js'
import { safeUrl } from './protocol.js'

/** A folio alone on its line (`UAC-26-004217-8`), so that it can be copied. */
const FOLIO = /^\p{Lu}{2,10}-\d{2}-\d{6,}-\d$/u
const ADDRESS = /https?:\/\/[^\s<>"'«»]+/g

/**
 * A message's words as nodes: addresses become links, a folio gets its button; the rest stays text.
 * @param {string} text
 * @param {{ words: Words, base: string, onCopy: (text: string) => void }} options
 * @returns {Node[]}
 */
export function richText(text, { words, base, onCopy }) {
  /** @type {Node[]} */
  const nodes = []
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) nodes.push(document.createTextNode('\n'))
    if (FOLIO.test(line.trim())) nodes.push(folio(line.trim(), words, onCopy))
    else nodes.push(...withLinks(line, base))
  }
  return nodes
}

/**
 * @param {string} number
 * @param {Words} words
 * @param {(text: string) => void} onCopy
 */
function folio(number, words, onCopy) {
  const copy = button({ class: 'copy', 'aria-label': `${words.copy} ${number}` }, icon('copy'), words.copy)
  copy.addEventListener('click', () => onCopy(number))
  return h('span', { class: 'folio' }, h('strong', {}, number), copy)
}

/**
 * @param {string} line
 * @param {string} base
 */
function withLinks(line, base) {
  /** @type {Node[]} */
  const nodes = []
  let done = 0
  for (const match of line.matchAll(ADDRESS)) {
    const address = match[0].replace(/[.,;:!?)\]]+$/, '')
    const href = safeUrl(address, base)
    if (!href) continue
    nodes.push(document.createTextNode(line.slice(done, match.index)), link(href, address))
    done = match.index + address.length
  }
  return [...nodes, document.createTextNode(line.slice(done))]
}

/**
 * A link that tells the other page nothing of ours and cannot reach it.
 * @param {string} href
 * @param {...(Node | string)} children
 */
export function link(href, ...children) {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children)
}
