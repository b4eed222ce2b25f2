-- Who was ever made a moderator, and who judged a case blind: whether there are enough.
-- What was folded before is folded again from the log.

ALTER TABLE moderated_case ADD COLUMN judges jsonb NOT NULL DEFAULT '[]';
CREATE INDEX moderated_case_open ON moderated_case (cohort_id, key)
    WHERE stage IN ('first', 'second', 'wanted');

CREATE TABLE moderator (
    key       text PRIMARY KEY,
    person_id text NOT NULL
);

DELETE FROM moderated_case;
DELETE FROM placed_seed;
UPDATE checkpoint SET position = 0;
