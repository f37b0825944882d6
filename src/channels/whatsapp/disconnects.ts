/** What to do when the socket has closed. */
export type AfterClose =
  | { do: 'reconnect'; wait: 'none' | 'backoff' }
  | { do: 'pair' }
  | { do: 'stop'; reason: 'banned' | 'replaced' | 'restricted' }

/**
 * What a close means, by its status code: those of Baileys' `DisconnectReason`, and 463 of WhatsApp's servers (its account may not
 * write at present). A code nobody knows may pass, and is tried again ever more slowly.
 */
export function afterClose(code: number | undefined): AfterClose {
  switch (code) {
    // restartRequired: the end of every pairing.
    case 515:
      return { do: 'reconnect', wait: 'none' }
    // loggedOut, multideviceMismatch: the link is gone for good.
    case 401:
    case 411:
      return { do: 'pair' }
    case 403:
      return { do: 'stop', reason: 'banned' }
    // connectionReplaced: somebody else uses the same link. Connecting again would only make the two throw each other out.
    case 440:
      return { do: 'stop', reason: 'replaced' }
    case 463:
      return { do: 'stop', reason: 'restricted' }
    // 408 timedOut or connectionLost, 428 connectionClosed, 500 badSession, 503 unavailableService, and what is to come.
    default:
      return { do: 'reconnect', wait: 'backoff' }
  }
}
