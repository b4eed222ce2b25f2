"""Why the log refuses: checks before a unit is queued, and PostgreSQL's words after.

Invariant: a message names what is wrong and where; never a payload.
"""

import re
from datetime import UTC, datetime

import asyncpg

from shared.errors import (
    BadInputError,
    ForbiddenError,
    RuleViolatedError,
    ServiceError,
    TooLargeError,
)
from shared.eventlog.values import MAX_PAYLOAD_BYTES, StreamWrite, UnitOfWork

MAX_METADATA_BYTES = 8 * 1024
"""Metadata is ids and a trace context: about 300 bytes."""

MAX_ANSWER_BYTES = 16 * 1024
"""Largest stored answer: ids, positions, status and problem codes only."""

_STREAM = re.compile(r"[a-z]+-[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}")
_SHA256_BYTES = 32

_TOO_LATE = datetime(9999, 1, 1, tzinfo=UTC)
"""asyncpg stores the last moment of that year as infinity."""


class PayloadTooLargeError(TooLargeError):
    """A fact is larger than the log accepts: store a blob and refer to its hash."""


class MalformedUnitError(BadInputError):
    """This unit of work can never be stored."""


class EventIdReusedError(BadInputError):
    """An event id is in the log already with other content, or without its fellows."""


class DemonstrationOnlyError(RuleViolatedError):
    """Facts of this type are accepted only by a log created for demonstration."""


class CategoryForbiddenError(ForbiddenError):
    """This database role has no part in that category or inbox."""


def check(work: UnitOfWork) -> None:
    """Return when *work* is well formed.

    Raises:
        MalformedUnitError: a stream's name, a version, or an answer is not.
        PayloadTooLargeError: a payload is over the limit.
    """
    for write in work.writes:
        _check_write(write)
    if len(work.writes) > 1 and len({w.stream for w in work.writes}) < len(work.writes):
        raise MalformedUnitError("A unit of work writes to a stream once.")
    ids = [event.event_id for write in work.writes for event in write.events]
    if len(ids) > 1 and len(set(ids)) < len(ids):
        raise MalformedUnitError("An event id stands twice in one unit of work.")
    answer = work.answer
    if answer is not None and (
        len(answer.body) > MAX_ANSWER_BYTES or len(answer.body_sha256) != _SHA256_BYTES
    ):
        raise MalformedUnitError(
            "A stored answer has a SHA-256 of 32 bytes and a body of at most 16 KiB.",
            body_bytes=len(answer.body),
        )


def _check_write(write: StreamWrite) -> None:
    if not _STREAM.fullmatch(write.stream):
        raise MalformedUnitError(
            "A stream is named category-rest, in letters, digits and . _ : ~ -",
            stream=write.stream[:255],
        )
    if write.expected_version < 0:
        raise MalformedUnitError("A version is never negative.", stream=write.stream)
    for event in write.events:
        if event.occurred_at.tzinfo is None or event.occurred_at >= _TOO_LATE:
            raise MalformedUnitError(
                "The time of a fact has a zone and is before the year 9999.",
                type=event.type,
            )
        if len(event.metadata) > MAX_METADATA_BYTES:
            raise MalformedUnitError(
                "The metadata of a fact is ids: at most 8 KiB.", type=event.type
            )
        if len(event.payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLargeError(
                type=event.type,
                size_bytes=len(event.payload),
                limit_bytes=MAX_PAYLOAD_BYTES,
            )


def refusal(error: asyncpg.PostgresError) -> ServiceError | None:
    """Return what PostgreSQL's refusal of one unit means; None: it is a bug."""
    state = error.sqlstate or ""
    if state == "LG001":
        return DemonstrationOnlyError()
    if state == "LG002":
        return PayloadTooLargeError(limit_bytes=MAX_PAYLOAD_BYTES)
    if state == "42501":
        return CategoryForbiddenError(error.message)
    if state == "23505" and error.constraint_name == "event_event_id_key":
        return EventIdReusedError()
    if state.startswith(("22", "23")):
        return MalformedUnitError(
            "A value of this unit cannot be stored: no NUL, no unpaired surrogate,"
            " every number within its range.",
            sqlstate=state,
        )
    return None
