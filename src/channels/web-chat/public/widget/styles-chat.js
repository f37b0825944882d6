/** What stands inside the panel: the conversation and where one writes. */
export const CHAT = /* css */ `
.chat { display: flex; flex-direction: column; flex: 1; min-height: 0; }
.transcript { position: relative; flex: 1; min-height: 0; display: flex; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px 14px 6px; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -3px; }
.list { display: flex; flex-direction: column; min-height: 100%; justify-content: flex-end; max-width: 760px; margin: 0 auto; }
.day { align-self: center; margin: 12px 0 8px; padding: 2px 12px; border-radius: 12px; font-size: .8em; color: var(--muted); background: var(--press); }

.row { display: flex; flex-direction: column; align-items: flex-start; margin-top: 12px; max-width: 100%; }
.row.joined { margin-top: 5px; }
.row.own { align-items: flex-end; }
.bubble { max-width: min(86%, 34em); padding: 9px 14px; border-radius: 18px; background: var(--surface); overflow-wrap: anywhere; box-shadow: 0 1px 1px #0b1a1614; }
.bot .bubble { border-bottom-left-radius: 6px; }
.own .bubble { border-bottom-right-radius: 6px; background: var(--accent); color: var(--on-accent); }
.own .bubble a { color: inherit; }
.own .bubble :focus-visible { outline-color: currentColor; }
.text { white-space: pre-wrap; }
.meta { display: flex; align-items: center; gap: 8px; min-height: 1.3em; padding: 3px 6px 0; font-size: .78em; color: var(--muted); }
.row:has(+ .joined) time, .own:has(~ .own) .fate.sent { display: none; }
.row:has(+ .joined) .meta:not(:has(.failed, .sending)) { display: none; }
.fate { display: inline-flex; align-items: center; flex-wrap: wrap; gap: 4px 10px; }
.fate svg { width: 1.2em; height: 1.2em; margin-right: -6px; }
.fate.failed { color: var(--bad); font-weight: 600; justify-content: flex-end; }
.fate button { min-height: 44px; padding: 0 6px; text-decoration: underline; text-underline-offset: .2em; font-weight: 600; }
.fate button + button { color: var(--muted); }

.code { display: inline-flex; align-items: center; flex-wrap: wrap; gap: 0 4px; margin: 4px 0; padding: 4px 2px 4px 10px; border-radius: 12px; background: var(--press); }
.code strong { font-size: 1.1em; font-variant-numeric: tabular-nums; letter-spacing: .02em; white-space: nowrap; }
.copy { display: inline-flex; align-items: center; gap: 4px; min-height: 44px; padding: 0 8px; border-radius: 10px; color: var(--accent-ink); font-weight: 600; font-size: .92em; }
.copy svg, .place svg { width: 1.25em; height: 1.25em; }
.place { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; }
.place a { padding: 10px 0; }

.files { display: flex; flex-wrap: wrap; gap: 6px; margin: -2px -7px 2px; }
.files:last-child { margin-bottom: -2px; }
.picture, .picture canvas, .picture img { display: block; border-radius: 12px; max-width: 100%; }
.picture canvas, .picture img { max-height: 240px; width: auto; height: auto; background: var(--press); box-shadow: 0 0 0 1px var(--line); }
.files > :not(:only-child) :is(canvas, img) { width: 112px; height: 112px; object-fit: cover; }
.file { display: inline-flex; align-items: center; gap: 8px; min-height: 44px; padding: 6px 8px; overflow-wrap: anywhere; }

.menu { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 4px; max-width: min(92%, 34em); }
.menu > * {
  display: flex; align-items: center; gap: 8px; min-height: 44px; padding: 8px 18px; border-radius: 22px; text-align: left; text-decoration: none; line-height: 1.3;
  background: var(--surface); color: var(--accent-ink); font-weight: 600; border: 1.5px solid color-mix(in srgb, var(--accent-ink) 55%, transparent);
}
.menu.many { flex-direction: column; flex-wrap: nowrap; gap: 0; align-self: stretch; width: min(92%, 26em); background: var(--surface); border-radius: 16px; overflow: clip; box-shadow: 0 1px 1px #0b1a1614; }
.menu.many > * { border: 0; border-radius: 0; background: none; padding: 10px 16px; min-height: 48px; font-weight: 550; }
.menu.many > * + * { border-top: 1px solid var(--line); }
.menu.many :focus-visible { outline-offset: -3px; border-radius: 16px; }
.menu svg { width: 1.25em; height: 1.25em; }
.menu :disabled { color: var(--muted); font-weight: 450; border-color: var(--line); }
.menu .chosen { color: var(--accent-ink); font-weight: 650; }

.typing { display: flex; gap: 5px; align-self: flex-start; margin-top: 12px; padding: 15px 16px; border-radius: 18px 18px 18px 6px; background: var(--surface); }
.typing i { width: 8px; height: 8px; border-radius: 50%; background: var(--muted); }
.latest { position: absolute; right: 14px; bottom: 10px; width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; background: var(--surface); box-shadow: var(--shadow); color: var(--accent-ink); }

.notice { padding: 10px 16px; background: var(--warn); border-top: 1px solid var(--line); font-size: .94em; }
.notice p { margin: 0 auto; max-width: 728px; }
.notice div { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px auto 0; max-width: 728px; }
.notice button { min-height: 44px; padding: 6px 16px; border-radius: 22px; font-weight: 600; border: 1.5px solid currentColor; }
.notice .main { background: var(--accent); color: var(--on-accent); border-color: transparent; }

.composer { position: relative; flex: none; background: var(--surface); border-top: 1px solid var(--line); padding-bottom: env(safe-area-inset-bottom); }
.bar, .tray { max-width: 788px; margin: 0 auto; }
.bar { display: flex; align-items: flex-end; gap: 4px; padding: 8px; }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 8.5em; resize: none; padding: 9px 16px; border: 1px solid var(--muted); border-radius: 22px; background: var(--ground); line-height: 1.45; overflow-y: auto; scrollbar-width: thin; }
textarea::placeholder { color: var(--muted); opacity: 1; }
textarea:focus-visible { outline-width: 2px; outline-offset: -1px; }
.round { width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; flex: none; color: var(--accent-ink); }
.send { background: var(--accent); color: var(--on-accent); margin-left: 4px; }

.sheet { position: absolute; bottom: calc(100% + 6px); left: 8px; width: min(20em, calc(100% - 16px)); max-height: 60dvh; overflow-y: auto; padding: 6px; border-radius: 16px; background: var(--surface); box-shadow: var(--shadow); z-index: 1; }
.item { display: flex; align-items: center; gap: 14px; width: 100%; min-height: 48px; padding: 6px 12px; border-radius: 10px; text-align: left; }
.item svg { color: var(--accent-ink); }
.to-forget { margin-top: 7px; }
.to-forget::before { content: ""; position: absolute; left: 12px; right: 12px; border-top: 1px solid var(--line); transform: translateY(-29px); }
@media not (pointer: coarse) { .to-camera { display: none; } }

.tray { display: flex; gap: 10px; padding: 12px 12px 2px; overflow-x: auto; }
.pick { position: relative; flex: none; max-width: 14em; }
.pick .picture canvas { width: 84px; height: 84px; object-fit: cover; }
.pick > .file, .pick .plain .file { border: 1px solid var(--line); border-radius: 12px; padding-right: 44px; min-height: 84px; font-size: .9em; }
.remove { position: absolute; top: -8px; right: -8px; width: 44px; height: 44px; display: grid; place-items: center; }
.remove svg { width: 26px; height: 26px; padding: 4px; border-radius: 50%; background: var(--ink); color: var(--surface); stroke-width: 2.5; }
@media (hover: hover) {
  .copy:hover { background: var(--surface); }
  .menu > :not(:disabled):hover { background: var(--press); }
  .round:hover { background: var(--press); }
  .send:hover { background: var(--accent); filter: brightness(1.1); }
  .item:hover { background: var(--press); }
}
`
