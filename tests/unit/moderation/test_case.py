"""The rules of a drawn case: blind, compared, decided, released."""

from typing import Any
from uuid import UUID

import pytest

from services.moderation.domain.commands import (
    Colleague,
    DecideCase,
    OpenCase,
    RecordBlindJudgement,
    ReleaseOutcome,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.deciding import Given
from services.moderation.domain.decisions import Overturn, Overturned, Upheld, Uphold
from services.moderation.domain.events import OpeningSetAside
from services.moderation.domain.outcomes import OutcomeReleased
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    AlreadyJudgedError,
    EmployerUnknownError,
    EvidenceMissingError,
    LevelsIncompleteError,
    NotALeadError,
    NotAnOverturnError,
    NotIndependentError,
    NotReferredError,
    NotSettledError,
)
from shared.vocabulary import CriterionKey, Outcome
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CALLED,
    CM_LEVELS,
    CNM_LEVELS,
    EVIDENCE,
    LEAD,
    MODERATOR,
    NOW,
    OTHER_TOKEN,
    REFERRED,
    SECOND,
    TOKEN,
    VISIBLE,
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

CASE = Scenario(moderation)


def record(
    levels: dict[CriterionKey, int],
    by: Colleague = MODERATOR,
    token: UUID | None = TOKEN,
    **changes: Any,
) -> RecordBlindJudgement:
    values: dict[str, Any] = {"evidence": EVIDENCE, "rationale": sealed("rationale")}
    return RecordBlindJudgement(
        by=by, token=token, levels=levels, visible=VISIBLE, at=NOW, **values | changes
    )


def upheld(by: str) -> Upheld:
    if by == "lead":
        return Upheld(
            by="lead", decided_by="p-lead", reason=sealed("reason"), occurred_at=NOW
        )
    return Upheld.model_validate({"by": by, "occurred_at": NOW})


OVERTURNED = Overturned(
    decided_by="p-lead",
    levels=CNM_LEVELS,
    outcome="CNM",
    reason=sealed("reason"),
    feedback=sealed("feedback of the lead"),
    other_work="widened",
    other_work_reason=sealed("others may be affected"),
    occurred_at=NOW,
)


def overturn(
    levels: dict[CriterionKey, int] = CNM_LEVELS, by: Colleague = LEAD
) -> DecideCase:
    given = Given(
        decided_by=by.person_id,
        levels=levels,
        reason=sealed("reason"),
        feedback=sealed("feedback of the lead"),
        other_work="widened",
        other_work_reason=sealed("others may be affected"),
        occurred_at=NOW,
    )
    return DecideCase(by=by, asked=Overturn, given=given)


def uphold(by: Colleague = LEAD) -> DecideCase:
    given = Given(decided_by=by.person_id, reason=sealed("reason"), occurred_at=NOW)
    return DecideCase(by=by, asked=Uphold, given=given)


class TestOpenCase:
    def test_opens_what_was_drawn(self) -> None:
        command = OpenCase(judged=judged(), criterion_gap=2, at=NOW)
        CASE.given().when(command).then(opened())
        CASE.given(opened()).when(command).then_nothing()

    def test_keeps_the_first_of_two_drawn_judgements(self) -> None:
        other = judged().model_copy(update={"judgement_id": UUID(int=9)})
        command = OpenCase(judged=other, criterion_gap=2, at=NOW)
        aside = OpeningSetAside(judgement_id=UUID(int=9), occurred_at=NOW)
        CASE.given(opened()).when(command).then(aside)
        CASE.given(opened(), aside).when(command).then_nothing()


class TestRecordBlindJudgement:
    """Source: moderation.md 4; statistics.md section 4, "Ours"."""

    def test_upholds_when_both_agree(self) -> None:
        near: dict[CriterionKey, int] = {**CM_LEVELS, "reliability": 4}
        CASE.given(opened(), taken()).when(record(near)).then(
            blind(near), comparison(CM_LEVELS, near), upheld("agreement")
        )

    @pytest.mark.parametrize(
        ("first", "second"), [(CM_LEVELS, CNM_LEVELS), (CNM_LEVELS, CM_LEVELS)]
    )
    def test_calls_a_second_moderator_when_the_outcome_differs(
        self, first: dict[CriterionKey, int], second: dict[CriterionKey, int]
    ) -> None:
        CASE.given(opened(first), taken()).when(record(second)).then(
            blind(second), comparison(first, second), CALLED
        )

    def test_calls_a_second_moderator_at_a_gap_of_two_on_a_criterion(self) -> None:
        """Source: moderation.md 4 (P)."""
        first: dict[CriterionKey, int] = {**CNM_LEVELS, "reliability": 4}
        second: dict[CriterionKey, int] = {**CNM_LEVELS, "reliability": 2}
        CASE.given(opened(first), taken()).when(record(second)).then(
            blind(second), comparison(first, second), CALLED
        )

    @pytest.mark.parametrize("reviewer", ["CM", "CNM"])
    def test_upholds_by_majority(self, reviewer: Outcome) -> None:
        mine, theirs = (
            (CM_LEVELS, CNM_LEVELS) if reviewer == "CM" else (CNM_LEVELS, CM_LEVELS)
        )
        history = (*disputed(reviewer), taken(SECOND, OTHER_TOKEN))
        CASE.given(*history).when(record(mine, SECOND, OTHER_TOKEN)).then(
            blind(mine, SECOND, OTHER_TOKEN, number=2),
            comparison(mine, mine, number=2),
            upheld("majority"),
        )
        CASE.given(*history).when(record(theirs, SECOND, OTHER_TOKEN)).then(
            blind(theirs, SECOND, OTHER_TOKEN, number=2),
            comparison(mine, theirs, number=2),
            REFERRED,
        )

    def test_does_nothing_twice(self) -> None:
        CASE.given(*disputed()).when(record(CNM_LEVELS)).then_nothing()
        settled = (opened(), taken(), blind(CM_LEVELS), upheld("agreement"))
        CASE.given(*settled).when(record(CM_LEVELS)).then_nothing()

    def test_refuses_a_second_thought(self) -> None:
        """Both originals stay. Source: moderation.md 4."""
        CASE.given(*disputed()).when(record(CM_LEVELS)).then_refused(AlreadyJudgedError)

    def test_refuses_a_criterion_without_level(self) -> None:
        levels = dict(CM_LEVELS)
        del levels["reliability"]
        CASE.given(opened(), taken()).when(record(levels)).then_refused(
            LevelsIncompleteError
        )

    def test_refuses_a_criterion_without_evidence(self) -> None:
        """Source: domain.md section 2, "at least one evidence reference"."""
        refused = (
            CASE.given(opened(), taken())
            .when(record(CM_LEVELS, evidence={**EVIDENCE, "reliability": ()}))
            .then_refused(EvidenceMissingError)
        )
        assert refused.context == {"criteria": ["reliability"]}

    def test_does_not_look_at_the_words(self) -> None:
        """An erased person changes no decision. Source: architecture.md."""
        other = record(CM_LEVELS, rationale=sealed("entirely different"))
        state = CASE.state(opened(), taken())
        mine = moderation.decide(record(CM_LEVELS), state)[1:]
        assert moderation.decide(other, state)[1:] == mine


class TestLeadDecides:
    """Source: moderation.md 4 and 5."""

    def test_upholds_with_a_reason(self) -> None:
        CASE.given(*referred()).when(uphold()).then(upheld("lead"))
        CASE.given(*referred(), upheld("lead")).when(uphold()).then_nothing()

    def test_overturns_with_feedback_and_a_word_on_other_work(self) -> None:
        CASE.given(*referred()).when(overturn()).then(OVERTURNED)
        CASE.given(*referred(), OVERTURNED).when(overturn()).then_nothing()

    def test_refuses_levels_that_overturn_nothing(self) -> None:
        CASE.given(*referred()).when(overturn(CM_LEVELS)).then_refused(
            NotAnOverturnError
        )

    def test_refuses_before_both_moderators_judged(self) -> None:
        CASE.given(*disputed()).when(uphold()).then_refused(NotReferredError)
        CASE.given(opened()).when(overturn()).then_refused(NotReferredError)
        CASE.given().when(uphold()).then_refused(NotReferredError)

    def test_refuses_to_decide_twice(self) -> None:
        CASE.given(*referred(), OVERTURNED).when(uphold()).then_refused(
            AlreadyDecidedError
        )
        CASE.given(*referred(), upheld("lead")).when(overturn()).then_refused(
            AlreadyDecidedError
        )

    def test_refuses_somebody_who_judged_the_case(self) -> None:
        """Source: domain.md section 1."""
        for person_id in ("p-mod", "p-mod2", "p-rev"):
            lead = colleague(person_id, "lead_moderator")
            CASE.given(*referred()).when(uphold(lead)).then_refused(NotIndependentError)
            CASE.given(*referred()).when(overturn(by=lead)).then_refused(
                NotIndependentError
            )

    @pytest.mark.parametrize("person_id", ["p-ana", "p-mentor"])
    def test_refuses_somebody_with_another_part_in_the_case(
        self, person_id: str
    ) -> None:
        """Source: domain.md section 1."""
        lead = colleague(person_id, "lead_moderator")
        CASE.given(*referred()).when(uphold(lead)).then_refused(NotIndependentError)
        CASE.given(*referred()).when(overturn(by=lead)).then_refused(
            NotIndependentError
        )

    def test_refuses_the_participant_s_organisation_and_none(self) -> None:
        """Source: domain.md section 1."""
        for organisation, error in (
            ("o-college", NotIndependentError),
            (None, EmployerUnknownError),
        ):
            lead = colleague("p-lead", "lead_moderator", organisation=organisation)
            CASE.given(*referred()).when(uphold(lead)).then_refused(error)
            CASE.given(*referred()).when(overturn(by=lead)).then_refused(error)

    def test_refuses_a_moderator_who_is_not_a_lead(self) -> None:
        CASE.given(*referred()).when(uphold(colleague("p-mod3"))).then_refused(
            NotALeadError
        )


class TestReleaseOutcome:
    """Source: moderation.md 7; architecture.md, "Identities" (took_part)."""

    COMMAND = ReleaseOutcome(judged=judged(), at=NOW)

    def released(
        self, outcome: Outcome, feedback: str, *took_part: str
    ) -> OutcomeReleased:
        return OutcomeReleased(
            case_id="c1",
            cohort_id="ats-2025-10",
            attempt=1,
            participant_id="p-ana",
            programme="ATS",
            programme_version="2025.1",
            policy_version="2025.1",
            outcome=outcome,
            feedback=sealed(feedback),
            took_part=took_part,
            occurred_at=NOW,
        )

    def test_tells_the_reviewer_s_outcome_of_a_case_that_was_not_drawn(self) -> None:
        fact = self.released("CM", "feedback of the reviewer", "p-rev")
        CASE.given().when(self.COMMAND).then(fact)
        CASE.given(fact).when(self.COMMAND).then_nothing()

    def test_tells_the_overturned_outcome_with_everybody_who_took_part(self) -> None:
        fact = self.released(
            "CNM", "feedback of the lead", "p-rev", "p-mod", "p-mod2", "p-lead"
        )
        CASE.given(*referred(), OVERTURNED).when(self.COMMAND).then(
            fact, moderation_result("overturned")
        )
        CASE.given(*referred(), OVERTURNED, fact).when(self.COMMAND).then_nothing()

    def test_refuses_a_case_that_is_not_decided(self) -> None:
        for history in ((opened(),), disputed(), referred()):
            CASE.given(*history).when(self.COMMAND).then_refused(NotSettledError)
