-- What one reviewer alone is asked for is anybody's once that one may not judge it; not what
-- they were to qualify by. It follows from what is kept, so nothing is folded anew.

CREATE FUNCTION given_up(about review) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    about.only_by IS NOT NULL
    AND NOT coalesce(about.although_paused, false)
    AND EXISTS (
        SELECT FROM reviewer AS asked
        WHERE asked.reviewer_id = about.only_by AND bound(about, asked)
    ),
    false
);
