"""What must hold when the demonstration is over, looked at from outside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.demo.stage import Stage, tells_a_decision
from services.cli.upkeep import examine

UNDECIDED = frozenset({"enrolled", "open", "submitted"})
"""States of a case whose portfolio nobody has judged."""
UNFINISHED = UNDECIDED | {"resubmission", "criteria_met"}
"""States in which something still has to happen before the whole life is over."""
ENDS = frozenset({"awarded", "refused", "restart_required", "withdrawn"})
"""How a case of the whole life ends: each way at least once."""
FACTS = (
    "submission.ApplicationReceived", "submission.EligibilityDecided",
    "submission.MentorAppointed", "submission.AdjustmentAgreed",
    "submission.QueryAnswered", "submission.SectionSaved",
    "submission.SelfRatingRecorded", "submission.EvidenceAttached",
    "submission.FeedbackRequested", "submission.FeedbackReceived",
    "submission.StatementReceived", "review.ConflictDeclared", "review.FellOverdue",
    "submission.Enrolled", "submission.DeadlineMoved", "submission.Submitted",
    "submission.ResubmissionOpened", "submission.ReminderDue",
    "submission.ResubmissionLapsed", "submission.RestartRequired",
    "submission.FeePaid", "submission.RestartRevoked", "submission.Withdrawn",
    "submission.AwardNoted", "review.Claimed", "review.CriterionJudged",
    "review.Completed", "review.Closed", "moderation.PlanPublished",
    "moderation.Drawn", "moderation.BlindJudgementRecorded", "moderation.Compared",
    "moderation.Upheld", "moderation.OutcomeReleased", "moderation.OutcomeRevised",
    "viva.Offered", "viva.PanelAppointed", "viva.Booked", "viva.Moved", "viva.Held",
    "viva.PanelDisagreed", "viva.DifferenceSettled", "viva.Passed", "viva.NotPassed",
    "viva.AwardConferred", "appeals.ConversationOffered", "appeals.ConversationBooked",
    "appeals.ConversationHeld", "appeals.ExplanationRequested",
    "appeals.ExplanationGiven", "appeals.Lodged", "appeals.HearingPanelAppointed",
    "appeals.Upheld", "appeals.FreshReviewOrdered", "appeals.Dismissed",
    "operations.HoldPlaced", "operations.HoldLifted",
)  # fmt: skip
"""What happens to somebody in the whole life. Source: domain.md section 3."""


def check_everything(stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield each check: what it is, whether it holds, and what was found."""
    yield _cases_by_state(stage)
    if stage.is_whole and stage.day:
        yield _whole_life(stage)
    yield _letters_exactly_once(stage)
    yield from examine(stage.office)


def _cases_by_state(stage: Stage) -> dict[str, Any]:
    states = Counter(case["state"] for case in stage.played())
    wanted = ENDS if stage.is_whole else frozenset()
    pending = UNFINISHED if stage.is_whole else UNDECIDED
    is_complete = sum(states.values()) == len(stage.numbers)
    is_decided = not states.keys() & pending
    return {
        "check": "cases by state",
        "holds": is_complete and is_decided and (wanted <= states.keys() or not states),
        "found": _counts(states),
    }


def _whole_life(stage: Stage) -> dict[str, Any]:
    """Look for every fact that somebody's life has to bring."""
    events = stage.office.pages("/operations/events", limit=500)
    happened = {event["type"] for event in events}
    missing = [name for name in FACTS if name not in happened]
    return {
        "check": "whole life",
        "holds": not missing,
        "found": ", ".join(missing) or f"{len(FACTS)} kinds of facts, none missing",
    }


def _letters_exactly_once(stage: Stage) -> dict[str, Any]:
    letters = stage.letters()
    told = Counter(each["case_id"] for each in letters if tells_a_decision(each))
    expected = {case["case_id"]: len(case["outcomes"]) for case in stage.played()}
    wrong = [
        f"{each['notice_id']} {each['state']}"
        for each in letters
        if each["state"] not in {"handed_over", "cancelled"}
    ]
    wrong += [
        f"{case} has {told[case]} decisions"
        for case in stage.numbers
        if told[case] != expected.get(case, 1)
    ]
    return {
        "check": "letters exactly once",
        "holds": not wrong,
        "found": ", ".join(wrong)
        or f"{len(letters)} letters, one for each of {told.total()} decisions",
    }


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
