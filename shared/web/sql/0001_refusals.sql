-- What people asked of the services over HTTP and were refused.
-- Applied with search_path = refusals. It can be deleted: nothing rests on it.

CREATE TABLE refusal (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refused_at timestamptz NOT NULL,
    service text NOT NULL,
    method text NOT NULL,
    -- as the code writes it, {case_id} and all
    route text NOT NULL,
    -- the case, review or other thing asked about, where its id stood in the address
    subject text,
    status smallint NOT NULL,
    code text NOT NULL,
    -- of a malformed request: the kinds of mistakes, never a field or a value sent
    mistakes text [] NOT NULL,
    actor text NOT NULL
);

-- Every service adds; the desk alone reads and forgets.
REVOKE ALL ON refusal
FROM submission, review, moderation, notification, viva, appeals, operations;
GRANT INSERT ON refusal TO submission, review, moderation, notification, viva, appeals;
GRANT SELECT, INSERT, DELETE ON refusal TO operations;
