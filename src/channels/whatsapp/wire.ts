import { Agent } from 'node:https'
import { Socket } from 'node:net'

/** The connection beneath Baileys' socket. */
export interface Wire {
  /** For Baileys to connect by. */
  agent: Agent
  /** Ends the connection without a word. Baileys says goodbye first, and waits half a minute for a deaf server's answer. */
  cut(): void
}

/** Takes hold of the connection that is made by its agent. */
export function createWire(): Wire {
  const agent = new Agent()
  const made = new Set<Socket>()
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const connection = connect(options, callback)
    if (connection instanceof Socket) made.add(connection)
    return connection
  }
  return {
    agent,
    cut() {
      for (const connection of made) connection.destroy()
      made.clear()
    },
  }
}
