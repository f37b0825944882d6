import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AnyChannel } from '../../channels/channel.ts'
import type { PublicPost } from '../../channels/public-post.ts'
import { SendError } from '../../channels/send-error.ts'
import type { Database } from '../../runtime/database.ts'
import { publish } from '../../runtime/events.ts'
import { storableJson } from '../../runtime/json.ts'
import { createKeyedRunner } from '../../runtime/keyed-runner.ts'
import { sql } from '../../runtime/sql.ts'
import type { Comentario } from './acto.ts'
import { replegar } from './guardar.ts'

/** What reading needs of the outside. */
export interface DetallesDeps {
  database: Database
  channelOf(name: string, account: string): AnyChannel | undefined
  log: Logger
}

/** Asks platforms for what they did not tell: the words of a mention, the addresses of a comment and its post. */
export interface Detalles {
  /** Something is there to be asked for. */
  wake(): void
  /** Looks from time to time for what a dead process left, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
  drain(): Promise<void>
}

const EVERY = 20_000
const CALL_LIMIT = 15_000
/** Comments asked for in one run. */
const BATCH = 10
const ATTEMPTS = 8

/** One run at a time in a process; several processes take different rows. */
export function createDetalles(deps: DetallesDeps): Detalles {
  const runner = createKeyedRunner<'detalles'>({
    parallel: 1,
    run: async () => ((await leerDetalles(deps)) === BATCH ? 0 : undefined),
    failed: (_key, error) => deps.log.debug({ err: error }, 'reading what platforms did not tell waits'),
  })
  const wake = () => runner.wake('detalles')
  return {
    wake,
    drain: runner.drain,
    async run(signal) {
      while (!signal.aborted) {
        wake()
        await pause(EVERY, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

interface Pendiente extends Pick<Comentario, 'id' | 'channel' | 'account' | 'externalId' | 'kind' | 'postId'> {
  intentos: number
}

/** Asks for some of those that are due; gives how many they were. */
export async function leerDetalles(deps: DetallesDeps): Promise<number> {
  // Each is put off before it is asked for: whoever dies meanwhile leaves it to a later run.
  const pendientes = await sql<Pendiente>(deps.database.fork(), TOMAR, [BATCH, ATTEMPTS])
  for (const one of pendientes) await leerUno(deps, one)
  return pendientes.length
}

async function leerUno({ database, channelOf, log }: DetallesDeps, pendiente: Pendiente): Promise<void> {
  const { id, channel, account, externalId, kind, postId } = pendiente
  const posts = channelOf(channel, account)?.publicPosts
  if (!posts) return
  try {
    const ref = { id: externalId, kind, ...(postId !== null && { threadId: postId }) }
    const outcome = await posts.details(ref, AbortSignal.timeout(CALL_LIMIT))
    await anotar(database, id, 'done' in outcome ? outcome.done : undefined)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    log.info({ channel, account, code: error.code, attempt: pendiente.intentos }, 'a comment could not be read in full')
    if (!error.retryable) await anotar(database, id, undefined)
  }
}

async function anotar(database: Database, id: number, detalle: Partial<PublicPost> | undefined): Promise<void> {
  await database.fork().transactional(async (em) => {
    await sql(em, 'update comentario set detalle_at = null where id = $1', [id])
    if (!detalle) return
    await sql(em, SUCESO, [id, storableJson(detalle)])
    await replegar(em, [id])
    await publish(em, { topic: 'comentario', id })
  })
}

const TOMAR = `
update comentario
   set detalle_intentos = detalle_intentos + 1,
       detalle_at = case when detalle_intentos + 1 < $2 then now() + least(interval '30 seconds' * 2 ^ detalle_intentos, interval '1 hour') end
 where id in (select id from comentario where detalle_at <= now() order by detalle_at limit $1 for update skip locked)
returning id, channel, account, external_id as "externalId", kind, post_id as "postId", detalle_intentos as intentos`

const SUCESO = `
insert into comentario_suceso (comentario_id, channel, account, external_id, verbo, cuerpo, at)
select c.id, c.channel, c.account, 'detail:' || c.id || ':' || c.detalle_intentos, 'detail', $2::jsonb, now() from comentario c where c.id = $1
on conflict (channel, account, external_id) do nothing`
