-- Who may judge a review despite a conflict they declared. Nobody could before, so nothing
-- is folded anew.

-- Before version 18 a column with a value for every row is refused while a function takes
-- the row.
DROP FUNCTION independent(review, reviewer);
DROP FUNCTION judged_otherwise(review, text);
ALTER TABLE review ADD COLUMN overridden jsonb NOT NULL DEFAULT '[]';

-- What a reviewer has declared, and the lead has not overridden.
CREATE FUNCTION declared(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    NOT about.overridden ? judge.reviewer_id
    AND judge.conflicts ?| ARRAY[
        'case:' || about.case_id,
        'person:' || about.participant_id,
        'person:' || coalesce(about.mentor_id, ''),
        'organisation:' || about.participant_organisation_id
    ],
    false
);

-- The same bonds as before, but for a declared conflict that the lead has overridden.
CREATE FUNCTION independent(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    NOT judge.is_paused
    AND about.participant_id <> judge.reviewer_id
    AND about.mentor_id IS DISTINCT FROM judge.reviewer_id
    AND about.participant_organisation_id <> judge.organisation_id
    AND NOT judge.mentees ? about.participant_id
    AND NOT about.excluded ? judge.reviewer_id
    AND NOT declared(about, judge),
    false
);

-- As before.
CREATE FUNCTION judged_otherwise(about review, judge_id text) RETURNS boolean
LANGUAGE sql STABLE RETURN EXISTS (
    SELECT FROM review AS other
    WHERE other.case_id = about.case_id
      AND other.review_id <> about.review_id
      AND other.judges ? judge_id
      AND (
          about.second_attempt_by = 'another-reviewer'
          OR other.attempt = about.attempt
      )
);
