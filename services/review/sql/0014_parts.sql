-- Cases in which somebody has another part, so that they do not judge them: nothing was
-- kept of that before, so nothing is folded anew.

-- Without a value for every row, because functions take the row (see 0003).
ALTER TABLE reviewer ADD COLUMN parts jsonb;

-- The same bonds as before, and another part in the case or in this attempt.
CREATE OR REPLACE FUNCTION independent(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    (NOT judge.is_paused OR coalesce(about.although_paused, false))
    AND about.participant_id <> judge.reviewer_id
    AND about.mentor_id IS DISTINCT FROM judge.reviewer_id
    AND about.participant_organisation_id <> judge.organisation_id
    AND NOT judge.mentees ? about.participant_id
    AND NOT about.excluded ? judge.reviewer_id
    AND NOT coalesce(
        judge.parts ?| ARRAY[about.case_id, about.case_id || '.' || about.attempt], false
    )
    AND NOT declared(about, judge)
    AND NOT employed_near(about, judge),
    false
);
