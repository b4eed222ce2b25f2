"""Appeals as a whole, on a log and a vault in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.appeals import consumers, outgoing
from services.appeals.app import CODEC
from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.handlers import (
    Answering,
    Arrivals,
    Asking,
    Confirming,
    Conversations,
    Overview,
    Sealing,
    Showing,
    terms_of,
)
from services.appeals.handlers.streams import casefile_stream
from shared.contracts.message import Message, Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.review import Completed
from shared.contracts.submission import (
    Enrolled,
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.contracts.viva import AwardConferred, NotPassed
from shared.crypto import Vault
from shared.decider import Fact
from shared.handling import Cause, Handling
from shared.ids import derived_id
from shared.vocabulary import Outcome, Role
from tests.support.keys import memory_keystore
from tests.support.memory_log import MemoryEventLog
from tests.unit.appeals.examples import CASE, RELEASED_AT, sealed

VERSIONS = {
    "programme": "ATS",
    "programme_version": "2025.1",
    "policy_version": "2025.1",
}


def received(
    body: Message, *names: str, occurred_at: datetime = RELEASED_AT
) -> Received[Any]:
    """Return *body* as a message, the same in every world."""
    event_id = derived_id("message", type(body).__name__, *names)
    return Received(
        body=body,
        event_id=event_id,
        source=type(body).__module__.rpartition(".")[2],
        stream="case-1",
        version=1,
        position=1,
        epoch=1,
        generation=1,
        occurred_at=occurred_at,
        correlation_id=event_id,
    )


def granted(
    person_id: str, role: Role = "appeal_panel", organisation: str | None = None
) -> Received[Any]:
    body = RoleGranted(person_id=person_id, role=role, organisation_id=organisation)
    return received(body, person_id, role)


def stated(person_id: str, organisation: str) -> Received[Any]:
    body = OrganisationStated(person_id=person_id, organisation_id=organisation)
    return received(body, person_id, organisation)


def submitted(attempt: int = 1) -> Received[Any]:
    body = Submitted(
        case_id=CASE,
        cohort_id="ats-2025-10",
        attempt=attempt,
        person_id="ana",
        organisation_id="north-college",
        mentor_id="ben",
        **VERSIONS,
        template="workbook",
        role_context=None,
        snapshot_sha256="a" * 64,
        snapshot_path="ana/3",
        submitted_at=RELEASED_AT,
        review_opens_at=RELEASED_AT,
    )
    return received(body, str(attempt))


def enrolled() -> Received[Any]:
    body = Enrolled(
        case_id=CASE,
        participant_id="ana",
        cohort_id="ats-2025-10",
        organisation_id="north-college",
        **VERSIONS,
    )
    return received(body)


def nominated(mentor_id: str) -> Received[Any]:
    body = MentorNominated(case_id=CASE, participant_id="ana", mentor_id=mentor_id)
    return received(body, mentor_id)


def completed(reviewer_id: str = "rita") -> Received[Any]:
    body = Completed(
        review_id=f"{CASE}.1.1",
        case_id=CASE,
        cohort_id="ats-2025-10",
        attempt=1,
        participant_id="ana",
        participant_organisation_id="north-college",
        mentor_id="ben",
        reviewer_id=reviewer_id,
        **VERSIONS,
        role_context=None,
        adjusted=False,
        snapshot_sha256="a" * 64,
        snapshot_path="ana/3",
        levels={"authenticity": 3, "sufficiency": 2, "reliability": 3},
        outcome="CNM",
        borderline=False,
        feedback=sealed("feedback"),
        completed_at=RELEASED_AT,
    )
    return received(body, reviewer_id)


def _outcome(
    outcome: Outcome, attempt: int, took_part: Sequence[str]
) -> dict[str, Any]:
    return {
        "case_id": CASE,
        "cohort_id": "ats-2025-10",
        "attempt": attempt,
        "participant_id": "ana",
        **VERSIONS,
        "outcome": outcome,
        "feedback": sealed("feedback"),
        "took_part": took_part,
        "released_at": RELEASED_AT,
    }


def released(
    outcome: Outcome = "CNM",
    attempt: int = 1,
    took_part: Sequence[str] = ("rita", "mo"),
) -> Received[Any]:
    body = OutcomeReleased(**_outcome(outcome, attempt, took_part))
    return received(body, outcome, str(attempt))


def revised(outcome: Outcome = "CM") -> Received[Any]:
    told = _outcome(outcome, 1, ("zita",))
    later = RELEASED_AT.replace(month=6)
    body = OutcomeRevised(**told | {"released_at": later}, replaces="CNM")
    return received(body, outcome)


def not_passed(number: int = 1) -> Received[Any]:
    body = NotPassed(
        case_id=CASE,
        participant_id="ana",
        number=number,
        last=False,
        took_part=("lena", "hugo"),
    )
    return received(body, str(number))


def awarded() -> Received[Any]:
    body = AwardConferred(
        case_id=CASE,
        participant_id="ana",
        cohort_id="ats-2025-10",
        **VERSIONS,
        award_id="ATS-2026-0001",
        conferred_at=RELEASED_AT,
        took_part=("lena", "hugo"),
    )
    return received(body)


def placed(at: datetime, hold_id: str = "case-1.1") -> Received[Any]:
    return received(HoldPlaced(case_id=CASE, hold_id=hold_id, placed_at=at), hold_id)


def lifted(at: datetime, hold_id: str = "case-1.1") -> Received[Any]:
    return received(HoldLifted(case_id=CASE, hold_id=hold_id, lifted_at=at), hold_id)


def withdrawn(at: datetime = RELEASED_AT) -> Received[Any]:
    return received(Withdrawn(case_id=CASE, withdrawn_at=at))


class World:
    """Everything appeals is asked and told, with what it leads to."""

    def __init__(self, now: datetime = RELEASED_AT) -> None:
        self.log = MemoryEventLog()
        self.now = now
        self.vault = Vault(memory_keystore(), self.clock)
        self.handling = Handling(self.log, CODEC)
        sealing = Sealing(self.vault)
        self.asking = Asking(self.handling, sealing)
        self.answering = Answering(self.handling, sealing)
        self.conversations = Conversations(self.handling)
        self.overview = Overview(self.handling)
        self.showing = Showing(self.handling, self.vault)
        self.confirming = Confirming(self.handling, self.log, CODEC)
        arrivals = Arrivals(self.handling)
        self.handlers = consumers.build(arrivals, terms_of, self.clock)
        self._causes = 0

    def clock(self) -> datetime:
        return self.now

    def by(self, person_id: str) -> Cause:
        """Return a cause of its own for each command of somebody."""
        self._causes += 1
        cause = Cause.by_clock("test", str(self._causes))
        return replace(cause, actor=person_id)

    async def hear(self, *messages: Received[Any]) -> None:
        """Handle *messages*, in this order."""
        for message in messages:
            await self.handlers[type(message.body)](message)

    async def file(self) -> CaseFile:
        """Return what is known of the case."""
        _, file = await self.handling.fold(casefile, casefile_stream(CASE))
        return file

    async def facts(self, stream: str) -> list[Fact]:
        """Return the facts of a stream, oldest first."""
        return [CODEC.decode(event) for event in await self.log.read_stream(stream)]

    async def public(self, stream: str) -> list[str]:
        """Return the names of the messages that a stream leads to."""
        told = [
            outgoing.to_public(CODEC.decode(event), event)
            for event in await self.log.read_stream(stream)
        ]
        return [type(message).__name__ for message in told if message is not None]

    async def event_ids(self, stream: str) -> list[Any]:
        """Return the ids of a stream's events, oldest first."""
        return [event.event_id for event in await self.log.read_stream(stream)]
