import { Client, Pool } from 'pg'

/** Whose turn a statement belonged to. */
export interface Turn {
  conversation: number
  message: number
  address: string
}

/** The statements of one turn, in order, with their parameters. */
export interface Recorded {
  turn: Turn
  statements: { text: string; values: unknown[] }[]
}

/** Notes what `run` says to PostgreSQL: every client of this process is listened to. */
export async function recordStatements(run: () => Promise<unknown>, turn: Turn): Promise<Recorded> {
  const statements: Recorded['statements'] = []
  const query = Client.prototype.query
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const [first, second] = args
    if (typeof first === 'string') statements.push({ text: first, values: Array.isArray(second) ? second : [] })
    return Reflect.apply(query, this, args)
  } as typeof query
  try {
    await run()
  } finally {
    Client.prototype.query = query
  }
  return { turn, statements }
}

/** Says the same of other turns, `parallel` at a time; turns a second. */
export async function replay(
  url: string,
  { turn, statements }: Recorded,
  turns: Turn[],
  parallel: number,
): Promise<number> {
  const pool = new Pool({ connectionString: url, max: parallel })
  const rest = turns.values()
  const began = performance.now()
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const other of rest) {
        const client = await pool.connect()
        for (const { text, values } of statements)
          await client.query(
            text,
            values.map((value) => translate(value, turn, other)),
          )
        client.release()
      }
    }),
  )
  const rate = turns.length / ((performance.now() - began) / 1000)
  await pool.end()
  return rate
}

/** The same parameter, of another conversation and message. */
function translate(value: unknown, from: Turn, to: Turn): unknown {
  if (value === from.conversation) return to.conversation
  if (typeof value !== 'string') return value
  return value
    .replaceAll(`"id":${from.message},`, `"id":${to.message},`)
    .replaceAll(`"conversation":${from.conversation},`, `"conversation":${to.conversation},`)
    .replaceAll(`"address":"${from.address}"`, `"address":"${to.address}"`)
}
