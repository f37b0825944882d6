-- Where a photograph of a conversation was taken, by its EXIF, which the kept copy no longer has: offered to who sent it as the place,
-- and gone as soon as the photograph belongs to a petition, or after a day.
alter table attachment add column latitud double precision, add column longitud double precision;
create index attachment_lugar on attachment (created_at) where latitud is not null;
