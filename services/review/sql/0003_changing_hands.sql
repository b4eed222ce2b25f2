-- Which role took a review from somebody. Nobody could before, so nothing is folded anew.

-- Before version 18 a column with a value for every row is refused while a function takes
-- the row; 0004 makes it again.
DROP FUNCTION independent(review, reviewer);
ALTER TABLE review ADD COLUMN taken jsonb NOT NULL DEFAULT '{}';
