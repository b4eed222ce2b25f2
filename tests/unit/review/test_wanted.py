"""What moderation wants judged looks like any other review to whoever judges it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.review.api.queue import QueueItem
from services.review.domain.allocation.commands import (
    AllocateReview,
    HandOverReview,
    Holder,
    ReferReview,
    TakeOverReview,
)
from services.review.domain.allocation.keeping import ToQualifyError
from services.review.domain.allocation.world import Colleague, OpenReview, bonds_in
from services.review.domain.allocation.world import World as Allocated
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.claims import (
    AllocatedToSomebodyElseError,
    HeldBySomebodyElseError,
)
from services.review.domain.commands import ClaimReview
from services.review.domain.decide import review
from services.review.domain.events import Claimed
from services.review.domain.independence import (
    DeclaredConflictError,
    ReviewerPausedError,
)
from services.review.domain.reviewer.commands import DeclareConflict
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import Waiting
from services.review.handlers import Allocating, Opening, Reviewers, Shown
from services.review.read_models import ReviewRow
from shared.contracts.moderation import (
    ReviewWanted,
    StandingChanged,
    WantedPortfolio,
)
from shared.crypto import Vault
from shared.errors import RuleViolatedError
from shared.evidence import Snapshots
from shared.handling import Cause
from tests.support.evidence import MemoryObjects, memory_blobs
from tests.support.keys import memory_keystore
from tests.unit.review.examples import AT, OPENS_AT, SNAPSHOT, sealed
from tests.unit.review.test_interleavings import World, granted, received, submitted

NOW = max(AT, OPENS_AT) + timedelta(hours=1)
DUE_AT = NOW + timedelta(days=20)


def wanted(case_id: str = "case-2", **changed: Any) -> Any:
    values: dict[str, Any] = {
        "cohort_id": "ats-2025-10",
        "participant_id": "zoe",
        "participant_organisation_id": "old-college",
        "mentor_id": None,
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "template": "workbook",
        "role_context": None,
        "snapshot_sha256": SNAPSHOT,
        "snapshot_path": "zoe/3",
        "beside": "case-1.1.1",
        "apart_microseconds": 1_234_567,
        "review_opens_at": OPENS_AT,
        "due_at": DUE_AT,
        "only_by": "rita",
        **changed,
    }
    body = ReviewWanted(
        case_id=case_id,
        attempt=1,
        number=1,
        excluded=("mona",),
        portfolio=WantedPortfolio(**values),
    )
    return received(body, case_id)


PAUSED = received(
    StandingChanged(
        person_id="rita",
        part="reviewer",
        was="normal",
        standing="paused",
        changed_at=AT,
    ),
    "rita",
)


async def told(*messages: Any, allocated: bool = False) -> World:
    """Return a world that knows two reviewers, case 1, and what was wanted."""
    world = World()
    people = (granted("rita", "reviewer"), granted("sam", "reviewer"))
    await world.hear([*people, submitted("case-1")])
    if allocated:
        giving = Allocating(world.handling, no_plan)
        cause = Cause.by_clock("test", "give")
        await giving.allocate("case-1.1.1", "rita", "olga", NOW, cause)
    return await world.hear(messages)


async def no_plan(_: Any) -> Any:
    raise AssertionError


async def row_of(world: World, case_id: str) -> ReviewRow:
    rows = [each for each in (await world.folds()).values() if is_row(each, case_id)]
    (found,) = rows
    assert isinstance(found, ReviewRow)
    return found


def is_row(value: object, case_id: str) -> bool:
    return isinstance(value, ReviewRow) and value.case_id == case_id


async def held(world: World, case_id: str) -> bytes:
    """Return what its holder is answered, but for ids, and when it came and ends."""
    review_id = f"{case_id}.1.1"
    shown = Shown(review_id=review_id, reviewer_id="rita", token=None, at=NOW)
    await world.claims.claim(shown, Cause.by_clock("claim", case_id))
    vault = Vault(memory_keystore(), lambda: NOW)
    snapshots = Snapshots(memory_blobs(MemoryObjects(), vault.keys))
    opening = Opening(world.handling, vault, snapshots)
    answer = await opening.review(review_id, "rita", NOW)
    ids = {"review_id", "case_id", "submitted_at", "due_at"}
    return answer.model_dump_json(exclude=ids).encode()


async def waiting(world: World, case_id: str = "case-2") -> Waiting:
    _, state = await world.handling.fold(review, f"review-{case_id}.1.1")
    assert isinstance(state, Waiting)
    return state


def seen(row: ReviewRow) -> dict[str, Any]:
    """Return what its reviewer sees of a row, but for ids, and when it came."""
    item = QueueItem.of(row, "rita", NOW).model_dump(mode="json")
    return {
        name: value
        for name, value in item.items()
        if name not in {"case_id", "review_id", "submitted_at", "due_at", "until"}
    }


class TestWanted:
    """Source: moderation.md, "Reviewing": a seed looks like any of these."""

    @pytest.mark.parametrize("allocated", [True, False])
    async def test_looks_like_the_review_it_comes_beside(
        self, *, allocated: bool
    ) -> None:
        world = await told(wanted(), allocated=allocated)
        like, other = await row_of(world, "case-1"), await row_of(world, "case-2")
        assert seen(like) == seen(other)
        assert seen(other)["why"] == ("allocated" if allocated else "free")

    @pytest.mark.parametrize("allocated", [True, False])
    async def test_reads_the_same_byte_for_byte_once_it_is_held(
        self, *, allocated: bool
    ) -> None:
        """Two worlds: a seed and the case it comes beside, to whoever holds them."""
        world = await told(wanted(), allocated=allocated)
        like, other = [await held(world, case) for case in ("case-1", "case-2")]
        assert like == other
        assert b"role_context" in like

    async def test_was_handed_in_shortly_before_it(self) -> None:
        world = await told(wanted())
        like, other = await row_of(world, "case-1"), await row_of(world, "case-2")
        apart = like.submitted_at - other.submitted_at
        assert apart == timedelta(microseconds=1_234_567)

    async def test_is_due_when_moderation_says(self) -> None:
        world = await told(wanted())
        row = await row_of(world, "case-2")
        assert (row.review_opens_at, row.due_at) == (OPENS_AT, DUE_AT)

    async def test_may_be_claimed_by_nobody_else(self) -> None:
        state = await waiting(await told(wanted()))
        with pytest.raises(AllocatedToSomebodyElseError):
            review.decide(claim("sam"), state)
        assert review.decide(claim("rita"), state)

    @pytest.mark.parametrize("allocated", [True, False])
    async def test_is_refused_to_others_as_the_review_it_comes_beside(
        self, *, allocated: bool
    ) -> None:
        """A colleague who tries to claim it learns nothing, once it is held."""
        world = await told(wanted(), allocated=allocated)
        refusals = []
        for case_id in ("case-1", "case-2"):
            await held(world, case_id)
            state = await waiting(world, case_id)
            with pytest.raises(RuleViolatedError) as refused:
                review.decide(claim("sam", kept_for=state.kept_for), state)
            refusals.append(type(refused.value))
        one, other = refusals
        assert one is other
        assert (one is HeldBySomebodyElseError) is not allocated

    async def test_is_allocated_to_nobody_else(self) -> None:
        row = await row_of(await told(wanted()), "case-2")
        names = set(OpenReview.__dataclass_fields__) & set(ReviewRow.model_fields)
        fields = row.model_dump(include=names)
        fields |= {"submitted_at": "2026", "excluded": ()}
        about = OpenReview(**fields, judged={}, begun_by=None)
        people = tuple(
            Colleague(
                reviewer_id=name,
                organisation_id="west-college",
                conflicts=(),
                mentees=(),
                has=0,
                at_most=9,
            )
            for name in ("rita", "sam")
        )
        reviews = (about,)
        world = Allocated(cohort_id="ats-2025-10", reviews=reviews, colleagues=people)
        bonds = bonds_in(world)
        assert bonds == ((None, "WantedOfAnother"),)

    async def test_may_be_judged_during_a_pause_only_where_it_is_said(self) -> None:
        paused = Registered("rita", "west-college", is_paused=True)
        allowed = await waiting(await told(wanted(although_paused=True)))
        refused = await waiting(await told(wanted()))
        assert review.decide(claim("rita", paused), allowed)
        with pytest.raises(ReviewerPausedError):
            review.decide(claim("rita", paused), refused)

    async def test_waits_where_its_reviewer_may_not_judge_it(self) -> None:
        world = await told(
            wanted(participant_organisation_id="west-college"), allocated=True
        )
        assert (await row_of(world, "case-2")).kept_for is None

    async def test_is_known_once(self) -> None:
        world = await told(wanted(), wanted())
        assert (await waiting(world)).request.only_by == "rita"


class TestGivenUp:
    """Source: moderation.md 8: what is handed over is a seed no more, and is judged."""

    RITA = Registered("rita", "west-college", conflicts=frozenset({("person", "zoe")}))

    async def test_may_be_claimed_by_others_once_its_reviewer_is_bound(self) -> None:
        world = await told(wanted())
        await declared(world, "zoe")
        state = await waiting(world)
        assert state.claim is None
        shown = Shown(review_id="case-2.1.1", reviewer_id="sam", token=None, at=NOW)
        handled = await world.claims.claim(shown, Cause.by_clock("claim", "case-2"))
        assert any(isinstance(each, Claimed) for each in handled.facts)

    async def test_is_theirs_alone_while_another_bond_of_theirs_is_known(self) -> None:
        world = await told(wanted())
        await declared(world, "somebody-else")
        shown = Shown(review_id="case-2.1.1", reviewer_id="sam", token=None, at=NOW)
        with pytest.raises(AllocatedToSomebodyElseError):
            await world.claims.claim(shown, Cause.by_clock("claim", "case-2"))

    async def test_is_held_by_one_at_a_time_like_any_other(self) -> None:
        state = await waiting(await told(wanted()))
        asking = replace(claim("sam"), asked=self.RITA)
        held = review.fold(review.decide(asking, state), state)
        with pytest.raises(HeldBySomebodyElseError):
            review.decide(replace(claim("tom"), asked=self.RITA), held)
        with pytest.raises(DeclaredConflictError):
            review.decide(replace(claim("rita", self.RITA), asked=self.RITA), state)

    async def test_is_not_what_they_were_to_qualify_by(self) -> None:
        state = await waiting(await told(wanted(although_paused=True)))
        with pytest.raises(AllocatedToSomebodyElseError):
            review.decide(replace(claim("sam"), asked=self.RITA), state)


async def declared(world: World, person_id: str) -> None:
    """Have Rita declare a conflict with somebody."""
    command = DeclareConflict(
        reviewer_id="rita", kind="person", with_id=person_id, at=NOW
    )
    reviewers = Reviewers(world.handling, world.held_by)
    await reviewers.declare(command, Cause.by_clock("declare", person_id))


class TestToQualify:
    """What somebody qualifies by: although they are paused, and by themself."""

    async def test_needs_no_review_beside_it(self) -> None:
        asked = wanted(although_paused=True, beside="case-2.1.1", apart_microseconds=1)
        state = await waiting(await told(asked, PAUSED))
        assert state.kept_for is None
        assert state.request.submitted_at == OPENS_AT - timedelta(microseconds=1)
        paused = Registered("rita", "west-college", is_paused=True)
        assert review.decide(claim("rita", paused), state)

    async def test_is_handed_to_nobody(self) -> None:
        world = await told(wanted(although_paused=True))
        sam = Registered("sam", "west-college")
        state = await waiting(world)
        held = review.fold(review.decide(claim("rita"), state), state)
        assert isinstance(held, Waiting)
        assert held.claim is not None
        holder = Holder(
            reviewer_id="rita",
            reviewer=Registered("rita", "west-college"),
            assessment=Assessment(),
            token=held.claim.token,
        )
        giving = HandOverReview(
            by=holder, to_id="sam", to=sam, reason=sealed("Ill."), at=NOW
        )
        with pytest.raises(ToQualifyError):
            review.decide(giving, held)
        taking = TakeOverReview(
            by="olga",
            by_role="operations",
            to=("sam", sam),
            assessment=Assessment(),
            reason=sealed("Ill."),
            at=NOW,
        )
        with pytest.raises(ToQualifyError):
            review.decide(taking, held)
        assert review.decide(replace(taking, to=None), held)

    async def test_is_referred_to_nobody_either(self) -> None:
        world = await told(wanted(although_paused=True))
        state = await waiting(world)
        held = review.fold(review.decide(claim("rita"), state), state)
        assert isinstance(held, Waiting)
        assert held.claim is not None
        rita = Registered("rita", "west-college")
        by = Holder(
            reviewer_id="rita",
            reviewer=rita,
            assessment=Assessment(),
            token=held.claim.token,
        )
        asking = ReferReview(by=by, note=sealed("Unclear."), at=NOW)
        with pytest.raises(ToQualifyError):
            review.decide(asking, held)

    async def test_is_allocated_to_its_reviewer_alone(self) -> None:
        """Nobody else works in vain; other cases of the two are given to anybody."""
        to_qualify = await waiting(await told(wanted(although_paused=True)))
        with pytest.raises(ToQualifyError):
            review.decide(allocation("sam"), to_qualify)
        assert review.decide(allocation("rita"), to_qualify)
        seed = await waiting(await told(wanted()))
        assert review.decide(allocation("sam"), seed)


def allocation(name: str) -> AllocateReview:
    return AllocateReview(
        reviewer_id=name,
        reviewer=Registered(name, "west-college"),
        assessment=Assessment(),
        by="olga",
        at=NOW,
    )


def claim(
    name: str, as_: Registered | None = None, *, kept_for: str | None = None
) -> ClaimReview:
    return ClaimReview(
        reviewer_id=name,
        reviewer=as_ or Registered(name, "west-college"),
        assessment=Assessment(),
        kept_for=Registered(kept_for, "west-college") if kept_for else None,
        lease_minutes=60,
        at=NOW,
    )
