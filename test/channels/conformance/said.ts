import type { OutboundMedia } from '../../../src/channels/message.ts'
import type { OutputCase } from './case.ts'
import type { OutputKind } from './kinds.ts'

/** Where the file of ours lies that is sent along. */
export const FILE_KEY = 'respuestas/1'

const file = (kind: OutboundMedia['kind'], mime: string, fileName: string): OutboundMedia => ({
  kind,
  key: FILE_KEY,
  mime,
  fileName,
})

const MENU = [
  'Bache o calle dañada',
  'Luminaria apagada',
  'Fuga de agua potable',
  'Basura o maleza en un terreno',
  'Apoyo social',
  'Consultar un folio',
  'Hablar con una persona',
]

const SENTENCE = 'Su reporte llegó a la dirección que lo atiende y ya tiene quien lo revise. '

/** What is said to every platform, by kind. */
export const SAID: Record<OutputKind, OutputCase[]> = {
  text: [
    { label: 'un texto', message: { text: '¿Cuál es la dirección? 📍 Niñez, Ñandú.' } },
    { label: 'varias líneas', message: { text: 'Su folio es:\n\nUAC-26-004217-8' } },
    { label: 'nada que se lea como formato', message: { text: '*no* <b>es</b> _formato_ [ni](enlace) & $1' } },
  ],
  long: [{ label: 'más de lo que cabe', message: { text: SENTENCE.repeat(130).trim() } }],
  buttons: [
    {
      label: 'dos opciones',
      message: {
        text: '¿Está bien así?',
        options: [
          { id: 'si', label: 'Sí' },
          { id: 'no', label: 'No' },
        ],
      },
    },
  ],
  menu: [
    {
      label: 'siete opciones',
      message: { text: '¿Qué necesita?', options: MENU.map((label, n) => ({ id: `menu:${n + 1}`, label })) },
    },
  ],
  caption: [
    { label: 'una foto', message: { text: 'Así quedó la calle', media: file('image', 'image/jpeg', 'así quedó.jpg') } },
    {
      label: 'una foto con opciones',
      message: {
        text: '¿Es este lugar?',
        media: file('image', 'image/jpeg', 'lugar.jpg'),
        options: [{ id: 'si', label: 'Sí' }],
      },
    },
  ],
  document: [
    {
      label: 'un PDF',
      message: { text: 'Oficio de respuesta', media: file('document', 'application/pdf', 'oficio nº 7.pdf') },
    },
  ],
  voice: [{ label: 'una nota', message: { text: 'Escuche', media: file('voice', 'audio/ogg', 'nota.ogg') } }],
  reply: [{ label: 'cita el mensaje', message: { text: 'Sí, ese', replyTo: '1100' } }],
  place: [{ label: 'con botón', message: { text: '¿Dónde es?', requestLocation: 'Compartir ubicación' } }],
  telephone: [{ label: 'con botón', message: { text: '¿Su teléfono?', requestContact: 'Compartir teléfono' } }],
  link: [
    {
      label: 'de seguimiento',
      message: {
        text: 'Vea el avance',
        link: { label: 'Ver folio', url: 'https://canaliza.example/folio/UAC-26-004217-8' },
      },
    },
  ],
  notice: [{ label: 'una línea', late: true, message: { text: 'Su folio UAC-26-004217-8\nfue atendido.' } }],
  staff: [{ label: 'de una persona', late: true, byStaff: true, message: { text: 'Le escribo de Obras Públicas.' } }],
}
