import { createInterface } from 'node:readline'
import { createConversations } from '../conversation/flows/conversations.ts'
import { initialState } from '../conversation/memory.ts'
import type { ConversationState } from '../conversation/state.ts'
import { readEnvironment } from '../runtime/env.ts'
import { reasonOf, StartupProblem } from '../runtime/problem.ts'
import { CONFIG_FOLDER, readSettings } from '../settings.ts'
import { vistasDeCatalogo } from '../workflow/catalogo/vistas-de-catalogo.ts'
import { memoryServices } from '../workflow/memory/memory-services.ts'
import { show } from './chat/show.ts'
import { typedMessage } from './chat/typed-message.ts'

// Talk to the bot in the terminal: the real conversation over the real config/, nothing stored anywhere.

const HELP = `Escriba como lo haría en un chat. También: /foto [texto], /voz, /video, /pdf, /sticker, /lugar [lat long],
/contacto NÚMERO, /start [CÓDIGO], /boton paso/opcion, /persona devuelve (cuando atiende una persona), /estado, /fin.
`

async function chat(): Promise<void> {
  const env = readEnvironment()
  const settings = await readSettings(CONFIG_FOLDER, env.source)
  const conversations = createConversations(settings, env.PUBLIC_URL)
  const { services } = memoryServices({
    ...vistasDeCatalogo(settings.catalogo),
    mensajes: settings.mensajes,
    prefijo: settings.municipio.folio.prefijo,
    publicUrl: env.PUBLIC_URL,
    now: () => new Date(),
  })
  let state: ConversationState = initialState()
  let number = 0
  process.stdout.write(HELP)
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '\n> ' })
  lines.prompt()
  for await (const line of lines) {
    if (line.trim() === '/fin') break
    number += 1
    if (line.trim() === '/estado') {
      process.stdout.write(`${JSON.stringify(state, null, 2)}\n`)
    } else if (line.trim() !== '') {
      const turn = line.startsWith('/persona')
        ? await conversations.returnToBot(state, services)
        : await conversations.advance(state, typedMessage(line, number, new Date()), services)
      // Through JSON, as the database would: what does not survive that would be lost.
      state = JSON.parse(JSON.stringify(turn.conversation))
      for (const reply of turn.replies) process.stdout.write(`\n${show(reply)}\n`)
      if (state.mode === 'human')
        process.stdout.write('\n(atiende una persona: «/persona devuelve» regresa al asistente)\n')
    }
    lines.prompt()
  }
}

try {
  await chat()
} catch (error) {
  if (!(error instanceof StartupProblem)) throw error
  process.stderr.write(`${reasonOf(error)}\n`)
  process.exitCode = error.exitCode
}
