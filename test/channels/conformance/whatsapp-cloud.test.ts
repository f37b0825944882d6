import { whatsappCloud } from './cases/whatsapp-cloud.ts'
import { conforms } from './conforms.ts'
import { openMeta } from './lines/meta.ts'

conforms(whatsappCloud, openMeta('whatsapp-cloud', 'MX.13491208655302741918'))
