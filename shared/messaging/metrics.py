"""Counters and gauges of messaging. Names and numbers only."""

from prometheus_client import Counter, Gauge

ARRIVALS = Counter(
    "attest_messages_arrived_total",
    "Records read from the broker, by what became of them.",
    ["consumer", "outcome"],
)
"""Outcomes: handled, known (delivered again), skipped (for others), parked, behind
(appended to a parked lane), superseded (of an older era)."""

RETRIES = Counter(
    "attest_message_retries_total", "Tries after the first.", ["consumer"]
)
GAPS = Counter(
    "attest_message_gaps_total",
    "Predecessors found missing, so that a new generation was asked for.",
    ["consumer", "source"],
)
COMMIT_FAILURES = Counter(
    "attest_offset_commit_failures_total",
    "Offset commits the broker refused; the place is kept in the database.",
    ["consumer"],
)
RELAYED = Gauge(
    "attest_relay_position",
    "Position of the log up to which public facts are confirmed by the broker.",
    ["service"],
)
LOST = Gauge("attest_messages_lost", "See Reconciler.", ["consumer"])
DUPLICATED = Gauge("attest_effects_duplicated", "See Reconciler.", ["consumer"])
OUT_OF_ORDER = Gauge("attest_effects_out_of_order", "See Reconciler.", ["consumer"])
LAG = Gauge(
    "attest_message_lag_positions",
    "Positions published and not settled yet, over all sources.",
    ["consumer"],
)
PARKED = Gauge("attest_messages_parked", "Messages that wait in lanes.", ["consumer"])
PARKED_AGE = Gauge(
    "attest_messages_parked_age_seconds",
    "Age of the oldest message that waits in a lane.",
    ["consumer"],
)
