import { randomBytes } from 'node:crypto'
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  getBinaryNodeChild,
  hkdf,
  hmacSign,
  proto,
} from '@whiskeysockets/baileys'
import { bytesOf } from './queries.ts'

const PREFIX = Buffer.from([6, 0])

/** The node that tells a companion that its QR was scanned, with the proof that the telephone makes of what the QR says. */
export function pairSuccess(qr: string, jid: string, lid: string): BinaryNode {
  const [, , identity = '', secret = ''] = qr.split('#').at(-1)?.split(',') ?? []
  return pairedWith(Buffer.from(identity, 'base64'), Buffer.from(secret, 'base64'), jid, lid)
}

/** The same by the companion's identity and the secret that both sides share, however they came to it. */
function pairedWith(identity: Buffer, secret: Buffer, jid: string, lid: string): BinaryNode {
  const account = Curve.generateKeyPair()
  const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1_700_000_000, keyIndex: 1 }).finish()
  const signed = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: account.public,
    accountSignature: Curve.sign(account.private, Buffer.concat([PREFIX, details, identity])),
  }).finish()
  const content = proto.ADVSignedDeviceIdentityHMAC.encode({
    details: signed,
    hmac: hmacSign(signed, secret),
  }).finish()
  return {
    tag: 'iq',
    attrs: { from: 's.whatsapp.net', id: 'pair', type: 'result' },
    content: [
      {
        tag: 'pair-success',
        attrs: {},
        content: [
          { tag: 'device-identity', attrs: {}, content },
          { tag: 'device', attrs: { jid, lid } },
          { tag: 'platform', attrs: { name: 'android' } },
        ],
      },
    ],
  }
}

/** The telephone's side of pairing by a code: who types the right one shares a secret with the companion. */
export interface CodePairing {
  /** The jid that asked to be paired by a code. */
  readonly jid: string
  /** What the telephone answers once the code was typed in: what the companion needs to go on. */
  typed(code: string): Promise<BinaryNode>
  /** From the companion's last word: the proof; undefined when the code was another. */
  finish(request: BinaryNode, jid: string, lid: string): BinaryNode | undefined
}

const SALT = 32
const IV = 16

/** Begins with the companion's hello. */
export function createCodePairing(hello: BinaryNode): CodePairing {
  const wrapped = bytesOf(hello, 'link_code_pairing_wrapped_companion_ephemeral_pub')
  const identity = Curve.generateKeyPair()
  const ephemeral = Curve.generateKeyPair()
  let shared = Buffer.alloc(0)
  return {
    jid: hello.attrs.jid ?? '',
    async typed(code) {
      const key = await derivePairingCodeKey(code, wrapped.subarray(0, SALT))
      const theirs = aesDecryptCTR(wrapped.subarray(SALT + IV), key, wrapped.subarray(SALT, SALT + IV))
      shared = Buffer.from(Curve.sharedKey(ephemeral.private, theirs))
      const salt = randomBytes(SALT)
      const iv = randomBytes(IV)
      const ours = aesEncryptCTR(ephemeral.public, await derivePairingCodeKey(code, salt), iv)
      const fields: [string, Uint8Array][] = [
        ['link_code_pairing_ref', Buffer.from('ref')],
        ['primary_identity_pub', identity.public],
        ['link_code_pairing_wrapped_primary_ephemeral_pub', Buffer.concat([salt, iv, ours])],
      ]
      const content = fields.map(([tag, bytes]) => ({ tag, attrs: {}, content: bytes }))
      return {
        tag: 'notification',
        attrs: { from: 's.whatsapp.net', id: 'code', type: 'link_code_companion_reg', t: '1700000000' },
        content: [{ tag: 'link_code_companion_reg', attrs: { stage: 'primary_hello' }, content }],
      }
    },
    finish(request, jid, lid) {
      const bundle = bytesOf(request, 'link_code_pairing_wrapped_key_bundle')
      const key = hkdf(shared, 32, {
        salt: bundle.subarray(0, SALT),
        info: 'link_code_pairing_key_bundle_encryption_key',
      })
      const opened = open(bundle, key)
      const companion = bytesOf(request, 'companion_identity_public')
      if (!opened?.subarray(0, 64).equals(Buffer.concat([companion, identity.public]))) return undefined
      const both = Buffer.concat([shared, Curve.sharedKey(identity.private, companion), opened.subarray(64)])
      return pairedWith(companion, Buffer.from(hkdf(both, 32, { info: 'adv_secret' })), jid, lid)
    },
  }
}

/** Undefined when it was sealed with another key. */
function open(bundle: Buffer, key: Uint8Array): Buffer | undefined {
  try {
    return aesDecryptGCM(bundle.subarray(SALT + 12), key, bundle.subarray(SALT, SALT + 12), Buffer.alloc(0))
  } catch {
    return undefined
  }
}

/** A companion's request to be paired by a code, and its stage: `companion_hello`, then `companion_finish`. */
export function codePairingRequest(query: BinaryNode): BinaryNode | undefined {
  return getBinaryNodeChild(query, 'link_code_companion_reg')
}
