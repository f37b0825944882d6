import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { leerDocumentos } from '../../src/configuracion/carpeta.ts'
import { abrirConfiguracion, type Configuracion } from '../../src/configuracion/configuracion.ts'
import { explorar } from '../../src/configuracion/explorar.ts'
import { ENTITIES } from '../../src/house.ts'
import { openDatabase } from '../../src/runtime/database.ts'
import { listen } from '../../src/runtime/events.ts'
import { sql } from '../../src/runtime/sql.ts'
import { until } from '../../src/runtime/until.ts'
import type { Cambio } from '../../src/workflow/configuracion/cambios.ts'
import { publicarCambios, YaCambio } from '../../src/workflow/configuracion/publicar.ts'
import { publicaciones, ultimaPublicacion } from '../../src/workflow/configuracion/versiones.ts'
import { createTestDatabase } from '../database.ts'

const silent = pino({ level: 'silent' })

/** A folder as config/, and a database, for as many processes as a test opens. */
async function town() {
  const { url, drop } = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-prueba-'))
  await cp('config', folder, { recursive: true })
  const closing = [drop, () => rm(folder, { recursive: true })]
  onTestFinished(async () => {
    for (const close of closing.toReversed()) await close()
  })
  return {
    async edit(name: string, from: string | RegExp, to: string) {
      const file = join(folder, name)
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to))
    },
    async open({ mirar = false } = {}) {
      const database = await openDatabase(url, ENTITIES, silent)
      closing.push(database.close)
      const configuracion = await abrirConfiguracion(database, {}, silent, { folder, mirar })
      const events = await listen(url, silent)
      closing.push(events.close, configuracion.seguir(events))
      return { database, configuracion }
    },
  }
}

const saludo = (antes: string, despues: string): Cambio => ({
  documento: 'mensajes.es',
  ruta: ['general', 'no_entendi'],
  antes,
  despues,
})
const publicar = async (
  { database, configuracion }: Awaited<ReturnType<Awaited<ReturnType<typeof town>>['open']>>,
  cambio: Cambio,
) => {
  const base = await ultimaPublicacion(database.fork())
  return database
    .fork()
    .transactional((tx) =>
      publicarCambios(
        tx,
        { cambios: [cambio], base, origen: 'importacion', nota: '' },
        { leer: configuracion.leer, ahora: new Date() },
      ),
    )
}
const dice = ({ settings }: Configuracion) => settings.mensajes.text('general.no_entendi')

it('is taken up by every process without a restart, and by one that was not told', { timeout: 60_000 }, async () => {
  const { open } = await town()
  const una = await open()
  const otra = await open()
  const deEntonces = otra.configuracion.actual()
  const cambios: string[] = []
  otra.configuracion.alCambiar((settings) => cambios.push(settings.mensajes.text('general.no_entendi')))
  await publicar(una, saludo('No le entendí.', 'No entendí bien.'))
  expect(await until(() => dice(otra.configuracion) === 'No entendí bien.', { every: 20, timeout: 10_000 })).toBe(true)
  expect(cambios).toEqual(['No entendí bien.'])
  // Who began before goes on with what was in force then.
  expect(deEntonces.mensajes.text('general.no_entendi')).toBe('No le entendí.')
  await sql(
    una.database.fork(),
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'canaliza events' and datname = current_database()`,
  )
  await publicar(una, saludo('No entendí bien.', 'No pude entenderle.'))
  expect(await until(() => dice(otra.configuracion) === 'No pude entenderle.', { every: 20, timeout: 15_000 })).toBe(
    true,
  )
})

it('joins who edits the file and who edits in the panel in one history', { timeout: 60_000 }, async () => {
  const { open, edit } = await town()
  const primera = await open()
  await publicar(primera, saludo('No le entendí.', 'No entendí bien.'))
  // Nothing was edited: what was published stays in force.
  expect(dice((await open()).configuracion)).toBe('No entendí bien.')
  await edit('mensajes.es.yaml', 'Ese botón es de una pregunta anterior.', 'Ese botón ya no sirve.')
  // A command only looks.
  expect((await open({ mirar: true })).configuracion.settings.mensajes.text('general.boton_viejo')).toBe(
    'Ese botón es de una pregunta anterior.',
  )
  const despues = await open()
  expect(dice(despues.configuracion)).toBe('No entendí bien.')
  expect(despues.configuracion.settings.mensajes.text('general.boton_viejo')).toBe('Ese botón ya no sirve.')
  const historia = await publicaciones(despues.database.fork(), null, 10)
  expect(historia.map((one) => [one.origen, one.documentos.length > 5 || one.documentos])).toEqual([
    ['archivo', ['mensajes.es']],
    ['importacion', ['mensajes.es']],
    ['archivo', true],
  ])
  await edit('mensajes.es.yaml', 'No le entendí.', 'Perdón, no le entendí.')
  expect(dice((await open()).configuracion)).toBe('Perdón, no le entendí.')
  await edit('mensajes.es.yaml', 'Seguimos con {titulo}', 'Seguimos con {titulu}')
  await expect(open()).rejects.toThrow(/config\/mensajes\.es\.yaml:\d+:\d+ .*\{titulu\}/)
})

it('takes from the files what the version before did not need; who only looks cannot', {
  timeout: 60_000,
}, async () => {
  const { open } = await town()
  const deAntes = (await open()).database.fork()
  await sql(deAntes, DE_UNA_VERSION_ANTERIOR)
  await expect(open({ mirar: true })).rejects.toThrow(/boton_viejo: missing/)
  const despues = await open()
  expect(despues.configuracion.settings.mensajes.text('general.boton_viejo')).toContain('Ese botón')
  expect((await open({ mirar: true })).configuracion.settings.mensajes.text('general.boton_viejo')).toContain(
    'Ese botón',
  )
})

/** As if the program of then had known nothing of one text, neither in its file nor in what is in force. */
const DE_UNA_VERSION_ANTERIOR = `
with sin as (
  update configuracion_archivo set contenido = regexp_replace(contenido, '\n  boton_viejo:[^\n]*', '')
   where documento = 'mensajes.es' returning documento, contenido
), publicada as (
  insert into configuracion_publicacion (origen) values ('archivo') returning id
)
insert into configuracion_version (documento, publicacion_id, contenido, sha256)
select documento, id, contenido, encode(sha256(convert_to(contenido, 'UTF8')), 'hex') from sin, publicada`

it('tells the second of two what changed, and refuses what is not valid', { timeout: 60_000 }, async () => {
  const { open } = await town()
  const casa = await open()
  await publicar(casa, saludo('No le entendí.', 'No entendí bien.'))
  await expect(publicar(casa, saludo('No le entendí.', 'No capté.'))).rejects.toThrow(YaCambio)
  await expect(publicar(casa, saludo('No entendí bien.', 'Hola {nombre}'))).rejects.toThrow(/expected no \{nombre\}/)
  await expect(publicar(casa, saludo('No entendí bien.', 'x'.repeat(301)))).rejects.toThrow(/300 characters/)
  expect(await publicaciones(casa.database.fork(), null, 10)).toHaveLength(2)
  await expect(sql(casa.database.fork(), `update configuracion_version set contenido = ''`)).rejects.toThrow(
    /append-only/,
  )
})

it('is explored in another thread, which says how far it is and what it found', { timeout: 60_000 }, async () => {
  const que = { documentos: await leerDocumentos('config'), variables: {}, publicUrl: 'https://uac.example', most: 8 }
  const dichos: number[] = []
  const fallas = await explorar(que, (mensajes) => dichos.push(mensajes))
  expect(fallas).toContain('more than 8 different questions: the exploration has no end')
  expect(dichos[0]).toBeGreaterThan(0)
})
