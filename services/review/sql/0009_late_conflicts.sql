-- Who holds or judged a review that they may not judge, as has turned out; and whether its
-- outcome is released. What was folded before is folded again from the log.

ALTER TABLE review
    ADD COLUMN released_at      timestamptz,
    ADD COLUMN conflict_of      text,
    ADD COLUMN conflict_because text,
    ADD COLUMN conflict_when    text,
    ADD COLUMN conflict_at      timestamptz;
CREATE INDEX review_conflict ON review (conflict_at, review_id)
    WHERE conflict_at IS NOT NULL;
CREATE INDEX review_unreleased ON review (last_holder_id)
    WHERE state = 'completed' AND released_at IS NULL;

-- The bonds that can come to light late, whether the reviewer is paused or not.
CREATE FUNCTION bound(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    about.mentor_id IS NOT DISTINCT FROM judge.reviewer_id
    OR about.participant_organisation_id IS NOT DISTINCT FROM judge.organisation_id
    OR judge.mentees ? about.participant_id
    OR declared(about, judge),
    false
);

DELETE FROM review;
DELETE FROM reviewer;
UPDATE checkpoint SET position = 0;
