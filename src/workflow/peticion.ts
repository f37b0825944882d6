import { defineEntity, p } from '@mikro-orm/postgresql'
import type { Estado } from '../conversation/flows/vocabulary.ts'

const schema = defineEntity({
  name: 'Peticion',
  tableName: 'peticion',
  properties: {
    id: p.bigint('number').primary(),
    folio: p.text(),
    claveHash: p.blob(),
    estado: p.text().$type<Estado>(),
    categoria: p.text(),
    dependenciaId: p.text().nullable(),
    enlaceId: p.bigint('number').nullable(),
    ciudadanoId: p.bigint('number').nullable(),
    addressId: p.bigint('number').nullable(),
    medio: p.text(),
    programa: p.text().nullable(),
    asunto: p.text(),
    descripcion: p.text(),
    latitud: p.double().nullable(),
    longitud: p.double().nullable(),
    colonia: p.text().nullable(),
    calle: p.text().nullable(),
    numero: p.text().nullable(),
    referencias: p.text().nullable(),
    nombre: p.text().nullable(),
    telefono: p.text().nullable(),
    email: p.text().nullable(),
    respuestas: p.json<Record<string, string>>().defaultRaw("'{}'"),
    requisitos: p.json<Record<string, string>>().defaultRaw("'{}'"),
    anonima: p.boolean().default(false),
    reservada: p.boolean().default(false),
    prioridad: p.text(),
    plazoDias: p.integer(),
    venceEl: p.date(),
    resuelto: p.boolean().nullable(),
    accionEjecutada: p.text().nullable(),
    observacion: p.text().nullable(),
    duplicadoDe: p.bigint('number').nullable(),
    capturadaPor: p.bigint('number').nullable(),
    turno: p.text().nullable(),
    version: p.integer().version().default(1),
    registradaAt: p.datetime(),
    actualizadaAt: p.datetime(),
    canalizadaAt: p.datetime().nullable(),
    concluidaAt: p.datetime().nullable(),
    validadaAt: p.datetime().nullable(),
  },
})

/** What a citizen asks: one row, changed only by its verbs. */
export class Peticion extends schema.class {}
schema.setClass(Peticion)
