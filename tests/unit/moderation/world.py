"""Moderation as a whole, on a log, a vault and an evidence store in memory."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

from services.moderation import consumers
from services.moderation.app import CODEC
from services.moderation.domain.decisions import Asked
from services.moderation.domain.plan.commands import CommitNonce, RevealNonce
from services.moderation.domain.plan.events import ModeratorJoined
from services.moderation.domain.randomness import nonce_commitment
from services.moderation.domain.verification import Verdict, verify
from services.moderation.handlers import (
    Arrivals,
    BlindWords,
    Cases,
    Disclosure,
    Due,
    Opening,
    Placing,
    Plans,
    PlanWords,
    Releases,
    Showing,
    Shown,
    Standings,
)
from services.moderation.handlers.streams import (
    draw_stream,
    opinion_stream,
    plan_stream,
)
from shared.contracts.feedback import FEEDBACK_FIELD, CriterionFeedback, Feedback
from shared.contracts.message import Message, Received
from shared.contracts.review import Completed, Recalled
from shared.contracts.submission import RoleGranted
from shared.crypto import Vault
from shared.evidence import Snapshots
from shared.handling import Cause, Handled, Handling
from shared.ids import derived_id
from shared.vocabulary import CRITERIA, CriterionKey, Role, outcome_of
from tests.support.evidence import MemoryObjects, memory_blobs, snapshot
from tests.support.keys import memory_keystore
from tests.support.memory_log import MemoryEventLog
from tests.unit.moderation.examples import (
    CM_LEVELS,
    COHORT,
    DUE_AT,
    KEY,
    MONTH_BEGAN,
    NONCES,
    NOW,
    PARTIES,
    RULES,
)

M = TypeVar("M", bound=Message)
FEEDBACK = Feedback(
    overall="Thank you.",
    criteria={
        key: CriterionFeedback(level=3, comment="Well evidenced.") for key in CRITERIA
    },
)


class World:
    """Everything moderation is asked and told, with what it leads to."""

    def __init__(
        self,
        *,
        first_judgements: int = 5,
        block_size: int = 10,
        second_opinions_ppm: int = 0,
    ) -> None:
        self.log = MemoryEventLog()
        self.now = NOW
        self.cohort = COHORT
        """Of which everything is told and asked; a test may go on to another."""
        self.rules = RULES.model_copy(
            update={
                "first_judgements": first_judgements,
                "block_size": block_size,
                "second_opinions_ppm": second_opinions_ppm,
            }
        )
        keystore = memory_keystore()
        self.vault = Vault(keystore, self.clock)
        self.snapshots = Snapshots(memory_blobs(MemoryObjects(), self.vault.keys))
        self.handling = Handling(self.log, CODEC)
        opening = Opening(self.handling, self.snapshots)
        self.arrivals = Arrivals(self.handling, self.vault, Placing(self.snapshots))
        self.plans = Plans(self.handling, self.vault, lambda: KEY)
        self.releases = Releases(self.handling, self.vault)
        self.cases = Cases(self.handling, self.vault, opening)
        self.showing = Showing(opening, self.vault)
        self.standings = Standings(self.handling, self.vault)
        self.disclosure = Disclosure(self.handling, self.log, CODEC)
        self.due = Due(self.handling)
        self.handlers = consumers.build(self.arrivals, self.due, self.clock)
        self._causes = 0
        self._messages = 0

    def clock(self) -> datetime:
        return self.now

    def cause(self) -> Cause:
        """Return a cause of its own for each command."""
        self._causes += 1
        return Cause.by_clock("test", str(self._causes))

    async def granted(
        self, person_id: str, role: Role, organisation: str | None = "o-elsewhere"
    ) -> None:
        body = RoleGranted(person_id=person_id, role=role, organisation_id=organisation)
        names = (person_id, role, str(organisation))
        message = replace(received(body, *names), occurred_at=self.now)
        await self.handlers[RoleGranted](message)

    async def completed(self, number: int, **how: Any) -> None:
        """Hear that a reviewer judged the case with this number; see `completion`."""
        await self.handlers[Completed](await self.completion(number, **how))

    async def recalled(
        self,
        number: int,
        *,
        token: int = 1,
        reviewer: str = "p-rev",
        review: int = 1,
        because: Literal["recalled", "conflict"] = "recalled",
    ) -> Any:
        """Hear that a reviewer took back their judgement of the case."""
        body = Recalled(
            case_id=f"c{number}",
            attempt=1,
            review_id=f"c{number}.1.{review}",
            reviewer_id=reviewer,
            token=token,
            due_at=NOW + timedelta(days=30),
            recalled_at=self.now,
            because=because,
        )
        names = (f"c{number}", str(review), str(token))
        return await self.handlers[Recalled](received(body, *names))

    async def completion(
        self,
        number: int,
        *,
        levels: dict[CriterionKey, int] | None = None,
        reviewer: str = "p-rev",
        attempt: int = 1,
        review: int = 1,
        **told: object,
    ) -> Received[Completed]:
        """Return the message; *told* are further fields of it."""
        given = CM_LEVELS if levels is None else levels
        portfolio = snapshot(case_id=f"c{number}")
        blob = await self.snapshots.write("p-ana", portfolio)
        body = Completed(
            review_id=f"c{number}.{attempt}.{review}",
            case_id=f"c{number}",
            cohort_id=self.cohort,
            attempt=attempt,
            participant_id="p-ana",
            participant_organisation_id="o-college",
            mentor_id="p-mentor",
            reviewer_id=reviewer,
            programme="ATS",
            programme_version="2025.1",
            policy_version="2025.1",
            role_context=None,
            adjusted=False,
            fairness={"setting": "college"},
            snapshot_sha256=blob.content_hash,
            snapshot_path=blob.path,
            levels=given,
            outcome=outcome_of(given),
            borderline=False,
            feedback=await self.vault.seal(
                "p-ana", FEEDBACK.to_text(), field=FEEDBACK_FIELD
            ),
            period_from=MONTH_BEGAN,
            period_until=DUE_AT,
            **{"token": 1, "completed_at": self.now, **told},
        )
        self._messages += 1
        return received(body, f"c{number}", reviewer, str(self._messages))

    async def publish(self) -> Handled:
        """Publish the plan, late or not."""
        words = PlanWords(
            cohort_id=self.cohort,
            programme="ATS",
            parties=PARTIES,
            rules=self.rules,
            late_because="The lead was ill.",
        )
        cause = self.cause()
        return await self.plans.publish(words, by="p-lead", at=self.now, cause=cause)

    async def commit_all(self) -> None:
        for party in PARTIES:
            commitment = nonce_commitment(self.cohort, party, NONCES[party])
            command = CommitNonce(party=party, commitment=commitment, at=self.now)
            await self.plans.commit(self.cohort, command, self.cause())

    async def reveal(self, *parties: str) -> None:
        for party in parties:
            command = RevealNonce(party=party, nonce=NONCES[party], at=self.now)
            await self.plans.reveal(self.cohort, command, self.cause())

    async def ready(self) -> None:
        """Publish the plan, fix the randomness, and know the moderators."""
        await self.publish()
        await self.commit_all()
        await self.reveal(*PARTIES)
        await self.granted("p-mod", "moderator")
        await self.granted("p-mod2", "moderator")
        await self.granted("p-lead", "lead_moderator")

    def shown(
        self, case: int, person_id: str, token: UUID | None = None, attempt: int = 1
    ) -> Shown:
        return Shown(
            case_id=f"c{case}",
            attempt=attempt,
            person_id=person_id,
            token=token,
            at=self.now,
        )

    async def take(self, case: int, person_id: str = "p-mod", attempt: int = 1) -> UUID:
        """Return the token of a fresh hold."""
        shown = self.shown(case, person_id, attempt=attempt)
        await self.cases.take(shown, self.cause())
        view = await self.showing.case(shown)
        token: UUID = view.model_dump()["token"]
        return token

    async def judge(
        self,
        case: int,
        levels: dict[CriterionKey, int],
        person_id: str = "p-mod",
        attempt: int = 1,
    ) -> Handled:
        """Take a case and judge it blind."""
        token = await self.take(case, person_id, attempt)
        shown = self.shown(case, person_id, token, attempt)
        held = await self.showing.case(shown)
        words = blind_words(levels, held.model_dump()["snapshot_sha256"])
        return await self.cases.judge(shown, words, self.cause())

    async def decide(
        self, case: int, words: Asked, person_id: str = "p-lead"
    ) -> Handled:
        return await self.cases.decide(self.shown(case, person_id), words, self.cause())

    async def release(self, attempt: int = 1) -> Handled:
        """Release a round once nobody can take anything back any more."""
        self.pass_time(minutes=15, seconds=1)
        return await self.release_now(attempt)

    async def release_now(self, attempt: int = 1) -> Handled:
        return await self.releases.release(
            self.cohort, attempt, by="p-lead", at=self.now, cause=self.cause()
        )

    async def reveal_key(self) -> Handled:
        return await self.releases.reveal_key(
            self.cohort, by="p-lead", at=self.now, cause=self.cause()
        )

    def pass_time(self, **span: int) -> None:
        self.now += timedelta(**span)

    async def facts(self, stream: str) -> list[object]:
        return [CODEC.decode(event) for event in await self.log.read_stream(stream)]

    async def verdict(self, *reviewers: str) -> Verdict:
        """Return what the independent check says about the cohort."""
        draws = {
            name: await self.facts(draw_stream(self.cohort, name)) for name in reviewers
        }
        plan_facts: Any = await self.facts(plan_stream(self.cohort))
        return verify(plan_facts, draws, await self.opinions())  # type: ignore[arg-type]

    async def opinions(self) -> dict[str, Any]:
        """Return the facts of second opinions about each moderator."""
        joined = await self.facts(plan_stream(self.cohort))
        return {
            fact.moderator_id: await self.facts(
                opinion_stream(self.cohort, fact.moderator_id)
            )
            for fact in joined
            if isinstance(fact, ModeratorJoined)
        }


def blind_words(levels: dict[CriterionKey, int], snapshot_sha256: str) -> BlindWords:
    passage = {
        "kind": "passage",
        "snapshot_sha256": snapshot_sha256,
        "section": "critical-narrative",
        "start": 0,
        "end": 9,
    }
    return BlindWords.model_validate(
        {
            "levels": levels,
            "rationale": dict.fromkeys(CRITERIA, "Because of the passage cited."),
            "evidence": {key: [passage] for key in CRITERIA},
        }
    )


def received(body: M, *names: str) -> Received[M]:
    """Return *body* as a message of its own, the same for the same names."""
    event_id = derived_id("message", type(body).__name__, *names)
    return Received(
        body=body,
        event_id=event_id,
        source="test",
        stream="test-1",
        version=1,
        position=1,
        epoch=1,
        generation=1,
        occurred_at=NOW,
        correlation_id=event_id,
    )
