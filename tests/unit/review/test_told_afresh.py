"""A fresh review whose outcome is told: its judgement is final, as that of a first."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import structlog

from services.review.domain.decide import review
from services.review.domain.late import ConflictFound
from services.review.domain.reviewer.commands import DeclareConflict
from services.review.domain.situations import Judged
from services.review.handlers import Conflicts, Opening, Reviewers, Sealing
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeRevised, ReviewWanted
from shared.contracts.submission import OrganisationStated
from shared.evidence import Snapshots
from shared.handling import Cause, Handled
from shared.ids import new_id
from tests.support.evidence import MemoryObjects, memory_blobs
from tests.support.keys import memory_vault
from tests.unit.review.examples import (
    AT,
    all_judged,
    claimed,
    completed,
    drafted,
    reopened,
)
from tests.unit.review.test_interleavings import MESSAGES, received
from tests.unit.review.test_recall import RecallWorld, told

AFRESH = "case-1.1.2"
WANTED = received(ReviewWanted(case_id="case-1", attempt=1, number=2, excluded=()))
AGAIN = received(
    ReviewWanted(case_id="case-1", attempt=1, number=3, excluded=("sam",)), "again"
)


def revised(**named: Any) -> Received[Any]:
    body = told(OutcomeRevised, took_part=("rita", "sam"), replaces="CNM", **named)
    return received(body, "revised")


NAMED = revised(review_id=AFRESH)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


async def judged_afresh() -> RecallWorld:
    """Return a world in which Sam has judged the fresh review."""
    world = RecallWorld()
    await world.hear([*MESSAGES, WANTED])
    await world.append(
        claimed("sam", 1),
        *all_judged(reviewer_id="sam", token=1),
        drafted("sam", 1),
        completed(reviewer_id="sam", review_id=AFRESH),
        stream=f"review-{AFRESH}",
    )
    return world


def cause() -> Cause:
    return Cause.by_clock("test", str(new_id()))


async def employed(world: RecallWorld) -> None:
    """Have Sam work for the college of the participant."""
    body = OrganisationStated(person_id="sam", organisation_id="north-college")
    await world.hear([received(body, "sam")])


async def declared(world: RecallWorld) -> None:
    """Have Sam declare a conflict with the case."""
    command = DeclareConflict(reviewer_id="sam", kind="case", with_id="case-1", at=AT)
    reviewers = Reviewers(world.handling, world.held_by)
    await reviewers.declare(command, cause())


async def look(world: RecallWorld) -> Handled:
    conflicts = Conflicts(world.handling, Sealing(memory_vault()))
    return await conflicts.find(AFRESH, "sam", AT, cause())


async def state_of(world: RecallWorld) -> object:
    _, state = await world.handling.fold(review, f"review-{AFRESH}")
    return state


@pytest.mark.parametrize("message", [NAMED, revised()], ids=["named", "of old"])
class TestFreshReviewThatIsTold:
    """Source: domain.md section 1; the same as of a first review."""

    async def test_is_no_matter_of_whom_its_reviewer_works_for_later(
        self, message: Received[Any]
    ) -> None:
        world = await judged_afresh()
        await world.hear([message])
        await employed(world)
        assert (await look(world)).facts == ()
        assert isinstance(await state_of(world), Judged)

    async def test_has_the_lead_told_of_a_conflict_that_is_declared(
        self, message: Received[Any]
    ) -> None:
        world = await judged_afresh()
        await world.hear([message])
        await declared(world)
        (found,) = (await look(world)).facts
        assert isinstance(found, ConflictFound)
        assert found.when == "released"

    async def test_is_known_as_told_where_conflicts_are_looked_for(
        self, message: Received[Any]
    ) -> None:
        world = await judged_afresh()
        await world.hear([message])
        rows: dict[str, Any] = await world.folds()
        assert rows[f"review {AFRESH}"].released_at is not None
        assert rows["review case-1.1.1"].released_at is None

    async def test_stands_when_conflict_and_outcome_crossed(
        self, message: Received[Any]
    ) -> None:
        for order in permutations(("conflict", "told")):
            world = await judged_afresh()
            await employed(world)
            for what in order:
                await (look(world) if what == "conflict" else world.hear([message]))
            assert isinstance(await state_of(world), Judged)


async def test_what_is_told_at_once_is_not_offered_to_be_taken_back() -> None:
    """Source: moderation.md 4: judged again, it stands or is decided."""
    world, vault = await judged_afresh(), memory_vault()
    snapshots = Snapshots(memory_blobs(MemoryObjects(), vault.keys))
    opening = Opening(world.handling, vault, snapshots)
    _, until = await opening.completed(AFRESH, "sam")
    assert until == AT + timedelta(minutes=15)
    again = completed(reviewer_id="sam", review_id=AFRESH, token=2)
    stream = f"review-{AFRESH}"
    await world.append(reopened("sam"), claimed("sam", 2), again, stream=stream)
    told, until = await opening.completed(AFRESH, "sam")
    assert (told.token, until) == (2, None)


async def test_an_outcome_that_names_no_review_is_of_the_one_wanted_last() -> None:
    world = await judged_afresh()
    await world.hear([AGAIN, revised()])
    rows: dict[str, Any] = await world.folds()
    assert rows["review case-1.1.3"].released_at is not None
    assert rows[f"review {AFRESH}"].released_at is None


async def test_an_outcome_that_names_its_review_is_of_no_other() -> None:
    world = await judged_afresh()
    await world.hear([AGAIN, NAMED])
    rows: dict[str, Any] = await world.folds()
    assert rows["review case-1.1.3"].released_at is None
    assert rows[f"review {AFRESH}"].released_at is not None
