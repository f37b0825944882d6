import { start } from './widget/main.js'

// The one line a site adds: <script src="https://…/widget.js" async></script>. The server sends this and all it imports as one plain script.
if (document.currentScript instanceof HTMLScriptElement) start(document.currentScript)
