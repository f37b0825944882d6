import { mkdir, writeFile } from 'node:fs/promises'
import type { Tell } from './citizen.ts'
import { CHANNELS, type ChannelName } from './platforms.ts'
import { walk } from './road.ts'
import { hire } from './staff.ts'
import { setStage } from './stage.ts'

const FOLDER = 'docs/transcripts'

/** What links name: the web chat is spoken to where it says it is, everybody else lets only public hosts through. */
const HERE = { PORT: '3000' }
const PUBLIC = { PUBLIC_URL: 'https://atencion.example' }

/** `node test/e2e/transcript.ts`: walks the road of road.test.ts on each channel and writes down what was said. */
async function transcribe(channel: ChannelName): Promise<void> {
  await using stage = await setStage([channel], channel === 'web-chat' ? HERE : PUBLIC)
  const lines: string[] = []
  const tell: Tell = (who, what, buttons = []) => {
    const offered = buttons.length > 0 ? `\n\n${buttons.map((label) => `\`${label}\``).join(' ')}` : ''
    lines.push(`**${who}**\n\n${quote(what + offered)}`)
  }
  const line = stage.line(channel)
  await walk(stage.url, line, await hire(stage.url), tell)
  const title = `# De «hay un bache enfrente de mi casa» a VALIDADO por ${line.channel}`
  const how =
    'Lo escribió `node test/e2e/transcript.ts`, que arranca el programa y habla con él como lo haría una persona; `test/e2e/road.test.ts` comprueba cada paso en cada prueba.'
  await mkdir(FOLDER, { recursive: true })
  await writeFile(`${FOLDER}/${channel}.md`, `${[title, how, ...lines].join('\n\n')}\n`)
}

const quote = (text: string) =>
  text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('  \n')
    .replaceAll('>  \n', '>\n')

const asked = process.argv.slice(2)
for (const channel of CHANNELS) if (asked.length === 0 || asked.includes(channel)) await transcribe(channel)
