import { createRequire } from 'node:module'
import { z } from 'zod'

/** One statement as the program executed it. */
export interface Statement {
  text: string
  values: unknown[]
}

/** What one connection did between taking it and giving it back: a transaction, or one statement. */
export type Unit = Statement[]

interface ClientClass {
  prototype: { query(...args: unknown[]): unknown }
}

/** The copy of pg that MikroORM uses. */
function clientClass(): ClientClass {
  const fromMikroOrm = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'))
  const pg: { Client: ClientClass } = fromMikroOrm('pg')
  return pg.Client
}

const config = z.object({ text: z.string(), values: z.array(z.unknown()).optional() })

/** Notes each statement of every connection until `stop`, which gives them in units, in the order in which these began. */
export function recordStatements(): { stop(): Unit[] } {
  const { prototype } = clientClass()
  const original = prototype.query
  const units: Unit[] = []
  const open = new WeakMap<object, Unit>()
  prototype.query = function (this: object, ...args: unknown[]) {
    const statement = statementOf(args)
    if (statement) note(this, statement, units, open)
    return original.apply(this, args)
  }
  return {
    stop() {
      prototype.query = original
      return units
    },
  }
}

function note(client: object, statement: Statement, units: Unit[], open: WeakMap<object, Unit>): void {
  const unit = open.get(client)
  if (unit) {
    unit.push(statement)
    if (/^(commit|rollback)$/i.test(statement.text)) open.delete(client)
    return
  }
  const fresh = [statement]
  units.push(fresh)
  if (/^(begin|start transaction)/i.test(statement.text)) open.set(client, fresh)
}

function statementOf([first, second]: unknown[]): Statement | undefined {
  if (typeof first === 'string') return { text: first, values: Array.isArray(second) ? second : [] }
  const { data } = config.safeParse(first)
  return data && { text: data.text, values: data.values ?? (Array.isArray(second) ? second : []) }
}
