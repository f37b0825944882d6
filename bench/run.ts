import { parseArgs } from 'node:util'
import { makeRunFolder, startTownDatabase } from '../test/faults/backends.ts'
import { makeTown } from '../test/faults/town.ts'
import { benchColdStart } from './cold-start.ts'
import { benchConversation } from './conversation.ts'
import { benchPaint } from './paint.ts'
import { benchPanel } from './panel.ts'
import { type Line, printed } from './table.ts'
import { benchTurns } from './turns.ts'
import { benchUnderstanding } from './understanding.ts'
import { benchWebhook } from './webhook.ts'

const { values } = parseArgs({
  options: {
    /** Seconds of the steady load. */
    seconds: { type: 'string', default: '60' },
    /** Conversations of the comparison with a bare loop. */
    conversations: { type: 'string', default: '1500' },
    /** Petitions before which the panel is measured. */
    petitions: { type: 'string', default: '1000000' },
    /** Only these parts: start, webhook, turns, understanding, conversation, paint, panel. */
    only: { type: 'string' },
    port: { type: 'string', default: '31987' },
  },
})

const wanted = (part: string) => values.only === undefined || values.only.split(',').includes(part)
const log = (line: string) => process.stderr.write(`${line}\n`)

const show = (lines: readonly Line[]) => process.stdout.write(`\n${printed(lines)}\n`)

if (wanted('understanding')) show(await benchUnderstanding())
if (wanted('conversation')) show(await benchConversation())
if (wanted('start')) show(await benchColdStart(Number(values.port)))
if (wanted('webhook') || wanted('turns')) {
  const folder = await makeRunFolder()
  const database = await startTownDatabase(folder.path, log)
  try {
    if (wanted('webhook')) {
      const town = await makeTown(folder.path, 0)
      show(await benchWebhook({ folder, town, database, log }, Number(values.seconds)))
    }
    if (wanted('turns')) show(await benchTurns(folder.path, database.url, Number(values.conversations), log))
  } finally {
    await database.stop()
    await folder.leave(false)
  }
}
if (wanted('paint')) show(await benchPaint(log))
if (wanted('panel')) {
  const folder = await makeRunFolder()
  const database = await startTownDatabase(folder.path, log)
  try {
    show(await benchPanel({ url: database.url, folder: folder.path, log }, Number(values.petitions)))
  } finally {
    await database.stop()
    await folder.leave(false)
  }
}
