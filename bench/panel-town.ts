import type { Client } from 'pg'

/**
 * Fills an empty town with petitions of three years, set by set: categorias, colonias and media as unevenly as in life, a few per
 * cent still open, each with three movimientos. Indexes whose rows come at once are built afterwards. `log` hears of each step.
 */
export async function fillTown(client: Client, petitions: number, log: (line: string) => void): Promise<void> {
  await client.query("set synchronous_commit = off; set maintenance_work_mem = '512MB'; set statement_timeout = 0")
  await client.query('alter table outbox disable trigger user')
  // They are summed at the end, all at once.
  await client.query('alter table peticion disable trigger user')
  await client.query('drop index peticion_busqueda')
  const enlaces = await client.query(ENLACES)
  log(`${enlaces.rowCount} enlaces`)
  const step = 50_000
  for (let from = 0; from < petitions; from += step) {
    await client.query(PETICIONES, [from, Math.min(from + step, petitions), petitions])
    log(`${Math.min(from + step, petitions)} petitions`)
  }
  await client.query(MOVIMIENTOS)
  await client.query(REABRIR)
  log('their movimientos')
  await client.query('create index peticion_busqueda on peticion using gin (busqueda gin_trgm_ops)')
  log('the index of words')
  await client.query('alter table peticion enable trigger user')
  await client.query('vacuum (analyze) peticion, movimiento')
}

const ENLACES = `
insert into usuario (email, nombre, password_hash, roles, dependencia_id)
select lower(id) || '.enlace@canaliza.example', 'Enlace de ' || nombre, '-', '{enlace}', id
  from dependencia where recibe_peticiones`

// Numbers that look random and are the same in every run: hashes of the row's own number. What is frequent comes by a square.
const PETICIONES = `
with c as (select array_agg(id order by frecuente desc, id) as ids, count(*) as n from categoria),
k as (select array_agg(nombre order by id) as nombres, count(*) as n from colonia),
g as (select i, (hashtext('a' || i) & 65535) / 65536.0 as a, (hashtext('b' || i) & 65535) / 65536.0 as b,
             (hashtext('c' || i) & 65535) / 65536.0 as d, (hashtext('e' || i) & 65535) / 65536.0 as e
        from generate_series($1::integer, $2::integer - 1) i),
r as (select g.*, cat.id as categoria, cat.nombre as asunto, cat.dependencia_id, cat.plazo_dias, cat.reservada, cat.prioridad,
             k.nombres[1 + floor(g.b * g.b * k.n)::integer] as colonia,
             date_trunc('milliseconds', now() - (($3::integer - g.i) * (interval '1095 days' / $3::integer))) as at
        from g, k, c, lateral (select * from categoria x where x.id = c.ids[1 + floor(g.a * g.a * c.n)::integer]) cat),
s as (select r.*, case when at < now() - interval '60 days' then
                         case when d < 0.93 then 'VALIDADO' when d < 0.95 then 'CONCLUIDO' when d < 0.97 then 'CANCELADO'
                              when d < 0.985 then 'ORIENTADA' else 'PROCESO' end
                       when d < 0.15 then 'CANALIZADO' when d < 0.3 then 'RECIBIDO' when d < 0.6 then 'PROCESO'
                       when d < 0.61 then 'REGISTRADO' when d < 0.75 then 'CONCLUIDO' else 'VALIDADO' end as estado
        from r)
insert into peticion (folio, clave_hash, estado, categoria, dependencia_id, enlace_id, medio, asunto, descripcion, latitud, longitud,
  colonia, calle, numero, nombre, telefono, anonima, reservada, prioridad, plazo_dias, vence_el, resuelto, registrada_at,
  actualizada_at, canalizada_at, concluida_at, validada_at)
select 'UAC-' || to_char(at, 'YY') || '-' || lpad(i::text, 7, '0') || '-0', '\\x00', estado, categoria,
       case when estado <> 'REGISTRADO' then s.dependencia_id end, u.id,
       (array['whatsapp', 'telegram', 'web-chat', 'messenger', 'presencial', 'call_center', 'escrito', 'redes_sociales'])[1 + floor(e * e * 8)::integer],
       asunto, 'Petición ' || i || ': ' || lower(asunto) || ' en la calle, ' ||
         (array['frente a la escuela', 'junto al mercado', 'cerca del parque', 'en la esquina con el tanque elevado', 'desde hace una semana'])[1 + floor(a * 5)::integer]
         || ', ' || (array['ya se había reportado', 'los niños pasan por ahí', 'de noche es peligroso', 'pasan los camiones', 'con las lluvias empeora'])[1 + floor(b * 5)::integer] || '. Palabra rara: ' || md5(i::text),
       22.35 + b * 0.12, -97.98 + e * 0.14, colonia,
       (array['Hidalgo', 'Juárez', 'Morelos', 'Ébano', 'Cedro', 'Álamo', 'Zaragoza', 'Allende'])[1 + floor(e * 8)::integer], (1 + i % 999)::text,
       case when e > 0.1 then (array['Persona de Prueba', 'Vecina de Prueba', 'Vecino de Ejemplo', 'Comité Vecinal'])[1 + floor(d * 4)::integer] || ' ' || i end,
       case when e > 0.1 then '833' || lpad((i % 10000000)::text, 7, '0') end, e <= 0.1, s.reservada, prioridad, plazo_dias,
       (at + plazo_dias * interval '1.4 days')::date, case when estado in ('CONCLUIDO', 'VALIDADO') then a < 0.9 end,
       at, least(now(), at + b * interval '30 days'), at,
       case when estado in ('CONCLUIDO', 'VALIDADO') then least(now(), at + b * plazo_dias * interval '2 days') end,
       case when estado = 'VALIDADO' then least(now(), at + b * plazo_dias * interval '2 days') end
  from s left join usuario u on u.dependencia_id = s.dependencia_id and u.roles = '{enlace}'
 order by i`

const MOVIMIENTOS = `
insert into movimiento (peticion_id, at, verbo, de, a, actor)
select p.id, p.registrada_at, v.verbo, v.de, v.a, v.actor
  from peticion p, (values (1, 'registrar', null, 'REGISTRADO', 'ciudadano'), (2, 'canalizar', 'REGISTRADO', 'CANALIZADO', 'sistema'),
                           (3, 'recibir', 'CANALIZADO', 'RECIBIDO', 'sistema')) as v (n, verbo, de, a, actor)
 order by p.id, v.n`

const REABRIR = `
insert into movimiento (peticion_id, at, verbo, de, a, actor)
select id, now(), 'reabrir', 'VALIDADO', 'PROCESO', 'ciudadano' from peticion where estado = 'VALIDADO' and id % 50 = 0`
