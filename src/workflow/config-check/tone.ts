import type { Locale } from '../../conversation/state.ts'

const listed = (words: string): ReadonlySet<string> => new Set(words.normalize('NFC').trim().split(/\s+/))

/** Words that speak to a person as *tú*, wherever they stand. */
const TU = listed(`
  tu tus tú ti te contigo tuyo tuya tuyos tuyas vos vosotros
  eres estás has vas das ves puedes quieres tienes debes sabes haces dices necesitas prefieres deseas escribes mandas envías
  reportas vives conoces recuerdas aceptas gustas recibes pides buscas encuentras sigues vuelves
  hayas quieras puedas tengas necesites estés seas sepas desees prefieras gustes olvides
  escríbenos escríbelo escríbeme dime dinos dilo cuéntame cuéntanos mándame mándanos mándalo envíanos envíalo elígelo ponlo
  hazlo tócalo guárdalo revísalo espéranos llámanos avísanos confírmalo corrígelo acuérdate fíjate acércate aléjate comunícate`)

/** Orders to a *tú* that are also what a third person does (`no se manda ayuda`): wrong only where an order begins. */
const ORDERS = listed(`
  escribe manda envía elige selecciona toca oprime presiona revisa espera usa llama guarda sube haz pon ven di mira lee
  contesta responde intenta agrega adjunta confirma corrige indica ingresa anota consulta pide ten recuerda`)

/** Past and future of a *tú*, by their endings, and the words that only end so. */
const ENDING = /^\p{L}+(?:aste|iste|istes|astes|arás|erás|irás|drás|brás)$/u
const ONLY_END_SO = listed(`
  existe insiste consiste asiste resiste persiste chiste triste viste alpiste quiste contraste desgaste traste baste gaste
  atrás detrás`)

const WORD = /\p{L}+/gu
const SENTENCE_START = /(?:^|[.:;!?¡…)»\n]|,\s*(?:y|o|por favor)|\b(?:y|o|luego|después),?)\s*$/u
const EMOJI = /\p{Extended_Pictographic}/gu

/**
 * What is wrong with how a text speaks to a citizen, each as an end of a sentence (`expected *usted*, and "te" is *tú*`): *tú* forms
 * (in Spanish), exclamations in a row, more than one emoji.
 */
export function toneFaults(text: string, locale: Locale): string[] {
  const plain = text.normalize('NFC').replaceAll(/\{\w*\}|https?:\/\/\S+/g, '')
  return [...(locale === 'es' ? familiar(plain) : []), ...exclaimed(plain), ...decorated(plain)]
}

function familiar(text: string): string[] {
  const words = [...text.matchAll(WORD)].filter(({ 0: word, index }) =>
    isFamiliar(word.toLowerCase(), text.slice(0, index)),
  )
  return [...new Set(words.map(([word]) => word))].map((word) => `expected *usted*, and "${word}" says *tú*`)
}

function isFamiliar(word: string, before: string): boolean {
  if (TU.has(word)) return true
  if (ENDING.test(word)) return !ONLY_END_SO.has(word)
  return ORDERS.has(word) && SENTENCE_START.test(before)
}

function exclaimed(text: string): string[] {
  const row = /!\s*[!¡]|¡\s*¡|!\s*¡/u.test(text)
  return row ? ['expected no exclamations one after another'] : []
}

function decorated(text: string): string[] {
  const count = text.match(EMOJI)?.length ?? 0
  return count > 1 ? [`expected at most one emoji, found ${count}`] : []
}
