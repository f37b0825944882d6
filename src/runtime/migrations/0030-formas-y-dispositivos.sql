-- A form that gives a turno is one turno however often it is sent.
alter table turno add column clave uuid unique;

-- The session in which a device asked for notices: they end together, unless the session merely ran out.
alter table suscripcion_push add column sesion bytea;
create index suscripcion_push_sesion on suscripcion_push (sesion);
