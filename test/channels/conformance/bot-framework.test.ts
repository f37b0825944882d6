import { botFramework } from './cases/bot-framework.ts'
import { conforms } from './conforms.ts'
import { openBotFramework } from './lines/bot-framework.ts'

conforms(botFramework, openBotFramework)
