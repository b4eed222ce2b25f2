"""What is known of a case, and whom it keeps from judging another review of it."""

from datetime import timedelta

import pytest

from services.review.domain.assessment.commands import (
    AssessmentCommand,
    ListReview,
    NoteFreshReview,
    NoteJudge,
    NoteLaterOpening,
    NoteRelease,
    NoteWithdrawal,
)
from services.review.domain.assessment.decide import assessment
from services.review.domain.assessment.events import (
    AssessmentEvent,
    FreshReviewNoted,
    JudgeNoted,
    LaterOpeningNoted,
    ReleaseNoted,
    ReviewListed,
    WithdrawalNoted,
)
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.decide import review
from services.review.domain.independence import EarlierPartError, OwnMenteeError
from services.review.domain.reviewer.commands import NoteEmployer, NoteMentee
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.reviewer.events import (
    EmployerChanged,
    MenteeNoted,
    ReviewerRegistered,
)
from services.review.domain.reviewer.evolve import NotRegistered, Registered
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    LATER_OPENING,
    Write,
    all_judged,
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

cases = Scenario(assessment)
reviews = Scenario(review)
reviewers = Scenario(reviewer)

LISTED = ReviewListed(
    case_id="case-1", review_id="case-1.1.1", attempt=1, occurred_at=AT
)
JUDGED_FIRST = JudgeNoted(
    case_id="case-1", review_id="case-1.1.1", reviewer_id="rita", occurred_at=AT
)
KNOWN: list[tuple[AssessmentCommand, AssessmentEvent]] = [
    (ListReview(case_id="case-1", review_id="case-1.1.1", attempt=1, at=AT), LISTED),
    (
        NoteLaterOpening(
            case_id="case-1", attempt=1, review_opens_at=LATER_OPENING, at=AT
        ),
        LaterOpeningNoted(
            case_id="case-1",
            attempt=1,
            review_opens_at=LATER_OPENING,
            occurred_at=AT,
        ),
    ),
    (
        NoteWithdrawal(case_id="case-1", withdrawn_at=AT, at=AT),
        WithdrawalNoted(case_id="case-1", withdrawn_at=AT, occurred_at=AT),
    ),
    (
        NoteFreshReview(
            case_id="case-1", attempt=1, number=2, excluded=("rita",), at=AT
        ),
        FreshReviewNoted(
            case_id="case-1",
            attempt=1,
            number=2,
            excluded=("rita",),
            occurred_at=AT,
        ),
    ),
    (
        NoteJudge(case_id="case-1", review_id="case-1.1.1", reviewer_id="rita", at=AT),
        JUDGED_FIRST,
    ),
    (
        NoteRelease(case_id="case-1", review_id="case-1.1.1", at=AT),
        ReleaseNoted(case_id="case-1", review_id="case-1.1.1", occurred_at=AT),
    ),
]


@pytest.mark.parametrize(
    ("command", "fact"), KNOWN, ids=lambda each: type(each).__name__
)
def test_whatever_is_told_is_kept_once(
    command: AssessmentCommand, fact: AssessmentEvent
) -> None:
    """Source: architecture.md: what comes too early is recorded as a fact."""
    cases.given().when(command).then(fact)
    cases.given(fact).when(command).then_nothing()


def test_the_latest_opening_counts() -> None:
    """Source: S2 4.4: review starts after the last moved deadline."""
    earlier = NoteLaterOpening(
        case_id="case-1",
        attempt=1,
        review_opens_at=LATER_OPENING - timedelta(days=1),
        at=AT,
    )
    cases.given(KNOWN[1][1]).when(earlier).then_nothing()


JUDGED_ANOTHER: Assessment = cases.state(LISTED, JUDGED_FIRST)
SECOND = requested(review_id="case-1.2.1", attempt=2)


class TestEarlierPart:
    """A second attempt is judged by another reviewer.

    Source: moderation.md, "Reviewing", exclusions (P).
    """

    def test_keeps_the_first_reviewer_from_the_second_attempt(self) -> None:
        reviews.given(SECOND).when(claim(assessment=JUDGED_ANOTHER)).then_refused(
            EarlierPartError
        )

    def test_lets_them_where_the_policy_does(self) -> None:
        """Source: moderation.md, "Reviewing": where the policy says so (P)."""
        lenient = SECOND.model_copy(update={"second_attempt_by": "any-reviewer"})
        assert reviews.given(lenient).when(claim(assessment=JUDGED_ANOTHER)).decide()
        fresh = lenient.model_copy(update={"review_id": "case-1.1.2", "attempt": 1})
        reviews.given(fresh).when(claim(assessment=JUDGED_ANOTHER)).then_refused(
            EarlierPartError
        )

    @pytest.mark.parametrize("write", [judge, draft, complete, extend])
    def test_counts_when_it_came_while_they_held_another(self, write: Write) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        history = (SECOND, claimed(), *all_judged(), drafted())
        by = holder(assessment=JUDGED_ANOTHER)
        reviews.given(*history).when(write(by=by)).then_refused(EarlierPartError)

    def test_does_not_count_their_own_judgement_of_this_review(self) -> None:
        """Source: moderation.md 5: a return goes to the same reviewer."""
        assert (
            reviews.given(requested()).when(claim(assessment=JUDGED_ANOTHER)).decide()
        )

    def test_keeps_out_everyone_a_fresh_review_excludes(self) -> None:
        """Source: domain.md section 1: no part in any round of the case."""
        fresh = requested(review_id="case-1.1.2", excluded=("rita", "mona"))
        reviews.given(fresh).when(claim()).then_refused(EarlierPartError)
        sam = Registered("sam", "west-college")
        assert reviews.given(fresh).when(claim(sam)).decide()


MENTEE = MenteeNoted(
    reviewer_id="rita", participant_id="ana", case_id="case-9", occurred_at=AT
)
NOTE_MENTEE = NoteMentee(
    reviewer_id="rita", participant_id="ana", case_id="case-9", at=AT
)
REGISTERED = ReviewerRegistered(
    reviewer_id="rita", organisation_id="south-college", occurred_at=AT
)


class TestMentee:
    """Source: domain.md section 1: a reviewer never judges their mentee."""

    def test_is_kept_whether_they_review_yet_or_not(self) -> None:
        reviewers.given().when(NOTE_MENTEE).then(MENTEE)
        reviewers.given(REGISTERED).when(NOTE_MENTEE).then(MENTEE)
        reviewers.given(MENTEE).when(NOTE_MENTEE).then_nothing()
        known = reviewers.state(REGISTERED, MENTEE)
        assert known == reviewers.state(MENTEE, REGISTERED)

    @pytest.mark.parametrize("case_id", ["case-1", "case-9"])
    def test_is_never_judged_by_them_in_any_case(self, case_id: str) -> None:
        mentor = reviewers.state(REGISTERED, MENTEE)
        portfolio = requested(case_id=case_id, mentor_id="ben")
        reviews.given(portfolio).when(claim(mentor)).then_refused(OwnMenteeError)


class TestEmployer:
    """Source: domain.md section 1: never someone from their own organisation."""

    COMMAND = NoteEmployer(reviewer_id="rita", organisation_id="east-college", at=AT)
    FACT = EmployerChanged(
        reviewer_id="rita", organisation_id="east-college", occurred_at=AT
    )

    def test_changes_for_a_reviewer(self) -> None:
        reviewers.given(REGISTERED).when(self.COMMAND).then(self.FACT)
        reviewers.given(REGISTERED, self.FACT).when(self.COMMAND).then_nothing()
        moved = reviewers.state(REGISTERED, MENTEE, self.FACT)
        assert moved == Registered("rita", "east-college", mentees=frozenset({"ana"}))

    def test_is_kept_of_a_participant_too(self) -> None:
        reviewers.given().when(self.COMMAND).then(self.FACT)
        reviewers.given(self.FACT).when(self.COMMAND).then_nothing()
        assert reviewers.state(self.FACT) == NotRegistered("east-college")

    def test_is_the_one_that_their_role_names_once_they_review(self) -> None:
        state = reviewers.state(self.FACT, REGISTERED)
        assert state == Registered("rita", REGISTERED.organisation_id)
