"""Messages to review come in any order, and again, and lead to the same state."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import structlog

from services.review import consumers, read_models
from services.review.app import CODEC
from services.review.domain.allocation.commands import WithdrawAllocation
from services.review.domain.allocation.plan import Plan
from services.review.domain.decide import UnknownReviewError, review
from services.review.domain.independence import OwnMenteeError, OwnOrganisationError
from services.review.domain.reviewer.decide import NotAReviewerError, reviewer
from services.review.domain.situations import Ended, Waiting
from services.review.handlers import Allocating, Arrivals, Claims, Confirming, Reviewers
from services.review.handlers.words import Shown
from services.review.read_models import ReviewRow
from shared.contracts.message import Message, Received
from shared.contracts.moderation import ReviewWanted
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.submission import (
    DeadlineMoved,
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.decider import Decider
from shared.errors import ServiceError
from shared.handling import Cause, Handled, Handling
from shared.ids import derived_id
from shared.vocabulary import Role
from tests.support.memory_log import MemoryEventLog
from tests.unit.review.examples import (
    AT,
    LATER_OPENING,
    OPENS_AT,
    SNAPSHOT,
    SUBMITTED_AT,
)

CASES = ("case-1", "case-2")
PEOPLE = ("rita", "sam", "mona")


def received(body: Message, *names: str) -> Received[Any]:
    """Return *body* as a message, the same in every world."""
    event_id = derived_id("message", type(body).__name__, *names)
    return Received(
        body=body,
        event_id=event_id,
        source="submission",
        stream="case-1",
        version=1,
        position=1,
        epoch=1,
        generation=1,
        occurred_at=SUBMITTED_AT,
        correlation_id=event_id,
    )


def granted(
    person_id: str, role: Role, organisation: str = "west-college"
) -> Received[Any]:
    body = RoleGranted(person_id=person_id, role=role, organisation_id=organisation)
    return received(body, person_id, role, organisation)


def submitted(case_id: str) -> Received[Any]:
    body = Submitted(
        case_id=case_id,
        cohort_id="ats-2025-10",
        attempt=1,
        person_id="ana",
        organisation_id="north-college",
        mentor_id="ben",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        template="workbook",
        role_context=None,
        snapshot_sha256=SNAPSHOT,
        snapshot_path="ana/3",
        submitted_at=SUBMITTED_AT,
        review_opens_at=OPENS_AT,
    )
    return received(body, case_id)


MESSAGES = (
    granted("rita", "reviewer"),
    granted("sam", "reviewer"),
    granted("mona", "moderator"),
    *(submitted(case_id) for case_id in CASES),
)


class World:
    """Review's consumers and write side, on a log in memory."""

    def __init__(self, log: MemoryEventLog | None = None) -> None:
        self.log = log or MemoryEventLog(now=lambda: AT)
        self.handling = Handling(self.log, CODEC)
        self.claims = Claims(self.handling)
        arrivals = Arrivals(self.handling)
        self.handlers = consumers.build(
            arrivals, Reviewers(self.handling, self.held_by)
        )

    async def held_by(self, reviewer_id: str) -> list[str]:
        """Return what the read model says that somebody holds."""
        rows = await self._rows()
        found = (row for row in rows.values() if isinstance(row, ReviewRow))
        return [each.review_id for each in found if each.holder_id == reviewer_id]

    async def hear(self, messages: Sequence[Received[Any]]) -> "World":
        for message in messages:
            await self.handlers[type(message.body)](message)
        return self

    async def state(self) -> dict[str, object]:
        """Return every stream's version and fold, and every row of the queue."""
        streams = {
            **{f"review-{case_id}.1.1": review for case_id in CASES},
            **{f"reviewer-{person_id}": reviewer for person_id in PEOPLE},
        }
        return {
            **{
                name: await self.handling.fold(decider, name)  # type: ignore[arg-type]
                for name, decider in streams.items()
            },
            **await self._rows(),
        }

    async def folds(self) -> dict[str, object]:
        """Return what every stream adds up to, without its version, and every row."""
        streams: dict[str, Decider[Any, Any, Any]] = {
            **{f"review-{CASES[0]}.1.{number}": review for number in (1, 2)},
            "reviewer-rita": reviewer,
        }
        folded = {
            name: (await self.handling.fold(decider, name))[1]
            for name, decider in streams.items()
        }
        return {**folded, **await self._rows()}

    async def _rows(self) -> dict[str, object]:
        rows: dict[str, object] = {}
        for event in await self.log.read_after(0):
            fact = CODEC.decode(event)
            for model in read_models.ALL:
                key = model.key(fact, event)
                if key is not None:
                    name = f"{model.table} {key}"
                    rows[name] = model.fold(rows.get(name), fact, event)
        return rows

    async def claim(self, reviewer_id: str, when: str) -> Handled:
        shown = Shown(
            review_id=f"{CASES[0]}.1.1", reviewer_id=reviewer_id, token=None, at=AT
        )
        return await self.claims.claim(shown, Cause.by_clock("test", when))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of lines about handled commands would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


class TestInterleavings:
    """Source: architecture.md, "Messaging", "No order is promised between topics"."""

    async def test_all_lead_to_the_same_state(self) -> None:
        expected = await (await World().hear(MESSAGES)).state()
        assert len(expected) == len(CASES) + len(PEOPLE) + len(CASES) + 2
        for order in permutations(MESSAGES):
            assert await (await World().hear(order)).state() == expected

    async def test_let_nobody_judge_a_participant_who_works_with_them_by_now(
        self,
    ) -> None:
        """Source: domain.md section 1: never someone from their own organisation."""
        moved = OrganisationStated(person_id="ana", organisation_id="west-college")
        messages = (granted("rita", "reviewer"), submitted("case-1"))
        for order in permutations((*messages, received(moved, "ana"))):
            world = await World().hear(order)
            with pytest.raises(OwnOrganisationError):
                await world.claim("rita", "claim")

    async def test_of_repeated_messages_change_nothing(self) -> None:
        """Source: architecture.md, "Inbox": exact event ids for ever."""
        once = await (await World().hear(MESSAGES)).state()
        for number, again in enumerate(MESSAGES):
            for place in range(number + 1, len(MESSAGES) + 1):
                order = [*MESSAGES[:place], again, *MESSAGES[place:]]
                assert await (await World().hear(order)).state() == once

    @pytest.mark.parametrize(
        ("early", "late", "error"),
        [
            (MESSAGES[:3], MESSAGES[3:], UnknownReviewError),
            (MESSAGES[3:], MESSAGES[:3], NotAReviewerError),
        ],
        ids=["reviewers first", "portfolios first"],
    )
    async def test_take_effect_when_the_other_half_arrives(
        self,
        early: Sequence[Received[Any]],
        late: Sequence[Received[Any]],
        error: type[ServiceError],
    ) -> None:
        """What comes early is a fact; it is never retried or parked for that."""
        world = await World().hear(early)
        with pytest.raises(error):
            await world.claim("rita", "early")
        await world.hear(late)
        assert len((await world.claim("rita", "late")).facts) == 2


ABOUT_ONE_CASE = (
    submitted(CASES[0]),
    granted("rita", "reviewer"),
    received(DeadlineMoved(case_id=CASES[0], attempt=1, review_opens_at=LATER_OPENING)),
    received(MentorNominated(case_id=CASES[0], participant_id="ana", mentor_id="rita")),
    received(
        ReviewWanted(case_id=CASES[0], attempt=1, number=2, excluded=("sam",)),
    ),
)
WITHDRAWAL = received(Withdrawn(case_id=CASES[0], withdrawn_at=AT))


HELD = (
    received(HoldPlaced(case_id=CASES[0], hold_id="h1", placed_at=AT)),
    received(
        HoldLifted(case_id=CASES[0], hold_id="h1", lifted_at=AT + timedelta(days=2))
    ),
)


class TestOneCase:
    """Source: architecture.md, "Messaging", "No order is promised between topics"."""

    async def test_is_due_later_whenever_a_hold_is_heard_of(self) -> None:
        """Source: domain.md section 3: also before it is handed in, and after."""
        messages = (ABOUT_ONE_CASE[0], ABOUT_ONE_CASE[2], ABOUT_ONE_CASE[4], *HELD)
        expected = await (await World().hear((*messages, *HELD))).folds()
        fresh = expected[f"review-{CASES[0]}.1.2"]
        assert isinstance(fresh, Waiting)
        assert fresh.request.due_at == fresh.period.due_at + timedelta(days=3)
        row = expected[f"review {CASES[0]}.1.2"]
        assert isinstance(row, read_models.ReviewRow)
        assert row.due_at == fresh.request.due_at
        for order in permutations(messages):
            assert await (await World().hear(order)).folds() == expected

    async def test_is_not_overdue_while_it_is_held(self) -> None:
        """Source: domain.md section 3: a clock can be stopped and restarted."""
        world = await World().hear((ABOUT_ONE_CASE[0], HELD[0]))
        review_id, late = f"{CASES[0]}.1.1", AT + timedelta(days=60)

        async def mark(when: str) -> Handled:
            cause = Cause.by_clock("test", when)
            return await world.claims.mark_overdue(review_id, late, cause)

        assert (await mark("held")).facts == ()
        await world.hear(HELD[1:])
        assert len((await mark("running")).facts) == 1

    async def test_ends_alike_whatever_came_first(self) -> None:
        expected = await (await World().hear(ABOUT_ONE_CASE)).folds()
        first = expected[f"review-{CASES[0]}.1.1"]
        fresh = expected[f"review-{CASES[0]}.1.2"]
        assert isinstance(first, Waiting)
        assert first.request.review_opens_at == LATER_OPENING
        assert isinstance(fresh, Waiting)
        assert fresh.request.excluded == ("sam",)
        for order in permutations(ABOUT_ONE_CASE):
            assert await (await World().hear(order)).folds() == expected

    async def test_is_closed_whenever_the_withdrawal_comes(self) -> None:
        """Source: domain.md section 4: Withdrawn, in either order with Submitted."""
        messages = (ABOUT_ONE_CASE[0], ABOUT_ONE_CASE[4], WITHDRAWAL)
        for order in permutations(messages):
            folds = await (await World().hear(order)).folds()
            for number in (1, 2):
                assert isinstance(folds[f"review-{CASES[0]}.1.{number}"], Ended)
                row = folds[f"review {CASES[0]}.1.{number}"]
                assert isinstance(row, read_models.ReviewRow)
                assert row.state == "closed"

    async def test_ends_the_claim_of_a_reviewer_who_becomes_the_mentor(self) -> None:
        """Source: domain.md section 1: also when it comes after the claim."""
        world = await World().hear(MESSAGES)
        await world.claim("rita", "before")
        await world.hear(ABOUT_ONE_CASE[3:4])
        with pytest.raises(OwnMenteeError):
            await world.claim("rita", "after")
        assert len((await world.claim("sam", "instead")).facts) == 2


async def test_what_a_letter_tells_is_confirmed_from_the_log() -> None:
    """Source: architecture.md, "Still true when sent"."""
    world = await World().hear(MESSAGES)
    await world.claim("rita", "claim")
    stream = f"review-{CASES[0]}.1.1"
    events = await world.log.read_stream(stream)
    (told,) = [event for event in events if event.type == "review.Allocated"]
    confirming = Confirming(world.handling, world.log)
    asked = confirming.is_still_true
    assert await asked(CASES[0], stream, told.event_id)
    assert not await asked(CASES[1], stream, told.event_id)
    assert not await asked(CASES[0], stream, events[0].event_id)
    assert not await asked(CASES[0], stream, derived_id("unknown"))
    course = await confirming.course_of(stream)
    assert (course.programme, course.cohort_id) == ("ATS", "ats-2025-10")
    with pytest.raises(UnknownReviewError):
        await confirming.course_of("review-none.1.1")
    await world.hear([WITHDRAWAL])
    assert not await asked(CASES[0], stream, told.event_id)


async def no_plan(_: object) -> Plan:
    raise AssertionError


async def test_a_letter_is_left_to_the_one_that_tells_it_again() -> None:
    """Source: domain.md section 5: what is taken back and given again is told once."""
    world = await World().hear(MESSAGES)
    review_id = f"{CASES[0]}.1.1"
    allocating = Allocating(world.handling, no_plan)
    taking = WithdrawAllocation(by="olga", at=AT)
    for turn in ("first", "again"):
        cause = Cause.by_clock("test", turn)
        await allocating.allocate(review_id, "rita", "olga", AT, cause)
        if turn == "first":
            cause = Cause.by_clock("test", "taken back")
            await allocating.withdraw(review_id, taking, cause)
    stream = f"review-{review_id}"
    events = await world.log.read_stream(stream)
    told = [event for event in events if event.type == "review.Allocated"]
    ask = Confirming(world.handling, world.log).is_still_true
    true = [await ask(CASES[0], stream, event.event_id) for event in told]
    assert true == [False, True]


async def test_another_portfolio_leads_to_another_state() -> None:
    """The control: what is compared does depend on the messages."""
    expected = await (await World().hear(MESSAGES)).state()
    other = (granted("rita", "reviewer", "north-college"), *MESSAGES[1:])
    assert await (await World().hear(other)).state() != expected
