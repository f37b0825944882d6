/**
 * Makes an element. A function under `onclick` and the like listens; `true` is an empty attribute, `false` and undefined none.
 * Text is always text: nothing here reads markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined | EventListener>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value))
  }
  element.append(...children)
  return element
}

/**
 * A button of ours; `icon` alone needs `aria-label` among the props.
 * @param {Record<string, string | number | boolean | undefined | EventListener>} props
 * @param {...(Node | string)} children
 */
export function button(props, ...children) {
  return h('button', { type: 'button', ...props }, ...children)
}

/**
 * Words for screen readers alone.
 * @param {string} text
 */
export function spoken(text) {
  return h('span', { class: 'sr' }, text)
}

/** Does the citizen touch (so that a focused field would raise the keyboard)? */
export function touches() {
  return matchMedia('(pointer: coarse)').matches
}
