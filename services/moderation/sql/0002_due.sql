-- When a drawn case is due, and since when it is late.

ALTER TABLE moderated_case
    ADD COLUMN due_at        timestamptz,
    ADD COLUMN overdue_since timestamptz;

CREATE INDEX moderated_case_due ON moderated_case (due_at)
    WHERE overdue_since IS NULL AND stage IN ('first', 'second', 'lead', 'returned');
