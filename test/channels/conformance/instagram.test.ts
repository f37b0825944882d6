import { instagram } from './cases/instagram.ts'
import { conforms } from './conforms.ts'
import { openMeta } from './lines/meta.ts'

conforms(instagram, openMeta('instagram', '1254477777772919'))
