import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it, onTestFinished } from 'vitest'
import { readSettings } from '../src/settings.ts'

async function configWithLogo(name: string) {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-config-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp('config', folder, { recursive: true })
  const file = join(folder, 'municipio.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(/# logo:.*/, `logo: ${name}`))
  return folder
}

it('reads the coat of arms that the papers carry', async () => {
  const folder = await configWithLogo('escudo.png')
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: 'green' } })
  await writeFile(join(folder, 'escudo.png'), await image.png().toBuffer())
  expect((await readSettings(folder, {})).logo?.length).toBeGreaterThan(50)
})

it('says so when it is missing, or is no picture', async () => {
  const folder = await configWithLogo('escudo.png')
  await expect(readSettings(folder, {})).rejects.toThrow(/escudo.png, but there is no such file/)
  await writeFile(join(folder, 'escudo.png'), 'hola')
  await expect(readSettings(folder, {})).rejects.toThrow(/neither a PNG nor a JPEG/)
})
