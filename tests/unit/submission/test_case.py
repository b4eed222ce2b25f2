"""The rules of a case, from enrolment to the portfolio handed in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.submission.domain.commands import NominateMentor
from services.submission.domain.completeness import PortfolioIncompleteError
from services.submission.domain.deadlines import DeadlinePassedError
from services.submission.domain.decide import case
from services.submission.domain.enrolling import EnrolledDifferentlyError
from services.submission.domain.extending import (
    DeadlineNotLaterError,
    ExtensionNotAllowedError,
)
from services.submission.domain.mentoring import OwnMentorError
from services.submission.domain.submitting import (
    AlreadySubmittedError,
    NotEnrolledError,
)
from shared.london import end_of
from shared.vocabulary import Role
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    AT,
    DEADLINE,
    OTHER_PORTFOLIO,
    attach,
    attached,
    enrol,
    enrolled,
    extend,
    extended,
    mentor_nominated,
    save,
    saved,
    submit,
    submitted,
)

spec = Scenario(case)
COMPLETE = (
    enrolled(),
    saved(),
    saved(key="action-plan", content_hash="4" * 64, path="ana/4"),
)
LAST_MOMENT = end_of(DEADLINE) - timedelta(microseconds=1)
BEN = mentor_nominated()


class TestEnrol:
    def test_pins_the_versions_of_programme_and_policy(self) -> None:
        """Source: domain.md section 2: every case pins both versions."""
        spec.given().when(enrol()).then(enrolled())

    def test_changes_nothing_the_second_time(self) -> None:
        """Source: architecture.md: a case is one person's enrolment in one cohort."""
        spec.given(enrolled()).when(enrol()).then_nothing()
        spec.given(*COMPLETE, submitted()).when(enrol()).then_nothing()

    @pytest.mark.parametrize(
        "other",
        [
            {"person_id": "cleo"},
            {"cohort_id": "ats-2026-10"},
        ],
        ids=["person", "cohort"],
    )
    def test_refuses_another_enrolment_under_the_same_id(
        self, other: dict[str, str]
    ) -> None:
        """Source: architecture.md: a case is one person's enrolment in one cohort."""
        spec.given(enrolled()).when(enrol(**other)).then_refused(
            EnrolledDifferentlyError
        )


class TestNominateMentor:
    def test_names_the_mentor(self) -> None:
        """Source: S1."""
        spec.given(enrolled()).when(NominateMentor(mentor_id="ben", at=AT)).then(BEN)

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(enrolled(), BEN).when(
            NominateMentor(mentor_id="ben", at=AT)
        ).then_nothing()

    def test_refuses_the_participant_as_their_own_mentor(self) -> None:
        """Source: domain.md section 1: mentor and participant are two people."""
        spec.given(enrolled()).when(
            NominateMentor(mentor_id="ana", at=AT)
        ).then_refused(OwnMentorError)

    def test_refuses_another_mentor_once_the_portfolio_is_handed_in(self) -> None:
        """Source: domain.md section 1: independence is decided from what was sent."""
        spec.given(*COMPLETE, submitted()).when(
            NominateMentor(mentor_id="ben", at=AT)
        ).then_refused(AlreadySubmittedError)


class TestSaveSection:
    def test_keeps_the_content_of_a_section(self) -> None:
        """Source: domain.md section 2: a portfolio is filled section by section."""
        spec.given(enrolled()).when(save()).then(saved())

    def test_keeps_every_version(self) -> None:
        """Source: moderation.md: saving again never loses an earlier version."""
        spec.given(enrolled(), saved()).when(save(content_hash="9" * 64)).then(
            saved(content_hash="9" * 64)
        )

    def test_changes_nothing_when_the_content_is_the_same(self) -> None:
        spec.given(enrolled(), saved()).when(save(path="elsewhere")).then_nothing()

    def test_refuses_other_content_once_the_portfolio_is_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(*COMPLETE, submitted()).when(
            save(content_hash="9" * 64)
        ).then_refused(AlreadySubmittedError)

    def test_refuses_a_case_that_does_not_exist(self) -> None:
        spec.given().when(save()).then_refused(NotEnrolledError)


class TestAttachEvidence:
    def test_adds_a_file(self) -> None:
        """Source: domain.md section 4."""
        spec.given(enrolled()).when(attach()).then(attached())

    def test_changes_nothing_when_the_content_is_the_same(self) -> None:
        spec.given(enrolled(), attached()).when(attach(path="other")).then_nothing()

    def test_refuses_a_new_file_once_the_portfolio_is_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(*COMPLETE, submitted()).when(attach()).then_refused(
            AlreadySubmittedError
        )


class TestMoveDeadline:
    def test_extends_one_case(self) -> None:
        """Source: S2 3.1.1."""
        spec.given(enrolled()).when(extend()).then(extended())

    def test_extends_it_further(self) -> None:
        """Source: S2 3.1.1."""
        later = date(2026, 5, 1)
        spec.given(enrolled(), extended()).when(extend(deadline=later)).then(
            extended(deadline=later)
        )

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(enrolled(), extended()).when(extend()).then_nothing()

    @pytest.mark.parametrize("role", ["participant", "reviewer", "lead_moderator"])
    def test_refuses_everybody_but_operations(self, role: Role) -> None:
        """Source: domain.md section 1: deadlines belong to operations."""
        spec.given(enrolled()).when(extend(role=role)).then_refused(
            ExtensionNotAllowedError
        )

    @pytest.mark.parametrize("deadline", [DEADLINE, DEADLINE - timedelta(days=1)])
    def test_refuses_a_day_that_is_not_later_than_the_cohort(
        self, deadline: date
    ) -> None:
        """Source: P: an extension never takes time away."""
        spec.given(enrolled()).when(extend(deadline=deadline)).then_refused(
            DeadlineNotLaterError
        )

    def test_refuses_a_day_before_the_current_extension(self) -> None:
        """Source: P: an extension never takes time away."""
        spec.given(enrolled(), extended()).when(
            extend(deadline=date(2026, 4, 13))
        ).then_refused(DeadlineNotLaterError)

    def test_refuses_a_portfolio_that_is_handed_in(self) -> None:
        spec.given(*COMPLETE, submitted()).when(extend()).then_refused(
            AlreadySubmittedError
        )


class TestSubmit:
    def test_hands_the_portfolio_in_and_opens_review_at_the_cohort_deadline(
        self,
    ) -> None:
        """Source: S2 4.4: review starts after the submission deadline."""
        spec.given(*COMPLETE).when(submit()).then(submitted())

    def test_carries_the_mentor(self) -> None:
        """Source: domain.md section 1: a mentor may not judge the same participant."""
        spec.given(*COMPLETE, BEN).when(submit()).then(submitted(mentor_id="ben"))

    def test_is_accepted_in_the_last_moment_of_the_deadline(self) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London, exclusive."""
        spec.given(*COMPLETE).when(submit(at=LAST_MOMENT)).then(
            submitted(submitted_at=LAST_MOMENT, occurred_at=LAST_MOMENT)
        )

    def test_is_refused_when_the_deadline_has_ended(self) -> None:
        """Source: architecture.md: receipt is the time at the edge."""
        refused = (
            spec.given(*COMPLETE)
            .when(submit(at=end_of(DEADLINE)))
            .then_refused(DeadlinePassedError)
        )
        assert refused.context["deadline"] == "2026-03-31"

    @pytest.mark.parametrize(
        ("deadline", "ended"),
        [
            (date(2026, 3, 28), datetime(2026, 3, 29, 0, tzinfo=UTC)),
            (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),
            (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
            (date(2026, 10, 25), datetime(2026, 10, 26, 0, tzinfo=UTC)),
        ],
        ids=["before March", "23 hours", "before October", "25 hours"],
    )
    def test_is_refused_by_one_second_also_when_the_clocks_change(
        self, deadline: date, ended: datetime
    ) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London, exclusive."""
        second = timedelta(seconds=1)
        in_time = submit(cohort_deadline=deadline, at=ended - second)
        spec.given(*COMPLETE).when(in_time).then(
            submitted(
                submitted_at=ended - second,
                occurred_at=ended - second,
                review_opens_at=ended,
            )
        )
        for late in (ended, ended + second):
            refused = (
                spec.given(*COMPLETE)
                .when(submit(cohort_deadline=deadline, at=late))
                .then_refused(DeadlinePassedError)
            )
            assert refused.context == {
                "deadline": deadline.isoformat(),
                "ended_at": ended.isoformat(),
            }

    def test_is_accepted_on_the_case_s_own_later_deadline(self) -> None:
        """Source: S2 3.1.1, S2 4.4: the extension does not delay the cohort's review.

        14 April 2026 ends at 23:00 UTC.
        """
        last = datetime(2026, 4, 14, 22, 59, 59, tzinfo=UTC)
        spec.given(*COMPLETE, extended()).when(submit(at=last)).then(
            submitted(submitted_at=last, occurred_at=last)
        )

    def test_is_refused_after_the_case_s_own_deadline(self) -> None:
        """Source: S2 3.1.1."""
        late = end_of(date(2026, 4, 14))
        spec.given(*COMPLETE, extended()).when(submit(at=late)).then_refused(
            DeadlinePassedError
        )

    def test_follows_a_cohort_that_moved(self) -> None:
        """Source: P: a cohort's new deadline counts for cases without their own."""
        moved = date(2026, 4, 10)
        at = end_of(moved) - timedelta(seconds=1)
        spec.given(*COMPLETE).when(submit(cohort_deadline=moved, at=at)).then(
            submitted(submitted_at=at, occurred_at=at, review_opens_at=end_of(moved))
        )

    def test_follows_a_cohort_that_moved_beyond_the_extension(self) -> None:
        """Source: P: the later of the two deadlines counts."""
        moved = date(2026, 5, 8)
        at = end_of(moved) - timedelta(seconds=1)
        spec.given(*COMPLETE, extended()).when(
            submit(cohort_deadline=moved, at=at)
        ).then(
            submitted(submitted_at=at, occurred_at=at, review_opens_at=end_of(moved))
        )

    def test_says_when_an_adjustment_moved_the_clock(self) -> None:
        """Source: moderation.md 3: adjustment cases are always moderated."""
        spec.given(*COMPLETE, extended(reason="reasonable_adjustment")).when(
            submit()
        ).then(submitted(adjusted=True))

    def test_changes_nothing_with_the_same_snapshot(self) -> None:
        """Source: S2 6.2.1: one submission an attempt; a repeat is harmless."""
        late = end_of(DEADLINE)
        spec.given(*COMPLETE, submitted()).when(submit(at=late)).then_nothing()

    def test_refuses_another_snapshot(self) -> None:
        """Source: S2 6.2.1: one submission an attempt."""
        spec.given(*COMPLETE, submitted()).when(
            submit(snapshot_sha256=OTHER_PORTFOLIO)
        ).then_refused(AlreadySubmittedError)

    def test_refuses_missing_and_empty_sections_by_name(self) -> None:
        """Source: domain.md section 2: the template says what is required."""
        refused = (
            spec.given(enrolled(), saved(words=0))
            .when(submit())
            .then_refused(PortfolioIncompleteError)
        )
        assert "“Introduction”, “Final action plan”" in str(refused)
        assert refused.context["missing"] == ["introduction", "action-plan"]

    def test_counts_a_picture_as_content(self) -> None:
        """Source: P: a scanned page is evidence too."""
        spec.given(
            enrolled(), saved(words=0, pictures=1), saved(key="action-plan")
        ).when(submit()).then(submitted())

    def test_refuses_a_case_that_does_not_exist(self) -> None:
        spec.given().when(submit()).then_refused(NotEnrolledError)
