import { whatsapp } from './cases/whatsapp.ts'
import { conforms } from './conforms.ts'
import { openWhatsapp } from './lines/whatsapp.ts'

conforms(whatsapp, openWhatsapp)
