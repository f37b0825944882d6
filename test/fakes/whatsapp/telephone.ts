import {
  addTransactionCapability,
  type BinaryNode,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeBigEndian,
  generateSignalPubKey,
  initAuthCreds,
  KEY_BUNDLE_TYPE,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  unpadRandomMax16,
  writeRandomPadMax16,
  xmppPreKey,
  xmppSignedPreKey,
} from '@whiskeysockets/baileys'

/** The public keys of a device, as they lie on WhatsApp's servers. */
export interface Bundle {
  registrationId: number
  identity: Uint8Array
  signedPreKey: { id: number; key: Uint8Array; signature: Uint8Array }
  preKeys: Map<number, Uint8Array>
}

/** A telephone that speaks Signal with the gateway, through the server. */
export interface Phone {
  readonly jid: string
  /** The stanza of its public keys, for who wants to write to it. */
  keys(jid: string): BinaryNode
  encrypt(
    to: string,
    bundle: Bundle,
    message: proto.IMessage,
  ): Promise<{ type: 'pkmsg' | 'msg'; ciphertext: Uint8Array }>
  /** Undefined when it cannot be decrypted, also when it was before. */
  decrypt(from: string, type: string, ciphertext: Uint8Array): Promise<proto.Message | undefined>
  /** It lost its sessions: the next message to it begins a new one. */
  forget(jid: string): Promise<void>
}

const silent = {
  level: 'silent',
  child: () => silent,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

function memory(): SignalKeyStore {
  const kept: SignalDataSet = {}
  return {
    get(type, ids) {
      const found: { [id: string]: SignalDataTypeMap[typeof type] } = {}
      for (const id of ids) {
        const value = kept[type]?.[id]
        if (value) found[id] = value
      }
      return found
    },
    set(data: SignalDataSet) {
      const before = new Map<string, object>(Object.entries(kept))
      for (const [type, byId] of Object.entries(data)) Object.assign(kept, { [type]: { ...before.get(type), ...byId } })
    },
  }
}

/** A telephone with keys of its own. */
export function createPhone(jid: string): Phone {
  const creds = initAuthCreds()
  const keys = addTransactionCapability(memory(), silent, { maxCommitRetries: 1, delayBetweenTriesMs: 0 })
  const signal = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, silent)
  let nextPreKey = 1
  return {
    jid,
    keys(asked) {
      const id = nextPreKey++
      const pair = Curve.generateKeyPair()
      void keys.set({ 'pre-key': { [id]: pair } })
      return {
        tag: 'user',
        attrs: { jid: asked },
        content: [
          { tag: 'registration', attrs: {}, content: encodeBigEndian(creds.registrationId) },
          { tag: 'type', attrs: {}, content: KEY_BUNDLE_TYPE },
          { tag: 'identity', attrs: {}, content: creds.signedIdentityKey.public },
          xmppSignedPreKey(creds.signedPreKey),
          xmppPreKey(pair, id),
        ],
      }
    },
    async encrypt(to, bundle, message) {
      if (!(await signal.validateSession(to)).exists) {
        const [first] = bundle.preKeys
        if (first) bundle.preKeys.delete(first[0])
        await signal.injectE2ESession({
          jid: to,
          session: {
            registrationId: bundle.registrationId,
            identityKey: generateSignalPubKey(bundle.identity),
            signedPreKey: {
              keyId: bundle.signedPreKey.id,
              publicKey: generateSignalPubKey(bundle.signedPreKey.key),
              signature: bundle.signedPreKey.signature,
            },
            ...(first && { preKey: { keyId: first[0], publicKey: generateSignalPubKey(first[1]) } }),
          },
        })
      }
      return signal.encryptMessage({ jid: to, data: writeRandomPadMax16(proto.Message.encode(message).finish()) })
    },
    async decrypt(from, type, ciphertext) {
      const kind = type === 'pkmsg' ? 'pkmsg' : 'msg'
      const plain = await signal.decryptMessage({ jid: from, type: kind, ciphertext }).catch(() => undefined)
      return plain && proto.Message.decode(unpadRandomMax16(plain))
    },
    forget: (from) => signal.deleteSession([from]),
  }
}

/** The public keys that a companion shows at its first login. */
export function bundleOf(device: proto.ClientPayload.IDevicePairingRegistrationData): Bundle {
  const bytes = (value: Uint8Array | null | undefined) => Buffer.from(value ?? [])
  return {
    registrationId: bytes(device.eRegid).readUInt32BE(),
    identity: bytes(device.eIdent),
    signedPreKey: {
      id: bytes(device.eSkeyId).readUIntBE(0, 3),
      key: bytes(device.eSkeyVal),
      signature: bytes(device.eSkeySig),
    },
    preKeys: new Map(),
  }
}
