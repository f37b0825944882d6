const SVG = 'http://www.w3.org/2000/svg'

/** Paths on a 24 × 24 grid, drawn by us with round strokes. */
const PATHS = {
  chat: 'M4 5.5h16v10.5h-8.5L7 20v-4H4zM8 9.3h8M8 12.4h5',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M5 9l7 7 7-7',
  send: 'M4 12l16-8-5 16-3.5-6.5zM11.5 13.5L20 4',
  plus: 'M12 5v14M5 12h14',
  camera: 'M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z',
  photos: 'M4 5h16v14H4zM4 16l4.5-4.5 3.5 3.5 3-3 5 4.5M15.2 8.8h.1',
  document: 'M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4M9.5 12h5M9.5 15.5h5',
  place:
    'M12 21c4.5-4.6 6.5-7.8 6.5-10.7a6.5 6.5 0 0 0-13 0C5.5 13.2 7.5 16.4 12 21zM12 12.6a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  forget: 'M5 7h14M9.5 7V4.500h5V7M7 7l.8 12.500h8.400L17 7',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  copy: 'M9 9h10.500v10.500H9zM6 15H4.500V4.500H15V6',
  alert: 'M12 4l9 16H3zM12 10v4.500M12 17.200v.1',
}

/**
 * A picture beside words or under an `aria-label`; screen readers pass it by.
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}
