-- Cases with definitive marks, and what becomes of them, are moderation's alone.

insert into log.writer (role, category) values ('moderation', 'seed');
insert into log.reader (role, category) values ('moderation', 'seed');
