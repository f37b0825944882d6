import type { Page } from 'playwright-core'

/** Runs in the page: notes what the key leads to, and how it is seen there; gives how many presses lead through everything. */
const WATCH = `(() => {
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]')
  const tabbable = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,audio[controls],video[controls],[tabindex]')]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && visible(e))
  const seen = new Map()
  const nameOf = (e) => e.outerHTML.slice(0, 120)
  const faultOf = (e) => {
    const box = e.getBoundingClientRect()
    if (box.width < 1 || box.height < 1) return 'has no size'
    const { clientWidth, clientHeight } = document.documentElement
    if (box.bottom <= 0 || box.top >= clientHeight || box.right <= 0 || box.left >= clientWidth) return 'is out of sight'
    const around = [...(e.labels ?? [])]
    for (let one = e; one; one = one.parentElement) around.push(one)
    const marked = around.some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    })
    if (!marked) return 'does not show the focus'
    const shown = [...e.getClientRects()].some((r) => {
      const at = document.elementFromPoint(Math.min(Math.max(r.left + r.width / 2, 0), clientWidth - 1), Math.min(Math.max(r.top + r.height / 2, 0), clientHeight - 1))
      return at && (e.contains(at) || at.contains(e) || [...(e.labels ?? [])].some((l) => l.contains(at)))
    })
    return shown ? '' : 'is covered'
  }
  addEventListener('keyup', () => {
    const e = document.activeElement
    if (e && e !== document.body && !seen.has(e)) seen.set(e, faultOf(e))
  }, true)
  globalThis.walked = () => {
    const groups = new Set([...seen.keys()].filter((e) => e.type === 'radio').map((e) => e.name))
    const missed = tabbable.filter((e) => e.isConnected && visible(e) && !seen.has(e) && !(e.type === 'radio' && groups.has(e.name)))
    const bad = [...seen].filter(([, fault]) => fault)
    return [
      ...missed.map((e) => 'is never reached: ' + nameOf(e)),
      ...bad.map(([e, fault]) => fault + ': ' + nameOf(e)),
      ...(document.querySelector('.saltar') && [...seen.keys()][0]?.className !== 'saltar' ? ['the first is no way past the menu'] : []),
    ]
  }
  // Tab goes on from where the focus was last: from the top, then.
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute('tabindex')
  scrollTo(0, 0)
  const stops = (e) => (e.type === 'date' || e.type === 'time' ? 5 : e.type === 'datetime-local' ? 8 : e.matches('audio,video') ? 8 : 1)
  return tabbable.reduce((sum, e) => sum + stops(e), 3)
})()`

const TAB = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 }

/**
 * Goes through the page by the key Tab alone: everything that can be pressed or filled in is come to, is in sight there, uncovered and
 * marked, and the first thing come to leads past the menu. Gives what is not so.
 */
export async function keyboardFaultsOf(page: Page): Promise<string[]> {
  const presses = await page.evaluate<number>(WATCH)
  const cdp = await page.context().newCDPSession(page)
  const sent: Promise<unknown>[] = []
  for (let press = 0; press < presses; press++) {
    for (const type of ['rawKeyDown', 'keyUp'] as const) sent.push(cdp.send('Input.dispatchKeyEvent', { type, ...TAB }))
  }
  await Promise.all(sent)
  await cdp.detach()
  return page.evaluate<string[]>('walked()')
}
