"""Three who ask why, and appeal: a panel upholds two, and dismisses the other."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from services.cli.client import Client
from services.cli.demo import cast
from services.cli.demo.judging import Levels, Work
from services.cli.demo.moderating import moderate_all
from services.cli.demo.resubmitting import SECOND, in_state, number_of
from services.cli.demo.reviewing import review_all
from services.cli.demo.stage import COHORT, Stage, until

GROUND = "evidence-overlooked"


def appeal_at_once(stage: Stage) -> str:
    """Ask why after a first decision, and appeal; a panel sends it back."""
    (row,) = (
        row
        for row in in_state(stage, "resubmission")
        if number_of(stage, row) == cast.HEARD_AT_ONCE
    )
    _, appeal_id = _ask(stage, row, attempt=1)
    _explain(stage, appeal_id)
    told = _hear(stage, row)
    judge_anew(stage, [row["case_id"]], cast.met_level)
    stage.wait_for_fact("submission.ResubmissionClosed", "case")
    return f"{told}; a fresh review changes the outcome, and a second attempt is closed"


def ask_why(stage: Stage) -> str:
    """Ask for an explanation; meanwhile the clocks of one case stand still."""
    asked = [_ask(stage, row, attempt=SECOND) for row in _unsuccessful(stage)]
    case_id, _ = asked[0]
    path = f"/operations/cases/{case_id}/holds"
    hold = stage.office.post(path, {"reason": "participant_circumstances"})
    stage.wait_for_fact("appeals.ClockStopped", "appeal")
    stage.office.post(f"{path}/{hold['hold_id']}/lift")
    stage.wait_for_fact("appeals.ClockRestarted", "appeal")
    for _, appeal_id in asked:
        _explain(stage, appeal_id)
    return f"{len(asked)} decisions explained; on a hold a clock stands still"


def appeal(stage: Stage) -> str:
    """Appeal against each; three people with no part in it hear it."""
    told = Counter(_hear(stage, row) for row in _unsuccessful(stage))
    counted = ", ".join(f"{count} {each}" for each, count in sorted(told.items()))
    return f"{told.total()} heard by people with no part in the case: {counted}"


def judge_afresh(stage: Stage) -> str:
    """Judge anew what the panel sent back, by people with no part in it."""
    upheld = {cast.REVISED, cast.CONFIRMED}
    again = [row for row in _unsuccessful(stage) if number_of(stage, row) in upheld]
    judge_anew(stage, [row["case_id"] for row in again], cast.fresh_level)

    def is_revised() -> bool:
        met = {number_of(stage, row) for row in in_state(stage, "criteria_met")}
        return cast.REVISED in met

    until(is_revised, "the revised outcome to reach the case")
    return f"{len(again)} by others than before: 1 outcome changed, 1 confirmed"


def judge_anew(stage: Stage, cases: Sequence[str], levels: Levels) -> None:
    """Let people with no part in the cases judge them; return when that is told."""
    work = Work(
        cohort=COHORT,
        cases=tuple(cases),
        reviewer=levels,
        moderator=levels,
        second_moderator=levels,
        is_sampled=False,
    )
    review_all(stage, work)
    stage.pass_recalls()
    _wait_until_moderated(stage, work)
    moderate_all(stage, work)
    stage.wait_for_letters_about("outcome-confirmed", work.cases)


def _unsuccessful(stage: Stage) -> list[dict[str, Any]]:
    """Return those whose criteria were not met in both attempts."""
    found: list[dict[str, Any]] = []

    def both_told() -> bool:
        rows = in_state(stage, "restart_required")
        found[:] = [row for row in rows if row["attempt"] == SECOND]
        return {number_of(stage, row) for row in found} == cast.APPELLANTS

    until(both_told, "a restart for those whose criteria were not met again")
    return sorted(found, key=lambda row: number_of(stage, row))


def _ask(stage: Stage, row: dict[str, Any], *, attempt: int) -> tuple[str, str]:
    """Ask why, as soon as the decision can be explained; return case and appeal."""
    who, case_id = stage.participant(row["person_id"]), str(row["case_id"])
    until(lambda: _is_open(who, case_id, attempt), "a decision to be open to questions")
    question = {"question": "Which accounts of colleagues were weighed, and how?"}
    answer = who.post(f"/appeals/cases/{case_id}/explanations", question)
    return case_id, str(answer["appeal_id"])


def _explain(stage: Stage, appeal_id: str) -> None:
    words = {"explanation": "The same two accounts of colleagues were handed in."}
    stage.office.post(f"/appeals/office/appeals/{appeal_id}/explanation", words)


def _is_open(who: Client, case_id: str, attempt: int) -> bool:
    decisions = who.get(f"/appeals/cases/{case_id}")["decisions"]
    return any(
        each["is_open"] and each["decision"]["number"] == attempt for each in decisions
    )


def _hear(stage: Stage, row: dict[str, Any]) -> str:
    who = stage.participant(row["person_id"])
    own = [
        each["appeal_id"]
        for each in who.pages("/appeals/appeals")
        if each["case_id"] == row["case_id"]
    ]
    appeal_id = own[-1]
    statement = "Four colleagues' accounts in section three are not mentioned."
    lodged = {"grounds": [GROUND], "statement": statement}
    who.post(f"/appeals/appeals/{appeal_id}/lodge", lodged)
    panel = {"members": list(cast.APPEAL_PANEL)}
    stage.office.post(f"/appeals/office/appeals/{appeal_id}/panel", panel)
    is_upheld = number_of(stage, row) != cast.DISMISSED
    return _decide(stage, appeal_id, is_upheld=is_upheld)


def _decide(
    stage: Stage, appeal_id: str, *, is_upheld: bool
) -> Literal["upheld", "dismissed"]:
    speaker = stage.player(cast.APPEAL_PANEL[0], "appeal_panel")
    decision: Literal["upheld", "dismissed"] = "upheld" if is_upheld else "dismissed"
    words = {
        "decision": decision,
        "remedy": "fresh_review" if is_upheld else None,
        "reasons": "The panel read the portfolio and both explanations.",
    }
    speaker.post(f"/appeals/hearings/{appeal_id}/decision", words)
    return decision


def _wait_until_moderated(stage: Stage, work: Work) -> None:
    moderators = [stage.player(person, "moderator") for person in cast.MODERATORS]

    def somebody_can() -> bool:
        queues = [each.pages("/moderation/queue") for each in moderators]
        waiting = {item["case_id"] for queue in queues for item in queue}
        return set(work.cases) <= waiting

    until(somebody_can, "the fresh judgement to come to moderation")
