-- For whom participants work since they handed in, as far as they have stated it: nothing
-- was kept of that before, so nothing is folded anew.

-- Without a value for every row, because functions take the row (see 0003).
ALTER TABLE reviewer ADD COLUMN works_for text;
UPDATE reviewer SET works_for = organisation_id;

CREATE FUNCTION employer_of(about review) RETURNS text
LANGUAGE sql STABLE RETURN (
    SELECT works_for FROM reviewer WHERE reviewer.reviewer_id = about.participant_id
);

-- Whether the participant came to work where the judge does, or where the judge has
-- declared a conflict that the lead has not overridden.
CREATE FUNCTION employed_near(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce((
    SELECT person.works_for = judge.organisation_id
        OR (
            judge.conflicts ? ('organisation:' || person.works_for)
            AND NOT about.overridden ? judge.reviewer_id
        )
    FROM reviewer AS person WHERE person.reviewer_id = about.participant_id
), false);

-- The same bonds as before, and whom the participant works for since.
CREATE OR REPLACE FUNCTION independent(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    (NOT judge.is_paused OR coalesce(about.although_paused, false))
    AND about.participant_id <> judge.reviewer_id
    AND about.mentor_id IS DISTINCT FROM judge.reviewer_id
    AND about.participant_organisation_id <> judge.organisation_id
    AND NOT judge.mentees ? about.participant_id
    AND NOT about.excluded ? judge.reviewer_id
    AND NOT declared(about, judge)
    AND NOT employed_near(about, judge),
    false
);

CREATE OR REPLACE FUNCTION bound(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    about.mentor_id IS NOT DISTINCT FROM judge.reviewer_id
    OR about.participant_organisation_id IS NOT DISTINCT FROM judge.organisation_id
    OR judge.mentees ? about.participant_id
    OR declared(about, judge)
    OR employed_near(about, judge),
    false
);
