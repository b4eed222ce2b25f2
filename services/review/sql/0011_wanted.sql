-- Who alone may claim a review, and whether they may while they are paused. Nobody could
-- be asked before, so nothing is folded anew. Without values for every row, because
-- functions take the row (see 0003).

ALTER TABLE review
    ADD COLUMN only_by         text,
    ADD COLUMN although_paused boolean;

-- The same bonds as before; a pause does not count where it is said so.
CREATE OR REPLACE FUNCTION independent(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    (NOT judge.is_paused OR coalesce(about.although_paused, false))
    AND about.participant_id <> judge.reviewer_id
    AND about.mentor_id IS DISTINCT FROM judge.reviewer_id
    AND about.participant_organisation_id <> judge.organisation_id
    AND NOT judge.mentees ? about.participant_id
    AND NOT about.excluded ? judge.reviewer_id
    AND NOT declared(about, judge),
    false
);
