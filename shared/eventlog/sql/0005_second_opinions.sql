-- Second opinions about moderators have streams of their own: one for each moderator in a cohort.

insert into log.writer (role, category) values ('moderation', 'opinion');
insert into log.reader (role, category) values ('moderation', 'opinion');
