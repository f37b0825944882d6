import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { FLOWS } from '../../../src/conversation/flows/conversations.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { everythingAsked } from '../../../src/workflow/flow-map/everything-asked.ts'
import { explore } from '../../../src/workflow/flow-map/explore.ts'
import { pagesOf } from '../../../src/workflow/flow-map/pages.ts'
import { pictureOf } from '../../../src/workflow/flow-map/picture.ts'
import { mermaidFaults } from './mermaid.ts'

const settings = everythingAsked(await readSettings(CONFIG_FOLDER, {}))
const found = await explore(settings, 'https://canaliza.example')

describe('the conversation, tried in every way from every situation', () => {
  test('comes to every question of every flow', () => {
    const questions = Object.entries(FLOWS).flatMap(([flow, { steps }]) =>
      steps.flatMap((step) => (typeof step === 'function' ? [] : [`${flow}/${step.id}`])),
    )
    expect(questions.filter((place) => !found.asked.has(place))).toEqual([])
    expect([...found.asked.keys()]).toEqual(
      expect.arrayContaining(['registrar/pregunta', 'registrar/requisito', 'persona']),
    )
  })

  test('leads out of every question, answers everything, and fills everything in', () => {
    expect(found.faults).toEqual([])
  })

  test('is drawn in docs/flujos as it is now (npm run flujos)', async () => {
    const pages = pagesOf(found)
    for (const { name, content } of pages)
      expect(await readFile(`docs/flujos/${name}`, 'utf8'), `${name}: run npm run flujos`).toBe(content)
    expect((await readdir('docs/flujos')).sort()).toEqual(pages.map(({ name }) => name).sort())
  })

  test('is drawn in Mermaid that every viewer reads', () => {
    for (const flow of Object.keys(FLOWS)) expect(mermaidFaults(pictureOf(flow, found)), flow).toEqual([])
  })
})

test('Mermaid that no viewer reads is told', () => {
  const wrong = 'flowchart TD\n  a["x"]\n  end["y"]\n  a -->|"ir"| b\n  a --> a\n  c["di "algo""]'
  expect(mermaidFaults(wrong)).toEqual([
    '  a --> a: neither a node nor an arrow',
    '  c["di "algo""]: neither a node nor an arrow',
    'b: an arrow to no node',
    "end: a word of Mermaid's",
  ])
})
