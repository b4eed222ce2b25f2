-- A preview of an allocation that is applied has a stream of its own.

insert into log.writer (role, category) values ('review', 'application');
insert into log.reader (role, category) values ('review', 'application');
