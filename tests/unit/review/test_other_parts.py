"""Whoever has another part in a case does not judge it, also what they hold already."""

import pytest

from services.review.app import CODEC
from services.review.domain.allocation.world import Colleague
from services.review.domain.decide import review
from services.review.domain.independence import EarlierPartError
from services.review.domain.reviewer.commands import NotePart
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.reviewer.events import PartNoted, ReviewerRegistered
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import Waiting
from services.review.domain.turns import ClaimEnded
from shared.contracts.appeals import HearingPanelAppointed
from shared.contracts.moderation import MarksRead
from shared.handling import Handled
from tests.support.specification import Scenario
from tests.unit.review.examples import AT, claim, claimed, holder, judge, requested
from tests.unit.review.test_interleavings import MESSAGES, received
from tests.unit.review.test_recall import STREAM, RecallWorld

reviews = Scenario(review)
reviewers = Scenario(reviewer)

REGISTERED = ReviewerRegistered(
    reviewer_id="rita", organisation_id="south-college", occurred_at=AT
)
HEARS = PartNoted(reviewer_id="rita", case_id="case-1", occurred_at=AT)
PANEL = received(
    HearingPanelAppointed(
        case_id="case-1", appeal_id="case-1.1", members=("rita", "sam")
    )
)


async def hearing(world: RecallWorld) -> Handled:
    handled = await world.handlers[HearingPanelAppointed](PANEL)
    assert isinstance(handled, Handled)
    return handled


class TestPart:
    """Source: domain.md section 1: an appeal panel has no part in the case."""

    NOTE = NotePart(reviewer_id="rita", case_id="case-1", at=AT)
    OF_ONE = PartNoted(reviewer_id="rita", case_id="case-1", attempt=1, occurred_at=AT)

    def test_is_kept_once_whether_they_review_yet_or_not(self) -> None:
        reviewers.given().when(self.NOTE).then(HEARS)
        reviewers.given(REGISTERED, HEARS).when(self.NOTE).then_nothing()
        known = reviewers.state(REGISTERED, HEARS)
        assert known == reviewers.state(HEARS, REGISTERED)

    def test_in_one_attempt_is_known_with_the_whole_case(self) -> None:
        narrow = NotePart(reviewer_id="rita", case_id="case-1", attempt=1, at=AT)
        reviewers.given(HEARS).when(narrow).then_nothing()
        reviewers.given(self.OF_ONE).when(self.NOTE).then(HEARS)

    def test_refuses_the_claim_and_every_write(self) -> None:
        member = reviewers.state(REGISTERED, HEARS)
        reviews.given(requested()).when(claim(member)).then_refused(EarlierPartError)
        held = (requested(), claimed("rita", 1))
        reviews.given(*held).when(judge(by=holder(member))).then_refused(
            EarlierPartError
        )

    def test_in_one_attempt_leaves_the_other_to_them(self) -> None:
        reader = reviewers.state(REGISTERED, self.OF_ONE)
        reviews.given(requested()).when(claim(reader)).then_refused(EarlierPartError)
        again = requested(review_id="case-1.2.1", attempt=2)
        assert reviews.given(again).when(claim(reader)).decide()

    @pytest.mark.parametrize(
        ("name", "part"), [("c1", ("c1", None)), ("c1.2", ("c1", 2))]
    )
    def test_is_looked_at_where_a_cohort_is_given_away(
        self, name: str, part: tuple[str, int | None]
    ) -> None:
        colleague = Colleague(
            reviewer_id="rita",
            organisation_id="o",
            conflicts=(),
            mentees=(),
            parts=(name,),
            has=0,
            at_most=1,
        )
        assert colleague.registered() == Registered(
            "rita", "o", parts=frozenset({part})
        )


class TestReading:
    """Source: moderation.md 4: who could see the first judgement judges none afresh."""

    @pytest.mark.parametrize(("attempt", "ends"), [(1, 1), (2, 0)])
    async def test_ends_a_claim_on_that_attempt_alone(
        self, attempt: int, ends: int
    ) -> None:
        world = RecallWorld()
        await world.hear(MESSAGES)
        await world.append(claimed("rita", 1))
        body = MarksRead(person_id="rita", case_id="case-1", attempt=attempt)
        await world.hear([received(body)])
        facts = [CODEC.decode(event) for event in await world.log.read_stream(STREAM)]
        assert sum(isinstance(each, ClaimEnded) for each in facts) == ends


class TestHearing:
    """Source: domain.md section 1, "checked again when the decision is made"."""

    async def test_ends_the_claim_of_a_member_and_nobody_elses(self) -> None:
        world = RecallWorld()
        await world.hear(MESSAGES)
        await world.append(claimed("rita", 1))
        handled = await hearing(world)
        (ended,) = [each for each in handled.facts if isinstance(each, ClaimEnded)]
        assert (ended.reviewer_id, ended.because) == ("rita", "earlier_part")
        _, state = await world.handling.fold(review, "review-case-1.1.1")
        assert isinstance(state, Waiting)
        assert state.claim is None

    async def test_leaves_what_others_hold(self) -> None:
        world = RecallWorld()
        await world.hear(MESSAGES)
        await world.append(claimed("tom", 1))
        handled = await hearing(world)
        assert {type(each) for each in handled.facts} == {PartNoted}
