-- A reviewer whose work moderation looks at is given nothing to judge.

ALTER TABLE reviewer ADD COLUMN is_paused boolean NOT NULL DEFAULT false;

-- The same bonds as before, for those who judge at present.
CREATE FUNCTION independent(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    NOT judge.is_paused
    AND about.participant_id <> judge.reviewer_id
    AND about.mentor_id IS DISTINCT FROM judge.reviewer_id
    AND about.participant_organisation_id <> judge.organisation_id
    AND NOT judge.mentees ? about.participant_id
    AND NOT about.excluded ? judge.reviewer_id
    AND NOT judge.conflicts ?| ARRAY[
        'case:' || about.case_id,
        'person:' || about.participant_id,
        'person:' || coalesce(about.mentor_id, ''),
        'organisation:' || about.participant_organisation_id
    ],
    false
);
