/** Colours, sizes and what stands around the chat: bubble and panel. Everything hangs on `em` of the reader's own letter size. */
export const FRAME = /* css */ `
:host {
  all: initial;
  --ground: #f1f5f4; --surface: #fff; --ink: #16201e; --muted: #52605c; --line: #d3dcd9; --press: #e6eeec;
  --bad: #a4262c; --warn: #fff4d6; --accent-ink: var(--ink-light); --shadow: 0 10px 40px #0b1a1640, 0 2px 8px #0b1a1626;
  font: 400 medium/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  color: var(--ink); color-scheme: light dark; -webkit-text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  :host {
    --ground: #121716; --surface: #212928; --ink: #e9f0ee; --muted: #a6b4b0; --line: #3a4643; --press: #2c3634;
    --bad: #ff9f98; --warn: #3a3115; --accent-ink: var(--ink-dark); --shadow: 0 10px 40px #000a, 0 0 0 1px #3a4643;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { border: 0; background: none; padding: 0; cursor: pointer; -webkit-tap-highlight-color: transparent; touch-action: manipulation; }
button:disabled { cursor: default; }
svg { width: 1.5em; height: 1.5em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; flex: none; }
a { color: var(--accent-ink); text-underline-offset: .15em; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent-ink); outline-offset: 2px; }
.sr { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; z-index: 2147483000; bottom: calc(20px + env(safe-area-inset-bottom)); right: 20px;
  width: 60px; height: 60px; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow); transition: transform .15s ease;
}
.left .launcher { right: auto; left: 20px; }
@media (hover: hover) { .launcher:hover { transform: scale(1.05); } }
.launcher svg { width: 30px; height: 30px; }
.launcher:focus-visible { outline-offset: 3px; }
.badge {
  position: absolute; top: -3px; right: -3px; min-width: 24px; height: 24px; padding: 0 6px; border-radius: 12px;
  background: #b3261e; color: #fff; border: 2px solid var(--surface); font-size: 13px; font-weight: 700; line-height: 20px; text-align: center;
}

.panel {
  color: inherit; border: 0; padding: 0; margin: 0; max-width: none; max-height: none; background: var(--ground);
  display: none; flex-direction: column; overflow: hidden;
}
.panel[open] { display: flex; }
.bubble-mode .panel {
  position: fixed; z-index: 2147483000; inset: auto 20px calc(96px + env(safe-area-inset-bottom)) auto;
  width: 392px; height: min(660px, calc(100dvh - 116px)); border-radius: 20px; box-shadow: var(--shadow);
}
.left .panel { left: 20px; right: auto; }
.page-mode, .page-mode .panel { height: 100%; width: 100%; position: relative; }
.page-mode .panel { display: flex; }
.panel::backdrop { background: none; }

header { display: flex; align-items: center; gap: 12px; padding: 10px 8px 10px 18px; background: var(--accent); color: var(--on-accent); flex: none; }
header div { flex: 1; min-width: 0; }
h2 { font-size: 1.06em; font-weight: 650; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
header p { margin: 1px 0 0; font-size: .82em; line-height: 1.3; }
header a { color: inherit; display: inline-block; padding: 2px 0; }
header button { width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; }
header :focus-visible { outline-color: currentColor; outline-offset: -3px; }

@media (max-width: 479px), (max-height: 479px) {
  .bubble-mode .panel { inset: var(--top, 0px) 0 auto; width: 100%; height: var(--height, 100dvh); border-radius: 0; }
  .bubble-mode .panel[open] ~ .launcher { display: none; }
}
@media (prefers-reduced-motion: no-preference) {
  .bubble-mode .panel[open] { animation: rise .18s ease-out; }
  .row, .menu { animation: fade .2s ease-out; }
  .typing i { animation: blink 1.2s infinite; }
  .typing i:nth-child(2) { animation-delay: .2s; }
  .typing i:nth-child(3) { animation-delay: .4s; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
@keyframes fade { from { opacity: 0; } }
@keyframes blink { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (forced-colors: active) { .bubble, .panel, .launcher, .menu, .sheet, textarea { border: 1px solid; } }
@media (hover: hover) {
  header button:hover { background: #0002; }
}
`
