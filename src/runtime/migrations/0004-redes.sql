-- What is said in public on the town's pages: comments, posts of visitors, mentions, reviews. A row is what the events below say
-- of it, taken together; it may exist before anybody knows what was said (a removal that came first).
create table comentario (
  id bigint generated always as identity primary key,
  channel text not null,
  account text not null,
  external_id text not null,
  kind text not null,
  -- Our own page said it.
  propio boolean not null default false,
  autor text,
  autor_id text,
  texto text,
  medios jsonb not null default '[]',
  -- The post it stands under, and the comment it answers.
  post_id text,
  parent_id text,
  permalink text,
  post_permalink text,
  post_texto text,
  -- Null until what was said is known.
  publicado_at timestamptz,
  editado_at timestamptz,
  borrado_at timestamptz,
  oculto boolean not null default false,
  recibido_at timestamptz not null default now(),
  -- Done with: answered, turned into a petition, or marked so. By nobody: in the platform's own application.
  atendido_at timestamptz,
  atendido_por bigint references usuario,
  reabierto_at timestamptz,
  -- The first answer, public or private.
  contestado_at timestamptz,
  contestado_por bigint references usuario,
  -- Where the conversation goes on after an answer in private.
  address_id bigint references address,
  peticion_id bigint references peticion,
  -- What the platform did not tell and has to be asked for: until when it waits, and how often it was asked.
  detalle_at timestamptz,
  detalle_intentos integer not null default 0,
  unique (channel, account, external_id)
);
create index comentario_sin_atender on comentario (publicado_at desc, id desc)
  where atendido_at is null and not propio and publicado_at is not null and borrado_at is null;
create index comentario_lista on comentario (publicado_at desc, id desc) where not propio and publicado_at is not null;
create index comentario_hilo on comentario (channel, account, post_id);
create index comentario_respuestas on comentario (channel, account, parent_id) where parent_id is not null;
create index comentario_recibido on comentario (recibido_at) where not propio;
create index comentario_contestado on comentario (contestado_at) where contestado_at is not null;
create index comentario_detalle on comentario (detalle_at) where detalle_at is not null;

-- Everything the platform told of it, once each; an edit or a removal takes nothing away from here.
create table comentario_suceso (
  id bigint generated always as identity primary key,
  comentario_id bigint not null references comentario,
  channel text not null,
  account text not null,
  external_id text not null,
  verbo text not null check (verbo in ('add', 'edit', 'remove', 'hide', 'unhide', 'detail')),
  cuerpo jsonb not null default '{}',
  at timestamptz not null,
  created_at timestamptz not null default now(),
  unique (channel, account, external_id)
);
create index comentario_suceso_de on comentario_suceso (comentario_id, id);

-- What the staff did with it. A call to the platform is written down before it is made.
create table comentario_acto (
  id bigint generated always as identity primary key,
  comentario_id bigint not null references comentario,
  acto text not null check (acto in ('responder', 'privado', 'invitar', 'ocultar', 'mostrar', 'borrar', 'atender', 'reabrir', 'capturar')),
  usuario_id bigint not null references usuario,
  -- Of the form: posted twice, it is done once.
  solicitud uuid not null unique,
  estado text not null check (estado in ('en_curso', 'hecho', 'fallido', 'ambiguo')),
  texto text,
  -- Our comment or message at the platform.
  provider_id text,
  -- The answer that was deleted.
  sobre bigint references comentario_acto,
  error text,
  created_at timestamptz not null default now(),
  done_at timestamptz
);
create index comentario_acto_de on comentario_acto (comentario_id, id);
create unique index comentario_acto_privado on comentario_acto (comentario_id) where acto = 'privado' and estado in ('en_curso', 'hecho');

-- What was said in public when a petition was made of it: kept as it was then. Never of an anonymous one.
create table peticion_publicacion (
  peticion_id bigint primary key references peticion,
  comentario_id bigint not null references comentario,
  channel text not null,
  autor text,
  autor_id text,
  texto text,
  permalink text,
  post_permalink text,
  publicado_at timestamptz,
  capturada_por bigint not null references usuario,
  created_at timestamptz not null default now()
);
