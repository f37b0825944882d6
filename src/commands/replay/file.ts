import { readFile, writeFile } from 'node:fs/promises'
import { reasonOf, StartupProblem } from '../../runtime/problem.ts'
import { anonymised } from '../../workflow/replay/anonymise.ts'
import { exportedSchema } from '../../workflow/replay/exported.ts'
import { type ReplaySettings, stageOf } from '../../workflow/replay/play.ts'
import type { StoredConversation } from '../../workflow/replay/stored-conversation.ts'
import { vocabularyOf } from '../../workflow/replay/vocabulary.ts'
import { marksOf } from '../../workflow/replay/world.ts'

/**
 * Conversations that were exported.
 * @throws {StartupProblem} when the file cannot be read or is none of ours.
 */
export async function readExported(file: string): Promise<StoredConversation[]> {
  const read = readFile(file, 'utf8').then((text) => exportedSchema.parse(JSON.parse(text)))
  const { conversations } = await read.catch((error: unknown) => {
    throw new StartupProblem(`--from ${file} is no file that --export wrote (${reasonOf(error).split('\n')[0]}).`)
  })
  return conversations
}

/** Writes conversations without who held them; gives how many, and how many said too little without it. */
export async function writeExported(
  file: string,
  conversations: Iterable<StoredConversation> | AsyncIterable<StoredConversation>,
  settings: ReplaySettings,
  publicUrl: string,
): Promise<{ written: number; left: number }> {
  const stage = stageOf(settings, publicUrl)
  const vocabulary = vocabularyOf(settings)
  const marks = marksOf(settings.mensajes)
  const kept: StoredConversation[] = []
  let left = 0
  for await (const stored of conversations) {
    const bare = await anonymised(stored, stage, vocabulary, kept.length + 1, marks)
    if (bare) kept.push(bare)
    else left += 1
  }
  await writeFile(file, `${JSON.stringify({ version: 1, conversations: kept }, null, 1)}\n`, { mode: 0o600 })
  return { written: kept.length, left }
}
