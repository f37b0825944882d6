/**
 * Reads a WebSocket until it closes or `drop` is called; a dead line is not waited for.
 * @param {string} url
 * @param {{ onOpen: () => void, onFrame: (data: string) => void }} handlers
 * @returns {{ over: Promise<void>, drop: () => void, isOpen: () => boolean }}
 */
export function openSocket(url, { onOpen, onFrame }) {
  const socket = connect(url)
  /** @type {() => void} */
  let finish = () => {}
  /** @type {Promise<void>} */
  const over = new Promise((resolve) => {
    finish = resolve
  })
  if (!socket) finish()
  else {
    socket.onopen = onOpen
    socket.onmessage = ({ data }) => onFrame(String(data))
    socket.onclose = () => finish()
  }
  return {
    over,
    isOpen: () => socket?.readyState === WebSocket.OPEN,
    drop() {
      if (socket) socket.onopen = socket.onmessage = null
      socket?.close()
      finish() // the closing handshake of a dead line may take minutes
    },
  }
}

/**
 * Some pages forbid it, and then the constructor throws.
 * @param {string} url
 */
function connect(url) {
  try {
    return new WebSocket(url)
  } catch {
    return undefined
  }
}
