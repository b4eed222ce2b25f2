"""The lead lets somebody judge despite a conflict they declared, and nothing else."""

from typing import Any

import pytest

from services.review.domain.allocation.keeping import OwnCaseError
from services.review.domain.assessment.commands import OverrideConflict
from services.review.domain.assessment.decide import assessment
from services.review.domain.assessment.events import ConflictOverridden, JudgeNoted
from services.review.domain.decide import review
from services.review.domain.events import Completed
from services.review.domain.independence import (
    DeclaredConflictError,
    EarlierPartError,
    OwnMenteeError,
    OwnOrganisationError,
    OwnWorkError,
    is_independent,
)
from services.review.domain.overriding import (
    NoConflictDeclaredError,
    OwnConflictError,
)
from services.review.domain.reviewer.decide import NotAReviewerError
from services.review.domain.reviewer.evolve import NotRegistered, Registered
from services.review.read_models.rows import follow_review, review_of
from shared.errors import ServiceError
from shared.eventlog import StoredEvent
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    RITA,
    all_judged,
    claim,
    claimed,
    complete,
    drafted,
    holder,
    requested,
    sealed,
)
from tests.unit.review.test_independence import conflicted

assessments = Scenario(assessment)
reviews = Scenario(review)
DECLARED = conflicted("case", "case-1")


def override(**changes: Any) -> OverrideConflict:
    command: dict[str, Any] = {
        "case_id": "case-1",
        "about": requested(),
        "stated_organisation_id": None,
        "reviewer": DECLARED,
        "reason": sealed("reason"),
        "allowed_by": "lena",
        "at": AT,
    }
    return OverrideConflict(**{**command, **changes})


OVERRIDDEN = ConflictOverridden(
    case_id="case-1",
    review_id="case-1.1.1",
    reviewer_id="rita",
    allowed_by="lena",
    reason=sealed("reason"),
    occurred_at=AT,
)
ALLOWED = assessments.state(OVERRIDDEN)


class TestOverrideConflict:
    """Source: moderation.md 3, "conflict override"; domain.md section 1."""

    @pytest.mark.parametrize(
        ("kind", "with_id"),
        [
            ("case", "case-1"),
            ("person", "ana"),
            ("person", "ben"),
            ("organisation", "north-college"),
        ],
    )
    def test_allows_what_was_declared(self, kind: Any, with_id: str) -> None:
        command = override(reviewer=conflicted(kind, with_id))
        assessments.given().when(command).then(OVERRIDDEN)

    def test_changes_nothing_the_second_time(self) -> None:
        assessments.given(OVERRIDDEN).when(override()).then_nothing()

    def test_refuses_where_nothing_was_declared(self) -> None:
        command = override(reviewer=RITA)
        assessments.given().when(command).then_refused(NoConflictDeclaredError)

    def test_refuses_somebody_who_does_not_review(self) -> None:
        command = override(reviewer=NotRegistered())
        assessments.given().when(command).then_refused(NotAReviewerError)

    def test_refuses_a_lead_who_allows_themself(self) -> None:
        command = override(allowed_by="rita")
        assessments.given().when(command).then_refused(OwnConflictError)

    @pytest.mark.parametrize("facts", [(), (OVERRIDDEN,)], ids=["new", "again"])
    def test_refuses_a_lead_whose_own_portfolio_it_is(self, facts: Any) -> None:
        command = override(allowed_by="ana")
        assessments.given(*facts).when(command).then_refused(OwnCaseError)

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"reviewer_id": "ana"}, OwnWorkError),
            ({"reviewer_id": "ben"}, OwnMenteeError),
            ({"mentees": frozenset({"ana"})}, OwnMenteeError),
            ({"organisation_id": "north-college"}, OwnOrganisationError),
        ],
        ids=["own work", "mentor", "mentee", "organisation"],
    )
    def test_refuses_what_is_a_fact_and_not_declared(
        self, changes: dict[str, Any], error: type[ServiceError]
    ) -> None:
        bound: dict[str, Any] = {
            "reviewer_id": "rita",
            "organisation_id": "south-college",
            "conflicts": DECLARED.conflicts,
        }
        judge = Registered(**{**bound, **changes})
        assessments.given().when(override(reviewer=judge)).then_refused(error)

    def test_refuses_an_earlier_part(self) -> None:
        judged = JudgeNoted(
            case_id="case-1",
            review_id="case-1.1.1",
            reviewer_id="rita",
            occurred_at=AT,
        )
        about = requested(review_id="case-1.2.1", attempt=2)
        command = override(about=about)
        assessments.given(judged).when(command).then_refused(EarlierPartError)


class TestReviewerWhoIsAllowed:
    def test_may_claim_the_review(self) -> None:
        reviews.given(requested()).when(claim(DECLARED)).then_refused(
            DeclaredConflictError
        )
        allowed = claim(DECLARED, assessment=ALLOWED)
        facts = review.decide(allowed, review.fold((requested(),)))
        assert [each.type for each in facts] == ["review.Allocated", "review.Claimed"]

    def test_says_so_in_the_judgement(self) -> None:
        by = holder(DECLARED, assessment=ALLOWED)
        history: tuple[Any, ...] = (requested(), claimed(), *all_judged(), drafted())
        state = review.fold(history)
        (done,) = review.decide(complete(by=by), state)
        assert isinstance(done, Completed)
        assert done.conflict_overridden
        (plain,) = review.decide(complete(by=holder(RITA)), state)
        assert isinstance(plain, Completed)
        assert not plain.conflict_overridden
        assert "conflict_overridden" not in plain.model_dump()

    def test_is_allowed_this_review_alone(self) -> None:
        other = requested(review_id="case-1.2.1", attempt=2)
        assert is_independent(requested(), DECLARED, ALLOWED)
        assert not is_independent(other, DECLARED, ALLOWED)
        assert not is_independent(
            requested(), Registered("sam", "west", DECLARED.conflicts), ALLOWED
        )


def test_the_queue_knows_who_is_allowed() -> None:
    event: Any = StoredEvent.__new__(StoredEvent)
    assert review_of(OVERRIDDEN, event) == "case-1.1.1"
    row = follow_review(None, requested(), event)
    after = follow_review(row, OVERRIDDEN, event)
    assert after is not None
    assert after.overridden == ["rita"]
