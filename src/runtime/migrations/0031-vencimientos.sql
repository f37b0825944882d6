-- What is open by when it is due, with whose it is: a dependencia's is counted without looking at the petitions themselves.
drop index peticion_vence;
create index peticion_vence on peticion (vence_el) include (dependencia_id, reservada)
  where estado in ('REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO');
