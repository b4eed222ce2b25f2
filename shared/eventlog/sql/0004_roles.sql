-- Who writes what, who marks which inbox, who reads what. One service owns a category.

insert into log.writer (role, category) values
    ('submission', 'person'),
    ('submission', 'address'),
    ('submission', 'case'),
    ('submission', 'cohort'),
    ('submission', 'clock'),
    ('review', 'review'),
    ('review', 'reviewer'),
    ('review', 'assessment'),
    ('moderation', 'plan'),
    ('moderation', 'draw'),
    ('moderation', 'moderation'),
    ('moderation', 'standing'),
    ('notification', 'notice'),
    ('viva', 'viva'),
    ('viva', 'round'),
    ('viva', 'panellist'),
    ('appeals', 'appeal'),
    ('appeals', 'hearer'),
    ('operations', 'desk');

insert into log.reader (role, category)
select role, category from log.writer where role <> 'operations'
union all
select 'operations', '*';

insert into log.inbox_writer (role, consumer) values
    ('submission', 'submission'),
    ('review', 'review'),
    ('moderation', 'moderation'),
    ('notification', 'notification'),
    ('viva', 'viva'),
    ('appeals', 'appeals'),
    ('operations', 'operations');

insert into log.demonstration_type (type) values ('submission.ClockOffsetSet');

-- PostgreSQL lets everybody execute a new function: take that back, then name the few.
revoke all on all functions in schema log from public;
revoke all on all tables in schema log from public;
grant usage on schema log
to submission, review, moderation, notification, viva, appeals, operations;
grant execute on function
    log.append,
    log.append_one,
    log.own_categories,
    log.read_after,
    log.facts_after,
    log.read_stream,
    log.streams,
    log.answer,
    log.handled,
    log.head,
    log.forget_answers
to submission, review, moderation, notification, viva, appeals, operations;
