-- Whom a review is kept for, and who is expected to judge it. What was folded before is
-- folded again from the log.

ALTER TABLE review
    ADD COLUMN kept_for       text,
    ADD COLUMN last_holder_id text;
CREATE INDEX review_cohort ON review (cohort_id);
CREATE INDEX review_kept ON review (kept_for) WHERE state IN ('waiting', 'claimed');

DELETE FROM review;
DELETE FROM reviewer;
UPDATE checkpoint SET position = 0;
