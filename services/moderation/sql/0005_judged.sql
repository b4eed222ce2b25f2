-- When a drawn case was judged first: who could read it is not asked to judge it. What was
-- folded before is folded again from the log.

ALTER TABLE moderated_case ADD COLUMN judged_at timestamptz;

DELETE FROM moderated_case;
DELETE FROM placed_seed;
UPDATE checkpoint SET position = 0;
