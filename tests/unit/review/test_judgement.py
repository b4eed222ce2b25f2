"""Three criteria, evidence, feedback, and the outcome by rule."""

from itertools import product

import pytest

from services.review.domain.decide import AlreadyCompletedError, review
from services.review.domain.events import ReviewEvent
from services.review.domain.judgement import (
    BorderlineOnlyForCMError,
    EvidenceMissingError,
    FeedbackMissingError,
    FeedbackOutdatedError,
    ModificationMissingError,
    NotAllJudgedError,
    RationaleMissingError,
)
from services.review.domain.situations import Waiting
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    MODIFICATION,
    PASSAGE,
    SAM,
    Write,
    all_judged,
    claimed,
    complete,
    completed,
    draft,
    drafted,
    holder,
    judge,
    judged,
    released,
    reopened,
    requested,
    sealed,
)

spec = Scenario(review)
HELD = (requested(), claimed())


class TestJudgeCriterion:
    def test_keeps_level_rationale_and_evidence(self) -> None:
        """Source: domain.md section 2 (P)."""
        spec.given(*HELD).when(judge()).then(judged())

    def test_keeps_every_version_when_judged_again(self) -> None:
        """Source: moderation.md: saving again never loses an earlier version."""
        spec.given(*HELD, judged()).when(judge(level=4)).then(judged(level=4))
        state = spec.state(*HELD, judged(), judged(level=4))
        assert isinstance(state, Waiting)
        assert state.draft_of("rita").judgements["authenticity"].level == 4

    def test_refuses_a_judgement_without_a_rationale(self) -> None:
        """Source: domain.md section 2: each judgement needs a rationale."""
        spec.given(*HELD).when(judge(rationale=None)).then_refused(
            RationaleMissingError
        )

    def test_refuses_a_judgement_without_evidence(self) -> None:
        """Source: domain.md section 2: at least one evidence reference."""
        spec.given(*HELD).when(judge(evidence=())).then_refused(EvidenceMissingError)

    @pytest.mark.parametrize("level", [1, 2])
    def test_refuses_a_low_level_without_a_required_modification(
        self, level: int
    ) -> None:
        """Source: domain.md section 2: each criterion below 3 needs one."""
        spec.given(*HELD).when(judge(level=level)).then_refused(
            ModificationMissingError
        )

    @pytest.mark.parametrize("level", [1, 2])
    def test_accepts_a_low_level_that_says_what_must_change(self, level: int) -> None:
        """Source: domain.md section 2; S0: which aspects need to be improved."""
        spec.given(*HELD).when(judge(level=level, modifications=(MODIFICATION,))).then(
            judged(level=level, modifications=(MODIFICATION,))
        )


class TestDraftFeedback:
    def test_keeps_what_was_written(self) -> None:
        """Source: S1: a CM gets written feedback too."""
        spec.given(*HELD).when(draft()).then(drafted())


class TestCompleteReview:
    @pytest.mark.parametrize("levels", list(product((1, 2, 3, 4), repeat=3)))
    def test_is_cm_only_if_all_three_are_three_or_four(
        self, levels: tuple[int, int, int]
    ) -> None:
        """Source: domain.md section 2 (P): any 1 or 2 is CNM."""
        expected = "CM" if min(levels) >= 3 else "CNM"
        keys = ("authenticity", "sufficiency", "reliability")
        spec.given(*HELD, *all_judged(*levels), drafted()).when(complete()).then(
            completed(levels=dict(zip(keys, levels, strict=True)), outcome=expected)
        )

    def test_notes_a_borderline_cm(self) -> None:
        """Source: domain.md section 2: borderline when the reviewer says so."""
        spec.given(*HELD, *all_judged(), drafted()).when(
            complete(borderline=True)
        ).then(completed(borderline=True))

    def test_refuses_a_borderline_cnm(self) -> None:
        """Source: domain.md section 2: a CM is borderline."""
        spec.given(*HELD, *all_judged(sufficiency=2), drafted()).when(
            complete(borderline=True)
        ).then_refused(BorderlineOnlyForCMError)

    def test_refuses_while_a_criterion_is_not_judged_and_names_it(self) -> None:
        """Source: S1: the same three criteria."""
        refused = (
            spec.given(*HELD, *all_judged()[:2], drafted())
            .when(complete())
            .then_refused(NotAllJudgedError)
        )
        assert refused.context["missing"] == ("reliability",)

    def test_refuses_without_feedback(self) -> None:
        """Source: S1: a CM gets written feedback too."""
        spec.given(*HELD, *all_judged()).when(complete()).then_refused(
            FeedbackMissingError
        )

    def test_counts_the_last_judgement_of_each_criterion(self) -> None:
        """Source: moderation.md: saving again never loses an earlier version."""
        spec.given(
            *HELD,
            *all_judged(reliability=1),
            judged(criterion="reliability"),
            drafted(),
        ).when(complete()).then(completed())

    @pytest.mark.parametrize(
        ("later", "named"),
        [
            (all_judged(2, 3, 4), ("authenticity", "reliability")),
            (all_judged(2, 3, 4, token=2), ("authenticity", "reliability")),
            ((*all_judged(1), *all_judged(2)), ("authenticity",)),
        ],
    )
    def test_refuses_feedback_on_other_levels_and_names_them(
        self, later: tuple[ReviewEvent, ...], named: tuple[str, ...]
    ) -> None:
        """Source: S0: feedback says what is met and what is to be improved."""
        history = (*HELD, *all_judged(), drafted(), *later)
        refused = (
            spec.given(*history).when(complete()).then_refused(FeedbackOutdatedError)
        )
        assert refused.context["changed"] == named
        assert all(each in str(refused) for each in named)
        levels = {each.criterion: each.level for each in later[-3:]}  # type: ignore[union-attr]
        spec.given(*history, drafted()).when(complete()).then(
            completed(levels=levels, outcome="CNM")
        )

    def test_refuses_feedback_from_before_a_criterion_was_judged(self) -> None:
        *first, last = all_judged(reliability=1)
        history = (*HELD, *first, drafted(), last)
        refused = (
            spec.given(*history).when(complete()).then_refused(FeedbackOutdatedError)
        )
        assert refused.context["changed"] == ("reliability",)

    @pytest.mark.parametrize(
        "later",
        [
            (judged(rationale=sealed("rationale"), evidence=(PASSAGE, PASSAGE)),),
            (judged(level=4), judged()),
        ],
        ids=["other evidence", "back again"],
    )
    def test_keeps_feedback_on_the_same_levels(
        self, later: tuple[ReviewEvent, ...]
    ) -> None:
        """Source: moderation.md: saving again never loses an earlier version."""
        spec.given(*HELD, *all_judged(), drafted(), *later).when(complete()).then(
            completed()
        )

    def test_asks_for_feedback_anew_when_a_returned_judgement_changes(self) -> None:
        """Source: moderation.md 5: a return is judged again by the same reviewer."""
        returned = (*HELD, *all_judged(2), drafted(), completed(), reopened())
        held = (*returned, claimed(token=2))
        again = complete(by=holder(token=2))
        spec.given(*held, judged(token=2)).when(again).then_refused(
            FeedbackOutdatedError
        )

    def test_never_counts_another_reviewer_s_draft(self) -> None:
        """Source: domain.md section 1: marks are each reviewer's own."""
        spec.given(
            *HELD, *all_judged(), drafted(), released(), claimed("sam", token=2)
        ).when(complete(by=holder(SAM, token=2))).then_refused(NotAllJudgedError)

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(*HELD, *all_judged(), drafted(), completed()).when(
            complete()
        ).then_nothing()

    def test_refuses_to_complete_again_differently(self) -> None:
        """Source: architecture.md: a fact is never changed."""
        spec.given(*HELD, *all_judged(), drafted(), completed()).when(
            complete(borderline=True)
        ).then_refused(AlreadyCompletedError)

    @pytest.mark.parametrize("write", [judge, draft])
    def test_ends_all_writing(self, write: Write) -> None:
        spec.given(*HELD, *all_judged(), drafted(), completed()).when(
            write()
        ).then_refused(AlreadyCompletedError)
