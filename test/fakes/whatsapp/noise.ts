import {
  aesDecryptGCM,
  aesEncryptGCM,
  type BinaryNode,
  Curve,
  decodeBinaryNode,
  encodeBinaryNode,
  hkdf,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  sha256,
} from '@whiskeysockets/baileys'

/** The server's side of one encrypted connection. */
export interface Noise {
  /** The whole frames in what came. */
  frames(chunk: Buffer): Buffer[]
  /** The answer to the client's first frame. */
  hello(frame: Buffer): Buffer
  /** What the client says of itself in its second frame; from then on nodes travel. */
  finish(frame: Buffer): proto.ClientPayload
  decode(frame: Buffer): Promise<BinaryNode>
  encode(node: BinaryNode): Buffer
}

/** WhatsApp's public certificates as its servers show them; Baileys checks them, and not that our key is the one they name. */
const CERTIFICATES = Buffer.from(
  'CncKMwjjAhADGiCRKg7Kg1iu4CSulwLBaxX51Tefw6VXGgZqcr5OEbXIRiDQ04bOBijQjZ/TBhJA34Bj82jAHhLpCWBNVBlGnFDieamd8+138S57uMt9ke9mrn5r4+VepwBPKEgHjob6bR70rlCmWDkxZv+CfVjIAxJ2CjIIAxAAGiAcUamsMDmUxsjQuS6hh4pTNHZZnMWZ++o1mX2aqQzOYiCAka6+Bij/3rfcBhJAJw8pRkhTn+1IcOJQVN1OlZg6uikYnCumyO7acFVVX3U3QPXsGSq2TCbCbWrebSC593Su43EgprIDlfU8ZgWFBw==',
  'base64',
)
const NOTHING = Buffer.alloc(0)

const counterIv = (counter: number) => {
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(counter, 8)
  return iv
}

const framed = (data: Uint8Array) => {
  const length = Buffer.alloc(3)
  length.writeUIntBE(data.byteLength, 0, 3)
  return Buffer.concat([length, data])
}

/** Noise_XX_25519_AESGCM_SHA256 as WhatsApp's servers speak it. */
export function createNoise(): Noise {
  let hash = Buffer.from(NOISE_MODE)
  let salt = hash
  let key = hash
  let counter = 0
  let pending = NOTHING
  let greeted = false
  let transport: { read: Uint8Array; write: Uint8Array; reads: number; writes: number } | undefined
  const ephemeral = Curve.generateKeyPair()
  const constant = Curve.generateKeyPair()

  const authenticate = (data: Uint8Array) => {
    hash = Buffer.from(sha256(Buffer.concat([hash, data])))
  }
  const derive = (data: Uint8Array) => {
    const bytes = hkdf(Buffer.from(data), 64, { salt, info: '' })
    return [Buffer.from(bytes.subarray(0, 32)), Buffer.from(bytes.subarray(32))] as const
  }
  const mix = (data: Uint8Array) => {
    const [nextSalt, nextKey] = derive(data)
    salt = nextSalt
    key = nextKey
    counter = 0
  }
  const encrypt = (plain: Uint8Array) => {
    const sealed = aesEncryptGCM(plain, key, counterIv(counter++), hash)
    authenticate(sealed)
    return sealed
  }
  const decrypt = (sealed: Uint8Array) => {
    const plain = aesDecryptGCM(sealed, key, counterIv(counter++), hash)
    authenticate(sealed)
    return plain
  }
  authenticate(NOISE_WA_HEADER)

  return {
    frames(chunk) {
      pending = Buffer.concat([pending, chunk])
      if (!greeted) pending = pending.subarray(NOISE_WA_HEADER.length)
      greeted = true
      const whole: Buffer[] = []
      while (pending.length >= 3 && pending.length >= 3 + pending.readUIntBE(0, 3)) {
        const end = 3 + pending.readUIntBE(0, 3)
        whole.push(pending.subarray(3, end))
        pending = pending.subarray(end)
      }
      return whole
    },
    hello(frame) {
      const theirs = Buffer.from(proto.HandshakeMessage.decode(frame).clientHello?.ephemeral ?? [])
      authenticate(theirs)
      authenticate(ephemeral.public)
      mix(Curve.sharedKey(ephemeral.private, theirs))
      const encrypted = encrypt(constant.public)
      mix(Curve.sharedKey(constant.private, theirs))
      const serverHello = { ephemeral: ephemeral.public, static: encrypted, payload: encrypt(CERTIFICATES) }
      return framed(proto.HandshakeMessage.encode({ serverHello }).finish())
    },
    finish(frame) {
      const { clientFinish } = proto.HandshakeMessage.decode(frame)
      const theirs = decrypt(clientFinish?.static ?? NOTHING)
      mix(Curve.sharedKey(ephemeral.private, theirs))
      const payload = decrypt(clientFinish?.payload ?? NOTHING)
      const [read, write] = derive(NOTHING)
      transport = { read, write, reads: 0, writes: 0 }
      return proto.ClientPayload.decode(payload)
    },
    decode(frame) {
      if (!transport) throw new Error('the handshake is not over')
      return decodeBinaryNode(aesDecryptGCM(frame, transport.read, counterIv(transport.reads++), NOTHING))
    },
    encode(node) {
      if (!transport) throw new Error('the handshake is not over')
      return framed(aesEncryptGCM(encodeBinaryNode(node), transport.write, counterIv(transport.writes++), NOTHING))
    },
  }
}
