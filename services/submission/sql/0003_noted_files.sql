-- Files that are put into the evidence store, each noted before it is there. Durable: it
-- is in no log. A row goes once a fact refers to its file, or once the file is gone.

CREATE TABLE noted_file (
    path      text        PRIMARY KEY,
    person_id text        NOT NULL,
    noted_at  timestamptz NOT NULL -- of the database, so a demonstration cannot skip it
);
CREATE INDEX noted_file_oldest ON noted_file (noted_at);
