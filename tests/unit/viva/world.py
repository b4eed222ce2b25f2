"""Viva's consumers and write side, on a log in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any

from services.viva import consumers, outgoing, read_models
from services.viva.app import CODEC
from services.viva.domain.decide import viva
from services.viva.domain.evolve import Case
from services.viva.domain.round.decide import round_
from services.viva.domain.round.evolve import Round
from services.viva.handlers import (
    BookingWords,
    Conferring,
    Confirming,
    Opening,
    Panellists,
    Panels,
    PanelWords,
    Rounds,
    RoundWords,
    VerdictWords,
    Vivas,
)
from shared.contracts.appeals import HearingPanelAppointed
from shared.contracts.message import Message, Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.submission import (
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.crypto import Vault
from shared.decider import Fact
from shared.evidence import Snapshots
from shared.handling import Cause, Handled, Handling
from shared.ids import derived_id
from shared.vocabulary import Outcome, Role
from tests.support.evidence import MemoryObjects, memory_blobs, snapshot
from tests.support.keys import fixed_clock, memory_keystore
from tests.support.memory_log import MemoryEventLog
from tests.unit.viva.examples import AT, RELEASED_AT, STARTS_AT, sealed

LATER = STARTS_AT.replace(month=11)


def received(body: Message, *names: str) -> Received[Any]:
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
        occurred_at=AT,
        correlation_id=event_id,
    )


def granted(
    person_id: str, role: Role, organisation: str | None = "east-college"
) -> Received[Any]:
    body = RoleGranted(person_id=person_id, role=role, organisation_id=organisation)
    return received(body, person_id, role)


def stated(person_id: str, organisation: str) -> Received[Any]:
    body = OrganisationStated(person_id=person_id, organisation_id=organisation)
    return received(body, person_id, organisation)


def nominated(case_id: str, mentor_id: str) -> Received[Any]:
    body = MentorNominated(
        case_id=case_id, participant_id=f"p-{case_id}", mentor_id=mentor_id
    )
    return received(body, case_id, mentor_id)


def heard_by(case_id: str, *members: str) -> Received[Any]:
    """Return that these people hear an appeal about the case."""
    body = HearingPanelAppointed(
        case_id=case_id, appeal_id=f"{case_id}.1", members=members
    )
    return received(body, case_id, *members)


def submitted(case_id: str, programme: str = "ATS") -> Received[Any]:
    body = Submitted(
        case_id=case_id,
        cohort_id="ats-2025-10",
        attempt=1,
        person_id=f"p-{case_id}",
        organisation_id="north-college",
        mentor_id="ben",
        programme=programme,
        programme_version="2025.1",
        policy_version="2025.1",
        template="workbook",
        role_context=None,
        snapshot_sha256="a" * 64,
        snapshot_path="ana/3",
        submitted_at=RELEASED_AT,
        review_opens_at=RELEASED_AT,
    )
    return received(body, case_id)


def released(
    case_id: str,
    outcome: Outcome = "CM",
    *,
    programme: str = "ATS",
    is_revision: bool = False,
    took_part: tuple[str, ...] = ("rita", "mona"),
) -> Received[Any]:
    about: dict[str, Any] = {
        "case_id": case_id,
        "cohort_id": "ats-2025-10",
        "attempt": 1,
        "participant_id": f"p-{case_id}",
        "programme": programme,
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "outcome": outcome,
        "feedback": sealed(),
        "took_part": took_part,
        "released_at": RELEASED_AT,
    }
    if not is_revision:
        return received(OutcomeReleased(**about), case_id)
    replaces = "CNM" if outcome == "CM" else "CM"
    return received(OutcomeRevised(**about, replaces=replaces), case_id, outcome)


def withdrawal(case_id: str, at: datetime = AT) -> Received[Any]:
    return received(Withdrawn(case_id=case_id, withdrawn_at=at), case_id)


def hold_placed(case_id: str, hold_id: str = "h1", at: datetime = AT) -> Received[Any]:
    body = HoldPlaced(case_id=case_id, hold_id=hold_id, placed_at=at)
    return received(body, case_id, hold_id)


def hold_lifted(case_id: str, hold_id: str = "h1", at: datetime = AT) -> Received[Any]:
    body = HoldLifted(case_id=case_id, hold_id=hold_id, lifted_at=at)
    return received(body, case_id, hold_id)


class World:
    """One log, and everything that writes to it."""

    def __init__(self) -> None:
        self.now = AT
        self.log = MemoryEventLog(now=lambda: self.now)
        self.handling = Handling(self.log, CODEC)
        self.conferring = Conferring(bytes)
        self.arranged: dict[str, tuple[str, ...]] = {}
        self.vivas = Vivas(self.handling, self.conferring, self._arranged)
        self.vault = Vault(memory_keystore(), fixed_clock)
        blobs = memory_blobs(MemoryObjects(), self.vault.keys)
        self.snapshots = Snapshots(blobs)
        self.panels = Panels(self.handling, self.conferring, self.vault)
        self.opening = Opening(self.handling, self.vault, self.snapshots)
        self.rounds = Rounds(self.handling)
        self.confirming = Confirming(self.log, CODEC, lambda: self.now)
        self.handlers = consumers.build(
            self.vivas, Panellists(self.handling), lambda: self.now
        )
        self._numbers = count(1)

    async def _arranged(self, case_id: str, _: date) -> tuple[str, ...]:
        return self.arranged.get(case_id, ())

    def cause(self) -> Cause:
        """Return the cause of a request that never came before."""
        cause = Cause.by_clock("test", str(next(self._numbers)))
        return replace(cause, role="operations")

    async def hear(self, *messages: Received[Any]) -> "World":
        for message in messages:
            await self.handlers[type(message.body)](message)
        return self

    async def hand_in(self, case_id: str) -> None:
        """Store a portfolio and say so."""
        portfolio = snapshot(case_id=case_id)
        blob = await self.snapshots.write(f"p-{case_id}", portfolio)
        body = submitted(case_id).body.model_copy(
            update={
                "snapshot_path": blob.path,
                "snapshot_sha256": blob.content_hash,
            }
        )
        await self.hear(received(body, case_id, "stored"))

    async def case(self, case_id: str) -> Case:
        _, state = await self.handling.fold(viva, f"viva-{case_id}")
        return state

    async def round(self, round_id: str = "june") -> Round:
        _, state = await self.handling.fold(round_, f"round-{round_id}")
        return state

    async def open_round(
        self, round_id: str = "june", slots: int = 2, starts_at: datetime = STARTS_AT
    ) -> Handled:
        slot = {"starts_at": starts_at, "mode": "remote", "room_minutes": 60}
        words = RoundWords.model_validate(
            {
                "round_id": round_id,
                "programme": "ATS",
                "minutes": 45,
                "slots": [slot] * slots,
            }
        )
        return await self.rounds.open(words, by="olga", at=self.now, cause=self.cause())

    async def book(
        self, case_id: str, slot_id: str = "s1", round_id: str = "june"
    ) -> Handled:
        return await self.vivas.book(
            case_id,
            BookingWords(round_id=round_id, slot_id=slot_id),
            by=f"p-{case_id}",
            is_office=False,
            at=self.now,
            cause=self.cause(),
        )

    async def appoint(
        self, case_id: str, lead: str = "lena", head: str = "hugo"
    ) -> Handled:
        return await self.panels.appoint(
            case_id,
            PanelWords(lead_id=lead, head_id=head),
            by="olga",
            at=self.now,
            cause=self.cause(),
        )

    async def judge(self, case_id: str, by: str, verdict: str = "passed") -> Handled:
        words = VerdictWords.model_validate(
            {"verdict": verdict, "notes": "Spoke clearly about the project."}
        )
        return await self.panels.give_verdict(
            case_id, words, by=by, at=self.now, cause=self.cause()
        )

    async def settle(self, case_id: str, by: str, verdict: str) -> Handled:
        words = VerdictWords.model_validate({"verdict": verdict, "notes": "I agree."})
        return await self.panels.settle(
            case_id, words, by=by, at=self.now, cause=self.cause()
        )

    async def facts(self) -> list[Fact]:
        return [CODEC.decode(event) for event in await self.log.read_after(0)]

    async def published(self) -> list[Message]:
        events = await self.log.read_after(0)
        found = (outgoing.to_public(CODEC.decode(each), each) for each in events)
        return [message for message in found if message is not None]

    async def rows(self) -> dict[str, Any]:
        """Return every row of the read models, by table and key."""
        rows: dict[str, Any] = {}
        for event in await self.log.read_after(0):
            fact = CODEC.decode(event)
            for model in read_models.ALL:
                key = model.key(fact, event)
                if key is not None:
                    name = f"{model.table} {key}"
                    rows[name] = model.fold(rows.get(name), fact, event)
        return rows


def panellists() -> Sequence[Received[Any]]:
    """Return the messages that make known who may sit."""
    return (
        granted("lena", "lead_moderator"),
        granted("luis", "lead_moderator"),
        granted("hugo", "panel_member"),
        granted("helena", "panel_member"),
    )
