-- Why a cohort starts when its programme does not.

ALTER TABLE cohorts ADD COLUMN because text;
