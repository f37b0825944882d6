/** @import { Settings } from './types.d.ts' */
import { STRINGS } from './strings.js'

/**
 * What the page that embeds us asks for: `data-title`, `data-colour` (#rrggbb), `data-open`, `data-position` (right, left),
 * `data-mode` (bubble, page), `data-lang`, `data-privacy-url`.
 * @param {HTMLScriptElement} script
 * @returns {Settings}
 */
export function readSettings({ src, dataset }) {
  const lang = dataset.lang ?? 'es'
  return {
    base: new URL('.', src).href,
    title: dataset.title ?? wordsOf(lang).title,
    colour: /^#[0-9a-f]{6}$/i.test(dataset.colour ?? '') ? (dataset.colour ?? '') : '#0f6a5b',
    open: dataset.open !== undefined && dataset.open !== 'false',
    position: dataset.position === 'left' ? 'left' : 'right',
    mode: dataset.mode === 'page' ? 'page' : 'bubble',
    lang,
    locale: lang === 'es' ? 'es-MX' : lang,
    privacyUrl: dataset.privacyUrl ?? '',
  }
}

/**
 * @param {string} lang
 * @returns {import('./strings.js').Words}
 */
export function wordsOf(lang) {
  return new Map(Object.entries(STRINGS)).get(lang) ?? STRINGS.es
}
