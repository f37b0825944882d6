import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { CONFIG_FOLDER, readSettings } from '../settings.ts'
import { everythingAsked } from '../workflow/flow-map/everything-asked.ts'
import { explore } from '../workflow/flow-map/explore.ts'
import { pagesOf } from '../workflow/flow-map/pages.ts'

// npm run flujos: docs/flujos, a picture of every conversation as it is with the settings that ship.

const FOLDER = fileURLToPath(new URL('../../docs/flujos', import.meta.url))

const settings = await readSettings(CONFIG_FOLDER, {})
const found = await explore(everythingAsked(settings), 'https://canaliza.example')
const pages = pagesOf(found)
await mkdir(FOLDER, { recursive: true })
for (const { name, content } of pages) await writeFile(`${FOLDER}/${name}`, content)
process.stdout.write(`docs/flujos: ${pages.length} pages, of ${found.turns} messages tried.\n`)
