"""A reviewer whose work moderation looks at judges nothing meanwhile."""

import pytest

from services.review.domain.commands import EndClaim
from services.review.domain.decide import review
from services.review.domain.independence import ReviewerPausedError
from services.review.domain.reviewer.commands import NotePause
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.reviewer.events import (
    PauseEndNoted,
    PauseNoted,
    ReviewerRegistered,
)
from services.review.domain.reviewer.evolve import Registered
from shared.contracts.moderation import StandingChanged
from shared.vocabulary import PersonId
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    SAM,
    Write,
    allocated,
    claim,
    claim_ended,
    claimed,
    complete,
    draft,
    extend,
    holder,
    judge,
    requested,
)
from tests.unit.review.test_course import HELD
from tests.unit.review.test_interleavings import (
    MESSAGES,
    World,
    granted,
    received,
    submitted,
)

reviews = Scenario(review)
reviewers = Scenario(reviewer)

REGISTERED = ReviewerRegistered(
    reviewer_id="rita", organisation_id="south-college", occurred_at=AT
)
PAUSED = PauseNoted(reviewer_id="rita", occurred_at=AT)
RESUMED = PauseEndNoted(reviewer_id="rita", occurred_at=AT)
RITA_PAUSED = Registered("rita", "south-college", is_paused=True)
PAUSE = NotePause(reviewer_id="rita", is_paused=True, at=AT)


def standing(person_id: PersonId, standing: str, part: str = "reviewer") -> object:
    body = StandingChanged.model_validate(
        {
            "person_id": person_id,
            "part": part,
            "was": "normal",
            "standing": standing,
            "changed_at": AT,
        }
    )
    return received(body, person_id, standing, part)


class TestNotePause:
    """Source: statistics.md 4, ladder: paused."""

    def test_is_known_once_and_ends(self) -> None:
        end = NotePause(reviewer_id="rita", is_paused=False, at=AT)
        reviewers.given(REGISTERED).when(end).then_nothing()
        reviewers.given(REGISTERED).when(PAUSE).then(PAUSED)
        reviewers.given(REGISTERED, PAUSED).when(PAUSE).then_nothing()
        reviewers.given(REGISTERED, PAUSED).when(end).then(RESUMED)

    def test_holds_for_somebody_who_is_registered_afterwards(self) -> None:
        assert reviewers.state(PAUSED, REGISTERED) == RITA_PAUSED
        assert not reviewers.state(PAUSED, RESUMED, REGISTERED).is_paused


class TestPaused:
    def test_refuses_the_claim_and_says_why(self) -> None:
        refused = reviews.given(requested()).when(claim(RITA_PAUSED))
        error = refused.then_refused(ReviewerPausedError)
        assert "lead" in str(error)

    @pytest.mark.parametrize("write", [judge, draft, complete, extend])
    def test_refuses_every_write(self, write: Write) -> None:
        command = write(by=holder(RITA_PAUSED))
        reviews.given(*HELD).when(command).then_refused(ReviewerPausedError)

    def test_gives_back_what_is_held(self) -> None:
        ending = EndClaim(reviewer_id="rita", because="paused", at=AT)
        ended = claim_ended("paused")
        reviews.given(*HELD).when(ending).then(ended)
        reviews.given(*HELD, ended).when(claim(SAM)).then(
            allocated("sam"), claimed("sam", token=2)
        )


class TestStandingChanged:
    async def test_pauses_a_reviewer_and_takes_back_what_they_hold(self) -> None:
        world = await World().hear(MESSAGES)
        await world.claim("rita", "before")
        await world.hear([standing("rita", "paused")])  # type: ignore[list-item]
        with pytest.raises(ReviewerPausedError):
            await world.claim("rita", "meanwhile")
        assert len((await world.claim("sam", "then")).facts) == 2
        rows = await world.state()
        assert rows["reviewer rita"].is_paused  # type: ignore[attr-defined]

    async def test_to_anything_else_ends_the_pause(self) -> None:
        early = [standing("rita", "paused"), standing("rita", "probation")]
        world = await World().hear(early)  # type: ignore[arg-type]
        await world.hear([granted("rita", "reviewer"), submitted("case-1")])
        assert len((await world.claim("rita", "after")).facts) == 2

    async def test_of_a_moderator_is_nothing_to_review(self) -> None:
        world = await World().hear([standing("rita", "paused", "moderator")])  # type: ignore[list-item]
        assert list(await world.log.read_after(0)) == []
