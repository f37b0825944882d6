import { webChat } from './cases/web-chat.ts'
import { conforms } from './conforms.ts'
import { openWebChat } from './lines/web-chat.ts'

conforms(webChat, openWebChat)
