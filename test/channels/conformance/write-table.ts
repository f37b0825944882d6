import { writeFile } from 'node:fs/promises'
import { conformidad } from './table.ts'

// npm run conformidad
await writeFile(new URL('../../../docs/conformidad.md', import.meta.url), conformidad())
