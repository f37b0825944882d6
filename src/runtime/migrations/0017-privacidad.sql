-- Personal data leave the tables for a sealed box first (bloqueo), and are erased with the box later.

-- Since when what each of them said of a person lies in a box, or is erased.
alter table peticion add column bloqueada_at timestamptz;
alter table conversation
  add column bloqueada_at timestamptz,
  -- What was said before that moment was looked at: it went, or belongs to a petition that is still here.
  add column depurada_at timestamptz;
alter table comentario add column bloqueado_at timestamptz;
alter table ciudadano add column bloqueado_at timestamptz;
alter table attachment drop constraint attachment_status_check,
  add constraint attachment_status_check check (status in ('pending', 'stored', 'refused', 'failed', 'discarded', 'bloqueado'));

create index peticion_por_bloquear on peticion (actualizada_at)
  where bloqueada_at is null and estado in ('CONCLUIDO', 'VALIDADO', 'ORIENTADA', 'CANCELADO');
create index comentario_por_bloquear on comentario (recibido_at) where bloqueado_at is null;

create table bloqueo (
  id uuid primary key,
  clase text not null,
  objeto_id bigint not null,
  -- Whose it is, so that a legal hold and a request find it.
  peticion_id bigint references peticion,
  address_id bigint references address,
  ciudadano_id bigint references ciudadano,
  -- What the tables held, as JSON, sealed with a key derived from SECRET_KEY.
  contenido bytea not null,
  filas integer not null,
  -- Files in the storage that go when the box goes.
  archivos text[] not null,
  regla text not null check (regla in ('retencion', 'arco')),
  usuario_id bigint references usuario,
  at timestamptz not null
);
create index bloqueo_at on bloqueo (clase, at);
create index bloqueo_peticion on bloqueo (peticion_id) where peticion_id is not null;
create index bloqueo_address on bloqueo (address_id) where address_id is not null;
create index bloqueo_ciudadano on bloqueo (ciudadano_id) where ciudadano_id is not null;

-- What is left of an erasure: of which kind, how many rows and files, when, by which rule, by whom.
create table borrado (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  clase text not null,
  regla text not null,
  filas integer not null,
  archivos integer not null,
  bloqueado_at timestamptz,
  usuario_id bigint references usuario
);
create index borrado_at on borrado (at);

-- Whatever is under it is neither blocked nor erased: a lawsuit, an inquiry of the Contraloría.
create table retencion_legal (
  id bigint generated always as identity primary key,
  peticion_id bigint references peticion,
  ciudadano_id bigint references ciudadano,
  address_id bigint references address,
  motivo text not null,
  usuario_id bigint not null references usuario,
  at timestamptz not null,
  levantada_at timestamptz,
  levantada_por bigint references usuario,
  levantada_motivo text,
  check (num_nonnulls(peticion_id, ciudadano_id, address_id) = 1),
  check ((levantada_at is null) = (levantada_por is null))
);
create index retencion_legal_vigente on retencion_legal (id) where levantada_at is null;

-- Everything of the same person is held with what is held.
create view retenido as
with vigente as (select * from retencion_legal where levantada_at is null),
personas as (
  select ciudadano_id as id from vigente where ciudadano_id is not null
  union select p.ciudadano_id from vigente v join peticion p on p.id = v.peticion_id where p.ciudadano_id is not null
  union select a.ciudadano_id from vigente v join address a on a.id = v.address_id where a.ciudadano_id is not null
)
select 'ciudadano' as clase, id from personas
union select 'ciudadano', c.id from personas join ciudadano c on c.unido_a = personas.id
union select 'peticion', peticion_id from vigente where peticion_id is not null
union select 'peticion', p.id from personas join peticion p on p.ciudadano_id = personas.id
union select 'peticion', p.id from vigente v join peticion p on p.address_id = v.address_id
union select 'address', address_id from vigente where address_id is not null
union select 'address', a.id from personas join address a on a.ciudadano_id = personas.id
union select 'address', p.address_id from vigente v join peticion p on p.id = v.peticion_id where p.address_id is not null;

-- History and audit log are changed by nobody; only the erasure of personal data, which says so in its transaction, may.
create function solo_se_agrega_o_se_borra_por_regla() returns trigger language plpgsql as $$
begin
  if current_setting('canaliza.borrado', true) = 'por regla' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  raise exception 'table % is append-only', tg_table_name;
end $$;
drop trigger movimiento_solo_se_agrega on movimiento;
drop trigger audit_solo_se_agrega on audit;
create trigger movimiento_solo_se_agrega before update or delete on movimiento
  for each row execute function solo_se_agrega_o_se_borra_por_regla();
create trigger audit_solo_se_agrega before update or delete on audit
  for each row execute function solo_se_agrega_o_se_borra_por_regla();
create trigger borrado_solo_se_agrega before update or delete on borrado
  for each row execute function solo_se_agrega();

------------------------------------------------------------------------------------------------ the audit log

-- The chain: each link is a keyed digest of one line and of the link before it.
create table audit_sello (
  n bigint primary key,
  audit_id bigint not null unique,
  hash bytea not null,
  sellado_at timestamptz not null
);
create trigger audit_sello_solo_se_agrega before update or delete on audit_sello
  for each row execute function solo_se_agrega();
create index audit_at on audit (at desc, id desc);
create index audit_usuario on audit (usuario_id, at desc);

------------------------------------------------------------------------------------------------ what waits for a person

-- The ledger reads a day of messages; rows lie in the order of their making, so that an index of ranges is enough and costs nothing.
create index message_dia on message using brin (created_at) with (pages_per_range = 32);

-- Put aside by a person, with the reason; tried again, the row goes.
create table descarte (
  id bigint generated always as identity primary key,
  message_id bigint unique references message,
  outbox_id bigint unique references outbox,
  motivo text not null,
  usuario_id bigint not null references usuario,
  at timestamptz not null,
  check (num_nonnulls(message_id, outbox_id) = 1)
);
