/** @import { Words } from './strings.js' */
import { button, h } from './dom.js'
import { icon } from './icons.js'
import { safeUrl } from './protocol.js'

/** A folio alone on its line (`UAC-26-004217-8`) or its key after a word (`Clave: 7KQ2MHXD`): both are to be copied. */
const CODE = /^(?:(\p{Lu}{2,10}-\d{2}-\d{6,}-\d)|(\p{L}+: )([2-9A-HJKMNP-Z]{8}))$/u
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
    const code = CODE.exec(line.trim())
    if (code) nodes.push(copyable(code[2] ?? '', code[1] ?? code[3] ?? '', words, onCopy))
    else nodes.push(...withLinks(line, base))
  }
  return nodes
}

/**
 * @param {string} label
 * @param {string} code
 * @param {Words} words
 * @param {(text: string) => void} onCopy
 */
function copyable(label, code, words, onCopy) {
  const name = `${words.copy} ${code}`
  const copy = button({ class: 'copy', 'aria-label': name, onclick: () => onCopy(code) }, icon('copy'), words.copy)
  return h('span', { class: 'code' }, label, h('strong', {}, code), copy)
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
