-- What a platform told of a message of ours before we noted under which of its ids it had gone. It waits here for a while.
create table early_receipt (
  id bigint generated always as identity primary key,
  channel text not null,
  account text not null,
  provider_id text not null,
  receipt jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);
create index early_receipt_age on early_receipt (created_at);

-- When a platform that names nobody in its messages was last asked for a person's name.
alter table address add column profile_at timestamptz;
