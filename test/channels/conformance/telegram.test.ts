import { telegram } from './cases/telegram.ts'
import { conforms } from './conforms.ts'
import { openTelegram } from './lines/telegram.ts'

conforms(telegram, openTelegram)
