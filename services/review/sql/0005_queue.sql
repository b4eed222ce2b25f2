-- The three parts of a queue, each by an index of its own: what a reviewer was given,
-- what they hold, and what is anybody's, oldest first.

CREATE INDEX review_held ON review (holder_id) WHERE state = 'claimed';
CREATE INDEX review_free ON review (submitted_at, review_id)
    WHERE state = 'waiting' AND kept_for IS NULL;
DROP INDEX review_queue;

-- What everybody has, by cohort; what is overdue; what was taken from somebody.
CREATE INDEX review_work ON review (last_holder_id, cohort_id);
CREATE INDEX review_overdue ON review (due_at, review_id)
    WHERE state IN ('waiting', 'claimed') AND is_overdue;
CREATE INDEX review_taken ON review USING gin (taken);

-- Whether somebody has judged another review of the case, and so may not judge this
-- one: as in domain/independence.py.
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
