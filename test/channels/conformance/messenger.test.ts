import { messenger } from './cases/messenger.ts'
import { conforms } from './conforms.ts'
import { openMeta } from './lines/meta.ts'

conforms(messenger, openMeta('messenger', '7654321098765432'))
