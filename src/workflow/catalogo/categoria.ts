import { defineEntity, p } from '@mikro-orm/postgresql'
import type { DatoGeneral, Exigencia, Pregunta, Requisito } from '../../conversation/flows/vocabulary.ts'

const schema = defineEntity({
  name: 'Categoria',
  tableName: 'categoria',
  properties: {
    id: p.text().primary(),
    nombre: p.text(),
    grupo: p.text(),
    dependenciaId: p.text(),
    plazoDias: p.integer(),
    prioridad: p.text(),
    anonima: p.boolean(),
    reservada: p.boolean(),
    preguntas: p.json<Pregunta[]>(),
    datos: p.json<Partial<Record<DatoGeneral, Exigencia>>>(),
    requisitos: p.json<Requisito[]>(),
    acciones: p.array(),
    retiradaAt: p.datetime().nullable(),
  },
})

/** A type of petition, as loaded from the catalogue. */
export class Categoria extends schema.class {}
schema.setClass(Categoria)
