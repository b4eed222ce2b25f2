"""What is decided, returned, withdrawn, and judged afresh after an appeal."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from services.moderation.domain.commands import (
    Colleague,
    DecideCase,
    HandBackCase,
    OpenCase,
    RejudgeCase,
    ReleaseOutcome,
    TakeCase,
    WantFreshReview,
    WithdrawCase,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.deciding import Given
from services.moderation.domain.decisions import (
    Amend,
    DecisionWords,
    FeedbackAmended,
    Rejudged,
    Return,
    ReturnOrdered,
)
from services.moderation.domain.events import OpeningSetAside
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    FreshReviewPostponed,
    FreshReviewSetAside,
    FreshReviewWanted,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    AlreadyReturnedError,
    CaseWithdrawnError,
    LevelsChangedError,
    LevelsIncompleteError,
    NotALeadError,
    NotIndependentError,
    NotOpenError,
    NotReferredError,
    NotSettledError,
)
from services.moderation.domain.situations import Released, Withdrawn, waits_for
from services.moderation.domain.standing.evolve import Standing
from shared.vocabulary import CriterionKey, Outcome
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    LATER,
    LEAD,
    MODERATOR,
    NOW,
    OTHER_TOKEN,
    REFERRED,
    SECOND,
    TOKEN,
    blind,
    colleague,
    comparison,
    disputed,
    judged,
    moderation_result,
    opened,
    referred,
    sealed,
    taken,
)
from tests.unit.moderation.test_case import OVERTURNED, overturn, record, upheld, uphold

CASE = Scenario(moderation)
OTHER_LEAD = colleague("p-lead2", "lead_moderator")
AGREED = (
    opened(),
    taken(),
    blind(CM_LEVELS),
    comparison(CM_LEVELS, CM_LEVELS),
    upheld("agreement"),
)
WORDS: TypeAdapter[Any] = TypeAdapter(DecisionWords)


def amend(
    by: Colleague = LEAD, levels: dict[CriterionKey, int] = CM_LEVELS
) -> DecideCase:
    given = Given(
        decided_by=by.person_id,
        levels=levels,
        reason=sealed("reason"),
        feedback=sealed("better feedback"),
        occurred_at=NOW,
    )
    return DecideCase(by=by, asked=Amend, given=given)


def amended(by: str = "p-lead") -> FeedbackAmended:
    return FeedbackAmended(
        decided_by=by,
        reason=sealed("reason"),
        feedback=sealed("better feedback"),
        occurred_at=NOW,
    )


class TestAmendFeedback:
    """Source: moderation.md 5: amend feedback only."""

    def test_is_a_decision_of_the_lead(self) -> None:
        CASE.given(*referred()).when(amend()).then(amended())
        CASE.given(*referred(), amended()).when(amend()).then_nothing()

    @pytest.mark.parametrize("by", [LEAD, MODERATOR])
    def test_may_follow_an_agreement_until_the_release(self, by: Colleague) -> None:
        """Source: domain.md section 1: the moderator decides: amend feedback."""
        CASE.given(*AGREED).when(amend(by)).then(amended(by.person_id))

    def test_is_what_the_participant_reads(self) -> None:
        facts = moderation.decide(RELEASE, CASE.state(*AGREED, amended("p-mod")))
        told = facts[0]
        assert isinstance(told, OutcomeReleased)
        assert (told.outcome, told.feedback) == ("CM", sealed("better feedback"))
        assert told.took_part == ("p-rev", "p-mod")
        assert facts[1:] == (moderation_result("amended"),)

    def test_keeps_the_reviewer_s_levels(self) -> None:
        other: dict[CriterionKey, int] = {**CM_LEVELS, "reliability": 4}
        CASE.given(*referred()).when(amend(levels=other)).then_refused(
            LevelsChangedError
        )
        partial: dict[CriterionKey, int] = dict(CM_LEVELS)
        del partial["reliability"]
        CASE.given(*referred()).when(amend(levels=partial)).then_refused(
            LevelsIncompleteError
        )

    def test_is_refused_to_somebody_who_did_not_judge(self) -> None:
        CASE.given(*AGREED).when(amend(SECOND)).then_refused(NotALeadError)
        CASE.given(*disputed()).when(amend()).then_refused(NotReferredError)

    def test_is_refused_to_a_moderator_who_is_the_mentor_now(self) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        standing = Standing(
            frozenset({"moderator"}), "o-elsewhere", frozenset({"p-ana"})
        )
        mentor = Colleague(person_id="p-mod", standing=standing)
        CASE.given(*AGREED).when(amend(mentor)).then_refused(NotIndependentError)

    def test_is_refused_after_another_decision(self) -> None:
        for history in (
            (*referred(), OVERTURNED),
            (*referred(), upheld("lead")),
            (*AGREED, amended("p-mod")),
        ):
            CASE.given(*history).when(amend()).then_refused(AlreadyDecidedError)
        CASE.given(*referred(), amended()).when(overturn()).then_refused(
            AlreadyDecidedError
        )


RETURN_DUE_AT = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)


def order(by: Colleague = LEAD) -> DecideCase:
    given = Given(
        decided_by=by.person_id,
        reason=sealed("reason"),
        other_work="not_widened",
        other_work_reason=sealed("one slip"),
        due_at=RETURN_DUE_AT,
        occurred_at=NOW,
    )
    return DecideCase(by=by, asked=Return, given=given)


ORDERED = ReturnOrdered(
    case_id="c1",
    attempt=1,
    review_id="c1.1.1",
    reviewer_id="p-rev",
    decided_by="p-lead",
    reason=sealed("reason"),
    due_at=RETURN_DUE_AT,
    other_work="not_widened",
    other_work_reason=sealed("one slip"),
    occurred_at=NOW,
)
RETURNED = (*referred(), ORDERED, moderation_result("returned"))


def again(levels: dict[CriterionKey, int], **changes: Any) -> JudgedCase:
    new = {"judgement_id": UUID(int=77), **changes}
    return judged(levels=levels).model_copy(update=new)


def rejudge(levels: dict[CriterionKey, int], **changes: Any) -> RejudgeCase:
    return RejudgeCase(judged=again(levels, **changes), at=NOW)


class TestOrderReturn:
    """Source: moderation.md 5: return to reviewer."""

    def test_goes_to_the_reviewer_who_knows_it_at_once(self) -> None:
        CASE.given(*referred()).when(order()).then(
            ORDERED, moderation_result("returned")
        )
        CASE.given(*RETURNED).when(order()).then_nothing()

    def test_lets_nobody_decide_until_it_comes_back(self) -> None:
        for command in (uphold(), overturn(), amend(), order(OTHER_LEAD)):
            CASE.given(*RETURNED).when(command).then_refused(NotReferredError)
        take = TakeCase(by=SECOND, token=TOKEN, expires_at=LATER, at=NOW)
        CASE.given(*RETURNED).when(take).then_refused(NotOpenError)
        CASE.given(*RETURNED).when(RELEASE).then_refused(NotSettledError)

    def test_stands_when_the_majority_agrees_with_the_new_judgement(self) -> None:
        """Source: moderation.md 4: majority."""
        back = Rejudged(judged=again(CNM_LEVELS), occurred_at=NOW)
        CASE.given(*RETURNED).when(rejudge(CNM_LEVELS)).then(back, upheld("majority"))

    def test_goes_to_the_lead_when_nothing_changed(self) -> None:
        back = Rejudged(judged=again(CM_LEVELS), occurred_at=NOW)
        CASE.given(*RETURNED).when(rejudge(CM_LEVELS)).then(back, REFERRED)
        history = (*RETURNED, back, REFERRED)
        CASE.given(*history).when(overturn()).then(OVERTURNED)
        CASE.given(*history).when(order()).then_refused(AlreadyReturnedError)

    def test_tells_the_new_judgement_and_everybody_who_judged(self) -> None:
        new = again(CNM_LEVELS, reviewer_id="p-other", feedback=sealed("new feedback"))
        back = Rejudged(judged=new, occurred_at=NOW)
        state = CASE.state(*RETURNED, back, upheld("majority"))
        told = moderation.decide(RELEASE, state)[0]
        assert isinstance(told, OutcomeReleased)
        assert (told.outcome, told.feedback) == ("CNM", sealed("new feedback"))
        assert told.took_part == ("p-rev", "p-other", "p-mod", "p-mod2", "p-lead")

    def test_takes_no_other_judgement_for_it(self) -> None:
        CASE.given(*RETURNED).when(
            rejudge(CM_LEVELS, review_id="c1.1.2")
        ).then_nothing()
        CASE.given(*referred()).when(rejudge(CM_LEVELS)).then_nothing()
        CASE.given().when(rejudge(CM_LEVELS)).then_nothing()

    def test_is_for_the_lead_alone(self) -> None:
        CASE.given(*referred()).when(order(colleague("p-mod3"))).then_refused(
            NotALeadError
        )


RELEASE = ReleaseOutcome(judged=judged(), at=NOW)
WITHDRAW = WithdrawCase(case_id="c1", attempt=1, withdrawn_at=NOW, at=NOW)
WITHDRAWN = CaseWithdrawn(case_id="c1", attempt=1, withdrawn_at=NOW, occurred_at=NOW)


class TestWithdrawal:
    """Source: domain.md section 4: Withdrawn: nothing more is decided or sent."""

    @pytest.mark.parametrize(
        "history", [(), (opened(), taken()), disputed(), referred(), RETURNED, AGREED]
    )
    def test_lets_nothing_be_released(self, history: tuple[object, ...]) -> None:
        CASE.given(*history).when(WITHDRAW).then(WITHDRAWN)
        CASE.given(*history, WITHDRAWN).when(WITHDRAW).then_nothing()
        CASE.given(*history, WITHDRAWN).when(RELEASE).then_refused(CaseWithdrawnError)

    def test_refuses_the_holder_and_the_lead_clearly(self) -> None:
        held = (opened(), taken(), WITHDRAWN)
        CASE.given(*held).when(record(CM_LEVELS)).then_refused(CaseWithdrawnError)
        back = HandBackCase(by=MODERATOR, token=TOKEN, at=NOW)
        CASE.given(*held).when(back).then_refused(CaseWithdrawnError)
        for command in (uphold(), overturn(), amend(), order()):
            CASE.given(*referred(), WITHDRAWN).when(command).then_refused(
                CaseWithdrawnError
            )

    def test_opens_nothing_that_is_drawn_afterwards(self) -> None:
        """What was drawn stays drawn, and what is drawn later is a fact."""
        command = OpenCase(judged=judged(), criterion_gap=2, at=NOW)
        aside = OpeningSetAside(judgement_id=judged().judgement_id, occurred_at=NOW)
        CASE.given(WITHDRAWN).when(command).then(aside)

    def test_keeps_what_was_judged(self) -> None:
        state = CASE.state(*AGREED, WITHDRAWN)
        assert isinstance(state, Withdrawn)
        assert state.before == CASE.state(*AGREED)


def told(outcome: Outcome = "CM") -> OutcomeReleased:
    return OutcomeReleased(
        case_id="c1",
        cohort_id="ats-2025-10",
        attempt=1,
        participant_id="p-ana",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        outcome=outcome,
        feedback=sealed("feedback of the reviewer"),
        took_part=("p-rev",),
        occurred_at=NOW,
    )


def want(appeal_id: str = "a1") -> WantFreshReview:
    return WantFreshReview(
        case_id="c1",
        attempt=1,
        appeal_id=appeal_id,
        excluded=("p-panel", "p-rev"),
        at=NOW,
    )


def wanted(appeal_id: str = "a1", number: int = 2, *more: str) -> FreshReviewWanted:
    return FreshReviewWanted(
        case_id="c1",
        attempt=1,
        appeal_id=appeal_id,
        number=number,
        excluded=("p-rev", *more, "p-panel"),
        occurred_at=NOW,
    )


FRESH = judged().model_copy(
    update={
        "judgement_id": UUID(int=88),
        "review_id": "c1.1.2",
        "reviewer_id": "p-fresh",
        "feedback": sealed("fresh feedback"),
    }
)
REOPENED = opened().model_copy(
    update={"judged": FRESH, "excluded": ("p-rev", "p-panel")}
)
POSTPONED = FreshReviewPostponed(
    case_id="c1",
    attempt=1,
    appeal_id="a1",
    excluded=("p-panel", "p-rev"),
    occurred_at=NOW,
)
JUDGED_AFRESH = (told("CNM"), wanted(), REOPENED)
REVISED = OutcomeRevised(
    **{
        **dict(told("CM")),
        "type": "moderation.OutcomeRevised",
        "feedback": sealed("fresh feedback"),
        "took_part": ("p-rev", "p-fresh", "p-mod"),
        "replaces": "CNM",
        "appeal_id": "a1",
        "review_id": "c1.1.2",
    }
)
FRESH_RESULT = moderation_result("upheld", "c1.1.2").model_copy(
    update={"reviewer_id": "p-fresh"}
)


class TestFreshReview:
    """Source: domain.md sections 1 and 3: an appeal that is upheld."""

    def test_is_wanted_of_people_with_no_part(self) -> None:
        CASE.given(told()).when(want()).then(wanted())
        CASE.given(told(), wanted()).when(want()).then_nothing()

    def test_is_set_aside_of_what_was_never_told(self) -> None:
        aside = FreshReviewSetAside(
            case_id="c1", attempt=1, appeal_id="a1", occurred_at=NOW
        )
        for history in ((), (opened(),), AGREED, (told(), WITHDRAWN)):
            CASE.given(*history).when(want()).then(aside)
        other = aside.model_copy(update={"appeal_id": "a2"})
        CASE.given(told(), wanted()).when(want("a2")).then(other)

    def test_waits_for_one_that_runs_for_a_conflict_and_comes_once_that_is_told(
        self,
    ) -> None:
        """An appeal that was upheld is never lost, nor who sat on its panel."""
        named = {"appeal_id": "conflict-c1.1.1", "because": "conflict"}
        conflict = wanted().model_copy(update={**named, "excluded": ("p-rev",)})
        running = (told("CNM"), conflict)
        opened_for_it = REOPENED.model_copy(update={"excluded": ("p-rev",)})
        for history in (running, (*running, opened_for_it)):
            CASE.given(*history).when(want()).then(POSTPONED)
            CASE.given(*history, POSTPONED).when(want()).then_nothing()
        early = (*running, POSTPONED, opened_for_it, taken())
        late = (*running, opened_for_it, POSTPONED, taken())
        for held in (early, late):
            facts = moderation.decide(record(CM_LEVELS), CASE.state(*held))
            revised, after = facts[3], facts[5]
            assert isinstance(revised, OutcomeRevised)
            assert (revised.because, revised.review_id) == ("conflict", "c1.1.2")
            assert after == wanted("a1", 3, "p-fresh", "p-mod")
            state = CASE.state(*held, *facts)
            assert waits_for(state, "c1.1.3")

    def test_is_always_moderated(self) -> None:
        command = OpenCase(judged=FRESH, criterion_gap=2, at=NOW)
        CASE.given(told(), wanted()).when(command).then(REOPENED)

    def test_takes_no_other_judgement_for_it(self) -> None:
        other = FRESH.model_copy(update={"review_id": "c1.1.3"})
        command = OpenCase(judged=other, criterion_gap=2, at=NOW)
        aside = OpeningSetAside(judgement_id=other.judgement_id, occurred_at=NOW)
        CASE.given(told(), wanted()).when(command).then(aside)

    @pytest.mark.parametrize("person_id", ["p-rev", "p-panel", "p-fresh"])
    def test_is_confirmed_by_somebody_with_no_part(self, person_id: str) -> None:
        by = colleague(person_id)
        take = TakeCase(by=by, token=TOKEN, expires_at=LATER, at=NOW)
        CASE.given(*JUDGED_AFRESH).when(take).then_refused(NotIndependentError)

    def test_is_told_as_soon_as_it_is_confirmed(self) -> None:
        CASE.given(*JUDGED_AFRESH, taken()).when(record(CM_LEVELS)).then(
            blind(CM_LEVELS),
            comparison(CM_LEVELS, CM_LEVELS),
            upheld("agreement"),
            REVISED,
            FRESH_RESULT,
        )

    def test_is_told_also_when_the_outcome_stays(self) -> None:
        """The participant is owed an answer to an appeal that was upheld (P)."""
        same = REVISED.model_copy(update={"replaces": "CM"})
        history = (told("CM"), wanted(), REOPENED, taken())
        facts = moderation.decide(record(CM_LEVELS), CASE.state(*history))
        assert facts[3] == same

    def test_is_not_released_with_the_cohort_again(self) -> None:
        for history in (
            (told(), wanted()),
            JUDGED_AFRESH,
            (*JUDGED_AFRESH, taken(), blind(CM_LEVELS), upheld("agreement"), REVISED),
        ):
            CASE.given(*history).when(RELEASE).then_nothing()

    def test_counts_everybody_when_it_is_appealed_again(self) -> None:
        history = (*JUDGED_AFRESH, taken(), blind(CM_LEVELS), upheld("agreement"))
        state = CASE.state(*history, REVISED)
        assert isinstance(state, Released)
        assert state.appeals == ("a1",)
        CASE.given(*history, REVISED).when(want()).then_nothing()
        CASE.given(*history, REVISED).when(want("a2")).then(
            wanted("a2", 3, "p-fresh", "p-mod")
        )

    def test_ends_with_the_lead_when_both_moderators_differ(self) -> None:
        history = (
            *JUDGED_AFRESH,
            taken(),
            blind(CNM_LEVELS),
            comparison(CM_LEVELS, CNM_LEVELS),
            disputed()[-1],
            taken(SECOND, OTHER_TOKEN),
            blind(CNM_LEVELS, SECOND, OTHER_TOKEN, number=2),
            comparison(CM_LEVELS, CNM_LEVELS, number=2),
            REFERRED,
        )
        facts = moderation.decide(overturn(), CASE.state(*history))
        assert facts[0] == OVERTURNED
        revised = facts[1]
        assert isinstance(revised, OutcomeRevised)
        assert (revised.outcome, revised.replaces) == ("CNM", "CNM")
        assert revised.took_part == ("p-rev", "p-fresh", "p-mod", "p-mod2", "p-lead")
        refused = replace(overturn(), by=colleague("p-panel", "lead_moderator"))
        CASE.given(*history).when(refused).then_refused(NotIndependentError)


class TestReason:
    """Source: moderation.md 4 and 5: a written reason."""

    @pytest.mark.parametrize("reason", ["", " ", None])
    @pytest.mark.parametrize("decision", ["uphold", "return"])
    def test_is_never_missing(self, decision: str, reason: str | None) -> None:
        with pytest.raises(ValidationError, match="reason"):
            WORDS.validate_python({"decision": decision, "reason": reason})

    @pytest.mark.parametrize("decision", ["amend", "overturn", "return"])
    def test_is_not_all_that_a_change_needs(self, decision: str) -> None:
        with pytest.raises(ValidationError, match="Field required"):
            WORDS.validate_python({"decision": decision, "reason": "Because."})
