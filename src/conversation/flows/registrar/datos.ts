import type { Answer } from '../../answer.ts'
import { saysOnly } from '../../words.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos, categoriaDe, exigencia } from './campos.ts'
import { emailEnTexto, leerNombre, leerTelefono, nombreDePerfil, telefonoEnTexto } from './contacto.ts'

type Personal = 'nombre' | 'telefono' | 'email'

/** Personal data are asked only of who wants to be known. */
const seRequiere = (dato: Personal) => (contexto: Contexto) =>
  exigencia(contexto, dato) === 'requerido' && campos(contexto).anonima !== true

/** The personal data that the category takes and does not demand; none of who is not known. */
export const opcionales = (contexto: Contexto): Personal[] =>
  campos(contexto).anonima === true
    ? []
    : (['nombre', 'telefono', 'email'] as const).filter((dato) => exigencia(contexto, dato) === 'opcional')

const suNombre = (contexto: Contexto) => {
  const perfil = nombreDePerfil(contexto.state.profileName)
  return perfil === undefined
    ? []
    : [{ id: 'perfil', label: contexto.mensajes.text('opciones.mi_nombre', { nombre: perfil }) }]
}

/** "No quiero" and "sí" are no names. */
function nombreDicho(text: string, { mensajes }: Contexto): string | undefined {
  const nada = (['omitir', 'no', 'si', 'listo'] as const).flatMap((lista) => mensajes.words(lista))
  return saysOnly(text, nada, mensajes.words('relleno')) ? undefined : leerNombre(text)
}

const nombre: Paso = {
  id: 'nombre',
  label: ({ mensajes }) => mensajes.text('campo.nombre'),
  freeText: true,
  when: (contexto) => seRequiere('nombre')(contexto) || campos(contexto).nombre !== undefined,
  ask: (contexto) => {
    const { mensajes } = contexto
    const [perfil] = suNombre(contexto)
    if (!perfil) return { text: mensajes.text('registrar.nombre') }
    const words = [...mensajes.words('si'), ...mensajes.words('igual')]
    return { text: mensajes.text('registrar.nombre_perfil', { nombre: perfil.label }), options: [{ ...perfil, words }] }
  },
  read: ({ option, text }, contexto) => {
    const nombre = option === undefined ? nombreDicho(text, contexto) : nombreDePerfil(contexto.state.profileName)
    return nombre === undefined
      ? { to: 'miss', because: contexto.mensajes.text('registrar.nombre_no_valido') }
      : { to: 'next', set: { nombre } }
  },
}

const telefonoDe = ({ contact, text }: Answer) =>
  contact ? leerTelefono(contact.phone) : (leerTelefono(text) ?? telefonoEnTexto(text))

const telefono: Paso = {
  id: 'telefono',
  label: ({ mensajes }) => mensajes.text('campo.telefono'),
  freeText: true,
  digits: true,
  takes: ['contact'],
  when: (contexto) => seRequiere('telefono')(contexto) || campos(contexto).telefono !== undefined,
  ask: ({ mensajes }) => ({
    text: mensajes.text('registrar.telefono'),
    requestContact: mensajes.text('opciones.mandar_telefono'),
  }),
  read: (answer, { mensajes }) => {
    const telefono = telefonoDe(answer)
    return telefono === undefined
      ? { to: 'miss', because: mensajes.text('registrar.telefono_no_valido') }
      : { to: 'next', set: { telefono } }
  },
}

const email: Paso = {
  id: 'email',
  label: ({ mensajes }) => mensajes.text('campo.email'),
  freeText: true,
  when: (contexto) => seRequiere('email')(contexto) || campos(contexto).email !== undefined,
  ask: ({ mensajes }) => ({ text: mensajes.text('registrar.email') }),
  read: ({ text }, { mensajes }) => {
    const email = emailEnTexto(text)
    return email === undefined
      ? { to: 'miss', because: mensajes.text('registrar.email_no_valido') }
      : { to: 'next', set: { email } }
  },
}

/** All that is optional in one question, for who chooses in the summary to give it: nobody should pass it to say no. */
const contacto: Paso = {
  id: 'contacto',
  label: ({ mensajes }) => mensajes.text('campo.contacto'),
  freeText: true,
  takes: ['contact'],
  aside: true,
  when: (contexto) => categoriaDe(contexto) !== undefined && opcionales(contexto).length > 0,
  ask: (contexto) => {
    const { mensajes } = contexto
    const sin = opcion(mensajes, 'sin_datos', [...mensajes.words('omitir'), ...mensajes.words('no')])
    const pideTelefono = opcionales(contexto).includes('telefono')
    const requestContact = pideTelefono ? { requestContact: mensajes.text('opciones.mandar_telefono') } : {}
    if (!opcionales(contexto).includes('nombre')) {
      const clave = pideTelefono ? 'registrar.contacto_telefono' : 'registrar.contacto_email'
      return { text: mensajes.text(clave), options: [sin], ...requestContact }
    }
    const [perfil] = suNombre(contexto)
    const text = perfil
      ? mensajes.text('registrar.contacto_perfil', { nombre: perfil.label })
      : mensajes.text('registrar.contacto')
    const options = perfil ? [{ ...perfil, words: mensajes.words('si') }, sin] : [sin]
    return { text, options, ...requestContact }
  },
  read: (answer, contexto) => {
    if (answer.option === 'sin_datos') return { to: 'next' }
    return anotarContacto(answer, contexto)
  },
}

function anotarContacto(answer: Answer, contexto: Contexto): Movida {
  const pedidos = opcionales(contexto)
  const { option, text, contact } = answer
  const telefono = contact ? leerTelefono(contact.phone) : telefonoEnTexto(text)
  const nombre = option === 'perfil' ? nombreDePerfil(contexto.state.profileName) : nombreDicho(text, contexto)
  const dicho = { telefono, email: emailEnTexto(text), nombre }
  const set = Object.fromEntries(
    pedidos.flatMap((dato): [string, string][] => (dicho[dato] === undefined ? [] : [[dato, dicho[dato]]])),
  )
  if (Object.keys(set).length > 0) return { to: 'next', set }
  if (saysOnly(text, contexto.mensajes.words('si'))) return { to: 'again' }
  return { to: 'miss', because: contexto.mensajes.text('registrar.contacto_no_valido') }
}

/** Who asks, as far as the category needs to know. */
export const pasosDeDatos = [nombre, telefono, email, contacto] as const
