import { type BinaryNode, Curve, hmacSign, proto } from '@whiskeysockets/baileys'

const PREFIX = Buffer.from([6, 0])

/** The node that tells a companion that its QR was scanned, with the proof that the telephone makes of what the QR says. */
export function pairSuccess(qr: string, jid: string, lid: string): BinaryNode {
  const [, , identity = '', secret = ''] = qr.split('#').at(-1)?.split(',') ?? []
  const account = Curve.generateKeyPair()
  const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1_700_000_000, keyIndex: 1 }).finish()
  const signed = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: account.public,
    accountSignature: Curve.sign(account.private, Buffer.concat([PREFIX, details, Buffer.from(identity, 'base64')])),
  }).finish()
  const content = proto.ADVSignedDeviceIdentityHMAC.encode({
    details: signed,
    hmac: hmacSign(signed, Buffer.from(secret, 'base64')),
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
