import { describe, expect, test } from 'vitest'
import { leerFolioYClave } from '../../../src/conversation/flows/consultar.ts'
import { pasar } from '../../../src/workflow/memory/memory-seguimiento.ts'
import { heard, newTalk, settings, speak, speakAll } from '../talk.ts'

const { services } = newTalk()
const read = (text: string) => leerFolioYClave(text, { services })

describe('a folio with its clave', () => {
  const both = { kind: 'folio', folio: 'UAC-26-004217-4', clave: 'K7M2XQ9P' }

  test.each([
    'UAC-26-004217-4 K7M2XQ9P',
    'uac 26 004217 4 k7m2xq9p',
    'UAC-26-004217-4\nClave: K7M2XQ9P',
    'folio 26-004217-4 y la clave es K7M2 XQ9P',
    '26-004217-4, clave K7M2-XQ9P',
  ])('%s', (text) => {
    expect(read(text)).toMatchObject(both)
  })

  test('alone, mistyped, or none at all', () => {
    expect(read('UAC-26-004217-4')).toMatchObject({ kind: 'folio', folio: 'UAC-26-004217-4' })
    expect(read('UAC-26-004217-5')).toMatchObject({ kind: 'digito_incorrecto' })
    expect(read('UAC-26-004217-5 K7M2XQ9P')).toMatchObject({ kind: 'digito_incorrecto' })
    expect(read('no tengo folio')).toMatchObject({ kind: 'no_es_folio' })
    expect(read('UAC-26-004217-4 OOOOOOOO')).toMatchObject({ kind: 'no_es_folio' })
  })
})

describe('a folio written where something else was asked', () => {
  test('is looked up, and what was being told is kept', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay un bache en mi calle', 'UAC-26-004217-4 K7M2XQ9P'])
    expect(talk.state).toMatchObject({ flow: 'consultar', drafts: [{ flow: 'registrar' }] })
  })

  test('but ten digits are a telephone', async () => {
    const talk = newTalk(true)
    const said = ['necesito una pipa de agua', 'Miramar', 'Hidalgo 5', 'tinaco', '3', 'si', 'Ana Ruiz']
    const turn = await speakAll(talk, [...said, '2600421740'])
    expect(talk.state.flow).toBe('registrar')
    expect(heard(turn)).not.toContain('folio')
  })

  test('one of one’s own needs no clave, another’s does', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay un bache en mi calle', 'Miramar', 'Hidalgo 5', 'no', 'chico', 'no', 'si'])
    expect(heard(await speak(talk, 'mi folio es UAC-26-004217-4'))).toContain('Obras Públicas')
    const other = newTalk(true)
    expect(heard(await speak(other, 'UAC-26-004217-4'))).not.toContain('Obras Públicas')
  })
})

describe('«¿y cuándo vienen?»', () => {
  const registrado = ['hay un bache en la calle 8 de la colonia Miramar', 'si']

  test.each(['y cuando vienen', 'cuando van a venir a arreglar mi bache', '¿para cuándo lo arreglan?'])(
    '«%s» of who has a folio asks for it, and is no other petition',
    async (said) => {
      const talk = newTalk(true)
      const turn = await speakAll(talk, [...registrado, said])
      expect(heard(turn)).toContain('UAC-26-004217-4')
      expect(talk.memory.registradas).toHaveLength(1)
      expect(talk.state.flow).toBe('seguimiento')
      const again = await speak(talk, 'si pero cuando vienen')
      expect(heard(again)).toContain('UAC-26-004217-4')
    },
  )

  test('of who has none tells of a trouble', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['cuando van a venir a tapar el bache de mi calle'])
    expect(talk.state).toMatchObject({ flow: 'registrar', answers: { categoria: 'BACHEO' } })
  })
})

describe('«no es cierto, sigue igual»', () => {
  const registrado = ['hay un bache en la calle 8 de la colonia Miramar', 'si']
  const NO_ES_CIERTO = 'no es cierto, sigue igual, nadie vino'

  test('of who was told that theirs was solved is passed on to who checks it', async () => {
    const talk = newTalk(true)
    await speakAll(talk, registrado)
    const [una] = talk.memory.registradas
    if (una) pasar(una, 'CONCLUIDO', settings.mensajes)
    expect(heard(await speak(talk, NO_ES_CIERTO))).toContain('lo agregué a su folio')
    expect(JSON.stringify(talk.memory)).toContain(NO_ES_CIERTO)
  })

  test('once it is closed, the way to open it again is offered', async () => {
    const talk = newTalk(true)
    await speakAll(talk, registrado)
    const [una] = talk.memory.registradas
    if (una) pasar(una, 'VALIDADO', settings.mensajes)
    expect(heard(await speak(talk, NO_ES_CIERTO))).toContain('No quedó: reabrir')
  })

  test('of who has none tells of a trouble', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['sigue igual el bache de mi calle'])
    expect(talk.state.flow).toBe('registrar')
  })
})
