import { start } from './widget/main.js'

// The one line a site adds: <script src="https://…/widget.js" async></script>. The server sends this and all it imports as one plain script.
const script = document.currentScript
if (script instanceof HTMLScriptElement && !document.querySelector('canaliza-chat')) start(script)
