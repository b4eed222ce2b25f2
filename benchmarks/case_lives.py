"""Lives of cases to replay: in our domain, and as an aggregate of `eventsourcing`.

Invariant: both folds lead to equal states, compared field by field before anything is
timed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder, Transcoding
from pydantic import BaseModel

from services.submission.domain.decide import case
from services.submission.domain.events import (
    CaseEvent,
    DeadlineMoved,
    Enrolled,
    EvidenceAttached,
    MentorNominated,
    SectionSaved,
    SubmissionFact,
    Submitted,
)
from shared.decider import Decider, Fact
from shared.eventlog import Codec
from shared.personal import Personal

BEGIN = datetime(2025, 10, 1, 9, 0, tzinfo=UTC)
SECTIONS = 8
FILES = 8
_DIGEST = "0123456789abcdef" * 4
_VERSIONS = {
    "programme": "ats",
    "programme_version": "2025.1",
    "policy_version": "2025-09-01",
}


@dataclass(frozen=True, slots=True)
class ReplayedDomain:
    """A domain to replay: how it folds, and what happens in one of its streams."""

    decider: Decider[Any, Any, Any]
    codec: Codec
    life: Callable[[int], Sequence[Fact]]
    """The facts of the stream with that number."""
    plain: Callable[[Any], dict[str, Any]]
    """A state without models, to compare with the peer's."""


def life(number: int) -> tuple[CaseEvent, ...]:
    """Return everything that happens to one case until it is handed in."""
    at = BEGIN + timedelta(minutes=number)
    who = {
        "case_id": f"case-{number}",
        "person_id": f"person-{number}",
        "cohort_id": "ats-2025-10",
        "organisation_id": f"organisation-{number % 97}",
    }
    return (
        Enrolled(occurred_at=at, **who, **_VERSIONS),
        MentorNominated(
            occurred_at=at,
            case_id=who["case_id"],
            participant_id=who["person_id"],
            mentor_id=f"mentor-{number % 500}",
        ),
        *(_section(at + timedelta(days=n), n) for n in range(SECTIONS)),
        *(_file(at + timedelta(days=n), n, number) for n in range(FILES)),
        DeadlineMoved(
            occurred_at=at + timedelta(days=20),
            deadline=date(2026, 3, 20),
            reason="reasonable_adjustment",
        ),
        Submitted(
            occurred_at=at + timedelta(days=30),
            **who,
            **_VERSIONS,
            mentor_id=f"mentor-{number % 500}",
            attempt=1,
            template="ats-workbook",
            role_context="developmental",
            adjusted=True,
            snapshot_sha256=_DIGEST,
            snapshot_path=f"person-{number}/{_DIGEST}",
            submitted_at=at + timedelta(days=30),
            review_opens_at=at + timedelta(days=31),
        ),
    )


def _section(at: datetime, number: int) -> SectionSaved:
    return SectionSaved(
        occurred_at=at,
        key=f"section-{number}",
        words=812,
        pictures=2,
        content_hash=_DIGEST,
        path=f"sections/{_DIGEST}",
    )


def _file(at: datetime, number: int, subject: int) -> EvidenceAttached:
    return EvidenceAttached(
        occurred_at=at,
        evidence_id=f"file-{number}",
        name=Personal[str](
            subject=f"person-{subject}",
            key=f"person-{subject}.1",
            nonce="AAAAAAAAAAAAAAAA",
            ciphertext="Y2lwaGVydGV4dCBvZiBhIG5hbWUgYW5kIGl0cyB0YWc",
        ),
        media_type="application/pdf",
        size_bytes=123_456,
        content_hash=_DIGEST,
        path=f"person-{subject}/{_DIGEST}",
    )


def _plain(value: Any) -> Any:
    """Return dataclasses and models as dictionaries, without what never happened."""
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        found = {name: _plain(getattr(value, name)) for name in fields}
        return {name: one for name, one in found.items() if not _is_empty(one)}
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ({}, frozenset())


CASES = ReplayedDomain(
    decider=case, codec=Codec(SubmissionFact), life=life, plain=_plain
)


class PeerCase(Aggregate):
    """The same case as that library has aggregates written, with its decorators."""

    @event("Enrolled")
    def __init__(self, fact: dict[str, Any]) -> None:
        self.portfolio: dict[str, Any] = {
            "enrolment": fact,
            "mentor_id": None,
            "sections": {},
            "evidence": {},
            "own_deadline": None,
            "adjusted": False,
            "course": {"mentor_asked": False},
        }
        self.submission: dict[str, Any] | None = None

    @event("MentorNominated")
    def nominate(self, fact: dict[str, Any]) -> None:
        self.portfolio["mentor_id"] = fact["mentor_id"]

    @event("SectionSaved")
    def save(self, fact: dict[str, Any]) -> None:
        self.portfolio["sections"][fact["key"]] = fact

    @event("EvidenceAttached")
    def attach(self, fact: dict[str, Any]) -> None:
        self.portfolio["evidence"][fact["evidence_id"]] = fact

    @event("DeadlineMoved")
    def move_deadline(self, fact: dict[str, Any]) -> None:
        self.portfolio["own_deadline"] = fact["deadline"]
        if fact["reason"] == "reasonable_adjustment":
            self.portfolio["adjusted"] = True

    @event("Submitted")
    def submit(self, fact: dict[str, Any]) -> None:
        self.submission = fact

    @property
    def plain(self) -> dict[str, Any]:
        """The state as `ReplayedDomain.plain` has ours."""
        return {"portfolio": self.portfolio, "submission": self.submission}


class DateAsIso(Transcoding):
    """A calendar day, which the library leaves to the application."""

    type: Any = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class PeerCases(Application[UUID]):
    """The peer's application: cases, in its default PostgreSQL recorder."""

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        transcoder.register(DateAsIso())


def peer_case(number: int) -> PeerCase:
    """Return the peer's case after the life with that number, not yet saved."""
    first, *others = life(number)
    held = PeerCase(first.model_dump())
    for fact in others:
        _PEER_COMMANDS[type(fact)](held, fact.model_dump())
    return held


_PEER_COMMANDS: dict[type[Fact], Callable[[PeerCase, dict[str, Any]], None]] = {
    MentorNominated: PeerCase.nominate,
    SectionSaved: PeerCase.save,
    EvidenceAttached: PeerCase.attach,
    DeadlineMoved: PeerCase.move_deadline,
    Submitted: PeerCase.submit,
}
