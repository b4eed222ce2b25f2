"""Who must not judge whom, at the claim and again at every write."""

import pytest

from services.review.domain.assessment.evolve import Assessment
from services.review.domain.decide import review
from services.review.domain.independence import (
    DeclaredConflictError,
    OwnMenteeError,
    OwnOrganisationError,
    OwnWorkError,
)
from services.review.domain.reviewer.commands import DeclareConflict, RegisterReviewer
from services.review.domain.reviewer.decide import NotAReviewerError, reviewer
from services.review.domain.reviewer.events import (
    ConflictDeclared,
    ConflictKind,
    ReviewerRegistered,
)
from services.review.domain.reviewer.evolve import Registered
from shared.errors import ServiceError
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    Write,
    all_judged,
    allocated,
    claim,
    claimed,
    complete,
    draft,
    drafted,
    extend,
    holder,
    judge,
    requested,
)

reviews = Scenario(review)
reviewers = Scenario(reviewer)

PARTICIPANT = Registered("ana", "south-college")
MENTOR = Registered("ben", "south-college")
COLLEAGUE = Registered("rita", "north-college")


def conflicted(kind: ConflictKind, with_id: str) -> Registered:
    return Registered("rita", "south-college", frozenset({(kind, with_id)}))


BONDS = [
    (PARTICIPANT, OwnWorkError),
    (MENTOR, OwnMenteeError),
    (COLLEAGUE, OwnOrganisationError),
    (conflicted("case", "case-1"), DeclaredConflictError),
    (conflicted("person", "ana"), DeclaredConflictError),
    (conflicted("person", "ben"), DeclaredConflictError),
    (conflicted("organisation", "north-college"), DeclaredConflictError),
]
NAMES = [
    "participant",
    "mentor",
    "organisation",
    "conflict-case",
    "conflict-person",
    "conflict-mentor",
    "conflict-organisation",
]


@pytest.mark.parametrize(("judge_", "error"), BONDS, ids=NAMES)
class TestIndependence:
    def test_refuses_the_claim(
        self, judge_: Registered, error: type[ServiceError]
    ) -> None:
        """Source: domain.md section 1: organisation, mentee, declared conflict."""
        reviews.given(requested()).when(claim(judge_)).then_refused(error)

    @pytest.mark.parametrize("write", [judge, draft, complete, extend])
    def test_refuses_every_write_when_it_became_known_later(
        self,
        judge_: Registered,
        error: type[ServiceError],
        write: Write,
    ) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        held = (requested(), claimed(judge_.reviewer_id))
        marks = all_judged(reviewer_id=judge_.reviewer_id)
        history = (*held, *marks, drafted(judge_.reviewer_id))
        reviews.given(*history).when(write(by=holder(judge_))).then_refused(error)


MOVED_ON = Assessment().employed("east-college")
"""The participant has stated another employer since they handed in."""
NEW_BONDS = [
    (Registered("rita", "east-college"), OwnOrganisationError),
    (conflicted("organisation", "east-college"), DeclaredConflictError),
]


@pytest.mark.parametrize(("judge_", "error"), NEW_BONDS, ids=["same", "declared"])
class TestEmployerOfTheParticipant:
    """Source: domain.md section 1: never someone from their own organisation."""

    def test_refuses_the_claim(
        self, judge_: Registered, error: type[ServiceError]
    ) -> None:
        asked = claim(judge_, assessment=MOVED_ON)
        reviews.given(requested()).when(asked).then_refused(error)
        reviews.given(requested()).when(claim(judge_)).then(allocated(), claimed())

    @pytest.mark.parametrize("write", [judge, draft, complete, extend])
    def test_refuses_every_write(
        self, judge_: Registered, error: type[ServiceError], write: Write
    ) -> None:
        history = (requested(), claimed(), *all_judged(), drafted())
        by = holder(judge_, assessment=MOVED_ON)
        reviews.given(*history).when(write(by=by)).then_refused(error)


@pytest.mark.parametrize(
    "judge_", [COLLEAGUE, conflicted("organisation", "north-college")]
)
def test_the_employer_at_the_hand_in_is_not_forgotten(judge_: Registered) -> None:
    """Source: domain.md section 1; it was so when they wrote it."""
    with pytest.raises(ServiceError):
        review.decide(claim(judge_, assessment=MOVED_ON), review.fold((requested(),)))


class TestUnrelatedConflict:
    @pytest.mark.parametrize(
        ("kind", "with_id"),
        [("case", "case-2"), ("person", "cleo"), ("organisation", "ana")],
    )
    def test_changes_nothing(self, kind: ConflictKind, with_id: str) -> None:
        """Source: domain.md section 1."""
        reviews.given(requested()).when(claim(conflicted(kind, with_id))).then(
            allocated(), claimed()
        )


REGISTERED = ReviewerRegistered(
    reviewer_id="rita", organisation_id="south-college", occurred_at=AT
)


class TestRegisterReviewer:
    def test_keeps_where_they_work(self) -> None:
        """Source: domain.md section 4: RoleGranted (id, role, organisation id)."""
        command = RegisterReviewer(
            reviewer_id="rita", organisation_id="south-college", at=AT
        )
        reviewers.given().when(command).then(REGISTERED)
        reviewers.given(REGISTERED).when(command).then_nothing()

    def test_keeps_conflicts_when_the_organisation_changes(self) -> None:
        """Source: domain.md section 1: a declared conflict stays."""
        moved = REGISTERED.model_copy(update={"organisation_id": "west-college"})
        declared = ConflictDeclared(
            reviewer_id="rita", kind="person", with_id="ana", occurred_at=AT
        )
        assert reviewers.state(REGISTERED, declared, moved) == Registered(
            "rita", "west-college", frozenset({("person", "ana")})
        )


class TestDeclareConflict:
    COMMAND = DeclareConflict(reviewer_id="rita", kind="case", with_id="case-1", at=AT)
    FACT = ConflictDeclared(
        reviewer_id="rita", kind="case", with_id="case-1", occurred_at=AT
    )

    def test_keeps_it(self) -> None:
        """Source: domain.md section 1: declared conflict."""
        reviewers.given(REGISTERED).when(self.COMMAND).then(self.FACT)

    def test_changes_nothing_the_second_time(self) -> None:
        reviewers.given(REGISTERED, self.FACT).when(self.COMMAND).then_nothing()

    def test_refuses_somebody_who_does_not_review(self) -> None:
        reviewers.given().when(self.COMMAND).then_refused(NotAReviewerError)
