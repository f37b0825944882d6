-- That somebody was told whom to ask about what is not the municipality's: counted by subject and day, never by person.
create table orientacion (
  id bigint generated always as identity primary key,
  categoria_id text not null references categoria,
  medio text not null,
  at timestamptz not null default now()
);
create index orientacion_at on orientacion (at);
