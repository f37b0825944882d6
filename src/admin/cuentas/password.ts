import { randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { dictionary } from '@zxcvbn-ts/language-common'

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Bounds of a password's length in characters; the upper one only keeps the hashing cheap. */
const PASSWORD_LENGTH = { min: 12, max: 256 }

/** Why a password is refused; the words for it are in the views. */
export type PasswordProblem = 'password_corta' | 'password_larga' | 'password_comun' | 'password_propia'

/** No 0 O 1 I L: it is read aloud and typed from paper. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

let stranger: Promise<string> | undefined

/** The argon2id string that is stored. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST)
}

/** Takes the same time when nobody has that e-mail (`stored` undefined): then it is never true. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  stranger ??= hashPassword(generatePassword())
  const matches = await verify(stored ?? (await stranger), password.normalize('NFC'))
  return stored !== undefined && matches
}

/** Five groups of four characters, about 99 bits: `ABCD-EFGH-…`. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: 5 }, group).join('-')
}

/** What is wrong with a new password, or undefined; `own` are words its owner must not build it from (e-mail, name). */
export function passwordProblem(password: string, own: string[]): PasswordProblem | undefined {
  const length = [...password].length
  if (length < PASSWORD_LENGTH.min) return 'password_corta'
  if (length > PASSWORD_LENGTH.max) return 'password_larga'
  const cores = coresOf(password)
  const ownWords = new Set(own.flatMap((text) => text.split(/[\s@._-]+/)).map(fold))
  if (cores.some((core) => core.length > 2 && ownWords.has(core))) return 'password_propia'
  if (cores.some((core) => isCommon(core))) return 'password_comun'
  return undefined
}

const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()

/** The password as a guesser would shorten it: whole, without digits and signs around it, without its repetition. */
function coresOf(password: string): string[] {
  const whole = fold(password)
  const bare = whole.replace(/^[^a-z]+|[^a-z]+$/g, '')
  const once = whole.replace(/^(.+?)\1+$/, '$1')
  return [...new Set([whole, bare, once])]
}

let common: Set<string> | undefined

/** What people here choose and a list made from English leaks lacks. */
const LOCAL = [
  'contrasena',
  'bienvenido',
  'bienvenida',
  'administrador',
  'atencionciudadana',
  'ayuntamiento',
  'municipio',
]

function isCommon(core: string): boolean {
  common ??= new Set([...dictionary['passwords-common'], ...LOCAL])
  return core.length < 3 || common.has(core)
}
