import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { composeScript } from '../../../src/channels/web-chat/widget-script.ts'

const composed = async (files: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-script-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return composeScript(join(folder, 'main.js'))
}

test('modules become one script, each once and with names of its own', async () => {
  const script = await composed({
    'main.js': `import { a } from './a.js'\nimport {\n  B,\n  two,\n} from './b.js'\n\nconst name = 'main'\nresult = [a(), new B().name, two, name]\n`,
    'a.js': `import { two } from './b.js'\nconst name = 'a'\nexport function a() {\n  return name + two\n}\n`,
    'b.js': `const name = 'b'\nexport class B {\n  name = name\n}\nexport const two = 2\ncount++\n`,
  })
  const context = { result: [], count: 0 }
  runInNewContext(script, context)
  expect({ ...context, result: [...context.result] }).toEqual({ result: ['a2', 'b', 2, 'main'], count: 1 })
})

test('comments stay here, and what only looks like one stays in', async () => {
  const script = await composed({
    'main.js': `/** Says. */\n// Why.\nresult = 'https://x' // because\n/**\n * @param {string} a\n */\nconst css = \`/* css */ a { }\`\nresult += css\n`,
  })
  const context = { result: '' }
  runInNewContext(script, context)
  expect(context.result).toBe('https://x/* css */ a { }')
  expect(script).not.toMatch(/Says|Why|@param/)
})

test('modules that import each other are refused', async () => {
  const files = {
    'main.js': `import { a } from './a.js'\n`,
    'a.js': `import { b } from './main.js'\nexport const a = 1\n`,
  }
  await expect(composed(files)).rejects.toThrow('imports itself')
})
