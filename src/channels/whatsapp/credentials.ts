import {
  type AuthenticationCreds,
  type AuthenticationState,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys'
import type { Database } from '../../runtime/database.ts'
import { onceDatabaseIsBack } from '../../runtime/database-away.ts'
import type { SecretBox } from '../../runtime/secret-box.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { arrivedWithThisWrite, writeArrival } from './arrivals.ts'

/** Where a number's credentials are kept. */
export interface Vault {
  database: Database
  box: SecretBox
  account: string
}

/** The credentials of one number as one process holds them. */
export interface Credentials extends AuthenticationState {
  keys: SignalKeyStore
  /** Stores what Baileys changed in `creds`; resolves after the commit. */
  saveCreds(): Promise<void>
  /** Forgets the linked device, for it was unlinked; the next opening begins anew. */
  forget(): Promise<void>
}

/** Another process took the number over: nothing may be written under the old epoch, and its socket must close. */
export class Superseded extends Error {
  constructor(account: string) {
    super(`another process holds the WhatsApp number ${account} now`)
    this.name = 'Superseded'
  }
}

/**
 * Takes a number's credentials over: from now on whoever opened them before can write nothing. Until `signal` aborts, reads and
 * writes wait for a database that is away, so that nothing is decrypted, and confirmed to WhatsApp, whose keys could not be kept.
 * @throws {UnreadableSecret} when SECRET_KEY is another; nothing is changed then.
 */
export async function openCredentials(vault: Vault, signal: AbortSignal): Promise<Credentials> {
  const row = await sqlOne<{ epoch: number; creds: Buffer | null }>(vault.database.fork(), TAKE_OVER, [vault.account])
  const epoch = row?.epoch ?? 0
  const creds = row?.creds ? readCreds(vault, row.creds) : initAuthCreds()
  const state = { changed: false }
  const durably = <Result>(work: () => Promise<Result>) => onceDatabaseIsBack(work, signal)
  const set = (data: SignalDataSet) => durably(() => write(vault, epoch, data, creds, state))
  return {
    creds,
    keys: {
      get: (type, ids) => durably(() => read(vault, type, ids)),
      set,
    },
    saveCreds() {
      state.changed = true
      return set({})
    },
    forget: () => durably(() => forget(vault, epoch)),
  }
}

const placeOf = (account: string, type: string, id: string) => JSON.stringify(['whatsapp', account, type, id])

function readCreds({ box, account }: Vault, sealed: Buffer): AuthenticationCreds {
  return JSON.parse(box.open(sealed, placeOf(account, 'creds', '')).toString(), BufferJSON.reviver)
}

async function read<Type extends keyof SignalDataTypeMap>(vault: Vault, type: Type, ids: string[]) {
  const { database, box, account } = vault
  const rows = await sql<{ id: string; value: Buffer }>(
    database.fork(),
    'select id, value from whatsapp_key where account = $1 and type = $2 and id = any($3)',
    [account, type, ids],
  )
  const found: { [id: string]: SignalDataTypeMap[Type] } = {}
  for (const { id, value } of rows) {
    const plain = JSON.parse(box.open(value, placeOf(account, type, id)).toString(), BufferJSON.reviver)
    found[id] = type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(plain) : plain
  }
  return found
}

/** Keys, changed credentials and the message that was decrypted with them, in one transaction or not at all. */
async function write(
  vault: Vault,
  epoch: number,
  data: SignalDataSet,
  creds: AuthenticationCreds,
  state: { changed: boolean },
): Promise<void> {
  const { account, box } = vault
  const seal = (type: string, id: string, value: unknown) =>
    box.seal(Buffer.from(JSON.stringify(value, BufferJSON.replacer)), placeOf(account, type, id))
  const entries = Object.entries(data).flatMap(([type, byId]) =>
    Object.entries(byId ?? {}).map(([id, value]) => ({ type, id, value })),
  )
  const kept = entries.filter(({ value }) => value !== null && value !== undefined)
  const gone = entries.filter(({ value }) => value === null || value === undefined)
  const { changed } = state
  const sealedCreds = changed ? seal('creds', '', creds) : null
  state.changed = false
  try {
    await vault.database.fork().transactional(async (em) => {
      if (
        !(await sqlOne(
          em,
          changed ? KEEP_CREDS : STILL_OURS,
          changed ? [account, epoch, sealedCreds] : [account, epoch],
        ))
      )
        throw new Superseded(account)
      if (gone.length > 0) await sql(em, DELETE, [account, gone.map(({ type }) => type), gone.map(({ id }) => id)])
      const values = kept.map(({ type, id, value }) => seal(type, id, value))
      if (kept.length > 0)
        await sql(em, UPSERT, [account, kept.map(({ type }) => type), kept.map(({ id }) => id), values])
      const arrival = arrivedWithThisWrite()
      if (arrival) await writeArrival(em, vault, arrival)
    })
  } catch (error) {
    state.changed ||= changed
    throw error
  }
}

async function forget({ database, account }: Vault, epoch: number): Promise<void> {
  await database.fork().transactional(async (em) => {
    if (!(await sqlOne(em, KEEP_CREDS, [account, epoch, null]))) throw new Superseded(account)
    await sql(em, 'delete from whatsapp_key where account = $1', [account])
  })
}

const TAKE_OVER = `
insert into whatsapp_account (account, epoch) values ($1, 1)
on conflict (account) do update set epoch = whatsapp_account.epoch + 1
returning epoch, creds`

const STILL_OURS = 'select 1 as ours from whatsapp_account where account = $1 and epoch = $2 for share'

const KEEP_CREDS = `
update whatsapp_account set creds = $3, updated_at = now() where account = $1 and epoch = $2 returning 1 as ours`

const DELETE = `
delete from whatsapp_key k using unnest($2::text[], $3::text[]) as gone (type, id)
 where k.account = $1 and k.type = gone.type and k.id = gone.id`

const UPSERT = `
insert into whatsapp_key (account, type, id, value) select $1, type, id, value from unnest($2::text[], $3::text[], $4::bytea[]) as kept (type, id, value)
on conflict (account, type, id) do update set value = excluded.value`
