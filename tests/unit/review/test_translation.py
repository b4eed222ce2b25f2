"""What comes in, what goes out, when it is due: pure translation."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.review.api.queue import QueueItem
from services.review.consumers import request_for
from services.review.domain.events import ReviewEvent
from services.review.domain.reviewer.events import (
    ConflictDeclared,
    EmployerChanged,
    ReviewerEvent,
    ReviewerRegistered,
)
from services.review.domain.turns import AllocationWithdrawn, Reserved
from services.review.outgoing import to_public
from services.review.read_models import (
    ReviewerRow,
    ReviewRow,
    follow_review,
    follow_reviewer,
)
from shared.contracts import review as public
from shared.contracts.message import Received
from shared.contracts.review import Completed as CompletedMessage
from shared.contracts.submission import Submitted
from shared.eventlog import StoredEvent
from shared.london import months_later
from tests.unit.review.examples import (
    AT,
    CLOSED,
    DUE_AT,
    KEPT,
    LATER_DUE,
    LATER_OPENING,
    LEASE_ENDS_AT,
    MOVED,
    OPENS_AT,
    SNAPSHOT,
    SUBMITTED_AT,
    all_judged,
    allocated,
    claim_ended,
    claimed,
    completed,
    drafted,
    extended,
    lapsed,
    overdue,
    released,
    reopened,
    request,
    requested,
    sealed,
)


def stored(stream: str = "review-case-1.1.1") -> StoredEvent:
    return StoredEvent(
        position=1,
        event_id=UUID(int=1),
        stream=stream,
        category=stream.partition("-")[0],
        version=1,
        type="",
        schema_version=1,
        payload=b"{}",
        metadata=b"{}",
        occurred_at=AT,
        recorded_at=AT,
        leaf=b"",
        chain=b"",
    )


SUBMITTED = Received(
    body=Submitted(
        case_id="case-1",
        cohort_id="ats-2025-10",
        attempt=1,
        person_id="ana",
        organisation_id="north-college",
        mentor_id="ben",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        template="workbook",
        role_context="developmental",
        fairness={"setting": "college"},
        snapshot_sha256=SNAPSHOT,
        snapshot_path="ana/3",
        submitted_at=SUBMITTED_AT,
        review_opens_at=OPENS_AT,
    ),
    event_id=UUID(int=7),
    source="submission",
    stream="case-case-1",
    version=3,
    position=9,
    epoch=0,
    generation=1,
    occurred_at=SUBMITTED_AT,
    correlation_id=UUID(int=8),
)


class TestSubmitted:
    def test_becomes_a_request_that_is_due_a_month_after_review_opens(self) -> None:
        """Source: S2 4.4: review and moderation run over one month."""
        assert request_for(SUBMITTED) == request()


class TestWhatReviewersAreTold:
    """Source: domain.md section 5: review allocated, overdue."""

    def test_is_what_to_judge_by_when(self) -> None:
        message = to_public(allocated(), stored())
        assert message == public.Allocated(
            review_id="case-1.1.1",
            case_id="case-1",
            reviewer_id="rita",
            due_at=DUE_AT,
        )

    def test_is_what_they_have_not_judged_in_time(self) -> None:
        message = to_public(overdue(), stored())
        assert message == public.Overdue(
            review_id="case-1.1.1",
            case_id="case-1",
            reviewer_id="rita",
            due_at=DUE_AT,
        )

    def test_is_nothing_when_nobody_is_expected_to_judge(self) -> None:
        assert to_public(overdue(None), stored()) is None


class TestDueAt:
    @pytest.mark.parametrize(
        ("opens_at", "due"),
        [
            (OPENS_AT, DUE_AT),
            # A month over the autumn change is an hour longer.
            (
                datetime(2026, 10, 9, 23, tzinfo=UTC),
                datetime(2026, 11, 10, 0, tzinfo=UTC),
            ),
            # A month over the spring change is an hour shorter.
            (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 4, 9, 23, tzinfo=UTC)),
            (datetime(2027, 1, 31, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
            (datetime(2026, 12, 5, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)),
        ],
        ids=["one month", "autumn change", "spring change", "short month", "new year"],
    )
    def test_is_the_same_time_in_london_a_month_later(
        self, opens_at: datetime, due: datetime
    ) -> None:
        """Source: S2 4.4; architecture.md: dates are London's."""
        assert months_later(opens_at, months=1) == due


class TestToPublic:
    def test_tells_the_judgement_and_keeps_who_it_is_about_opaque(self) -> None:
        """Source: domain.md section 4."""
        message = to_public(completed(mentor_id="ben"), stored())
        assert isinstance(message, CompletedMessage)
        assert message.key == "case-1"
        assert message.feedback == sealed("feedback")
        assert message.fairness == {"setting": "college"}
        assert (message.outcome, message.completed_at) == ("CM", AT)

    @pytest.mark.parametrize(
        "fact",
        [
            requested(),
            claimed(),
            extended(AT),
            lapsed(),
            *all_judged(),
            drafted(),
            claim_ended("withdrawn"),
            MOVED,
            KEPT,
            CLOSED,
            reopened(),
        ],
        ids=lambda fact: fact.type,
    )
    def test_keeps_everything_else_private(self, fact: ReviewEvent) -> None:
        """Source: domain.md section 4: draft judgements are never public."""
        assert to_public(fact, stored()) is None


def row_after(*facts: ReviewEvent | ReviewerEvent) -> ReviewRow:
    row: ReviewRow | None = None
    for fact in facts:
        row = follow_review(row, fact, stored())
    assert row is not None
    return row


class TestRoleContext:
    def test_is_shown_to_reviewers_in_their_queue(self) -> None:
        """Source: S3, domain.md section 2: beside "relevant to ... their role"."""
        row = row_after(requested())
        shown = QueueItem.of(row, "rita", AT)
        assert (shown.role_context, shown.why) == ("developmental", "free")


class TestFollowReview:
    def test_waits_until_somebody_claims(self) -> None:
        row = row_after(requested())
        assert (row.state, row.holder_id, row.due_at) == ("waiting", None, DUE_AT)

    def test_tells_who_holds_it_until_when(self) -> None:
        row = row_after(requested(), claimed(), *all_judged())
        assert (row.state, row.holder_id, row.token) == ("claimed", "rita", 1)
        assert row.lease_ends_at == LEASE_ENDS_AT

    def test_moves_the_end_of_the_lease(self) -> None:
        row = row_after(requested(), claimed(), extended(LEASE_ENDS_AT))
        assert row.lease_ends_at is not None
        assert row.lease_ends_at > LEASE_ENDS_AT

    @pytest.mark.parametrize("end", [released(), lapsed()], ids=lambda fact: fact.type)
    def test_is_free_again_when_the_claim_ends(self, end: ReviewEvent) -> None:
        row = row_after(requested(), claimed(), end)
        expected = "rita" if end == lapsed() else None
        assert row.last_holder_id == expected
        assert row.model_copy(update={"last_holder_id": None}) == row_after(requested())

    def test_tells_whom_it_was_given_to_and_that_it_is_free_again(self) -> None:
        reserved = Reserved(reviewer_id="rita", occurred_at=AT)
        given = (requested(), reserved, allocated())
        row = row_after(*given, claimed(), released())
        assert (row.kept_for, row.last_holder_id) == ("rita", "rita")
        shown = QueueItem.of(row, "rita", AT)
        assert (shown.why, shown.until) == ("allocated", DUE_AT)
        back = AllocationWithdrawn(reviewer_id="rita", because="office", occurred_at=AT)
        assert row_after(*given, back) == row_after(requested())
        assert row_after(requested(), allocated()) == row_after(requested())

    def test_is_nobody_s_once_completed(self) -> None:
        row = row_after(requested(), claimed(), completed())
        assert (row.state, row.holder_id) == ("completed", None)

    def test_tells_to_whom_it_was_returned(self) -> None:
        row = row_after(requested(), claimed(), completed(), reopened())
        assert (row.state, row.returned_to, row.judges) == ("waiting", "rita", ["rita"])
        assert row.due_at == LATER_DUE

    def test_tells_nobody_that_it_was_returned_once_anybody_may_judge_it(self) -> None:
        returned = (requested(), claimed(), completed(), reopened())
        assert QueueItem.of(row_after(*returned), "rita", AT).why == "returned"
        back = AllocationWithdrawn(reviewer_id="rita", because="office", occurred_at=AT)
        assert QueueItem.of(row_after(*returned, back), "rita", AT).why == "free"

    def test_opens_later(self) -> None:
        row = row_after(requested(), MOVED)
        assert (row.review_opens_at, row.due_at) == (LATER_OPENING, LATER_DUE)

    def test_is_closed_for_good(self) -> None:
        row = row_after(requested(), claimed(), claim_ended("withdrawn"), CLOSED)
        assert (row.state, row.holder_id) == ("closed", None)

    def test_is_marked_overdue_until_it_is_returned(self) -> None:
        assert row_after(requested(), overdue()).is_overdue
        back = row_after(requested(), overdue(), completed(), reopened())
        assert not back.is_overdue

    def test_is_not_overdue_once_it_opens_later(self) -> None:
        assert not row_after(requested(), overdue(), MOVED).is_overdue


class TestFollowReviewer:
    def test_lists_what_the_queue_leaves_out(self) -> None:
        row: ReviewerRow | None = None
        for fact in (
            ReviewerRegistered(
                reviewer_id="rita", organisation_id="south-college", occurred_at=AT
            ),
            ConflictDeclared(
                reviewer_id="rita", kind="case", with_id="case-1", occurred_at=AT
            ),
        ):
            row = follow_reviewer(row, fact, stored("reviewer-rita"))
        assert row == ReviewerRow(
            reviewer_id="rita",
            organisation_id="south-college",
            works_for="south-college",
            conflicts=["case:case-1"],
        )

    def test_tells_where_a_participant_works_who_reviews_nothing(self) -> None:
        moved = EmployerChanged(
            reviewer_id="ana", organisation_id="east-college", occurred_at=AT
        )
        row = follow_reviewer(None, moved, stored("reviewer-ana"))
        assert row == ReviewerRow(reviewer_id="ana", works_for="east-college")

    def test_tells_where_a_reviewer_works_now(self) -> None:
        known = ReviewerRow(reviewer_id="rita", organisation_id="a", works_for="a")
        moved = EmployerChanged(
            reviewer_id="rita", organisation_id="east-college", occurred_at=AT
        )
        row = follow_reviewer(known, moved, stored("reviewer-rita"))
        assert row is not None
        assert (row.organisation_id, row.works_for) == ("east-college", "east-college")
