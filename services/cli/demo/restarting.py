"""A second attempt that was missed, or a viva not passed twice: beginning anew."""

from typing import Any

from services.cli.demo import cast
from services.cli.demo.building import hand_in_built
from services.cli.demo.handing_in import hand_in
from services.cli.demo.judging import Work
from services.cli.demo.moderating import moderate_all
from services.cli.demo.office import publish_plan_of, release_round
from services.cli.demo.resubmitting import in_state, number_of
from services.cli.demo.reviewing import review_all
from services.cli.demo.seeding import rules_with_seeds
from services.cli.demo.stage import NEXT_COHORT, NEXT_DEADLINE, Stage, until

FEE_PENCE = 15_000
"""Source: the programme's policy."""
AFTER_WINDOWS = 76
"""A day on which every second attempt is over."""
REMINDED_DAYS_LEFT = 3
"""At most 14 also for somebody with ten more days. Source: domain.md section 3 (P)."""
ANEW = 100
"""Added to a participant's number in a later cohort: another portfolio."""


def begin_anew(stage: Stage) -> str:
    """Let a window lapse; fees are paid, and the next cohort begins for them."""
    stage.go_to_day(AFTER_WINDOWS)
    wanted = {cast.RESTARTED, cast.NOT_PASSED_TWICE}
    found: list[dict[str, Any]] = []

    def all_required() -> bool:
        rows = in_state(stage, "restart_required")
        found[:] = [row for row in rows if number_of(stage, row) in wanted]
        return len(found) == len(wanted)

    until(all_required, "restarts after a missed window and two vivas")
    for row in found:
        path = f"/submission/cases/{row['case_id']}"
        stage.office.post(f"{path}/fee", {"amount_pence": FEE_PENCE})
        who = stage.participant(row["person_id"])
        anew = who.post(f"{path}/restart", {"cohort_id": NEXT_COHORT})
        stage.numbers[anew["case_id"]] = number_of(stage, row) + ANEW
    return f"{len(found)} fees paid, {len(found)} begun anew in the next cohort"


def hand_in_next(stage: Stage) -> str:
    """Remind those of the next cohort, and let them hand in, one on more days."""
    publish_plan_of(stage, NEXT_COHORT, "ATS", rules_with_seeds(stage))
    stage.go_to_day(NEXT_DEADLINE - REMINDED_DAYS_LEFT)
    rows = [row for row in stage.cases(NEXT_COHORT) if row["restart_of"]]
    builder = stage.case_of(cast.BUILDER)
    stage.wait_for_letters_about(
        "reminder-submission", [builder, *(row["case_id"] for row in rows)]
    )
    for row in rows:
        number = number_of(stage, row) - ANEW
        person = cast.Participant(number)
        hand_in(stage, person, cohort=NEXT_COHORT, seed=number + ANEW)
    stage.go_to_day(NEXT_DEADLINE + 1)
    hand_in_built(stage)
    return (
        f"{len(rows) + 1} reminded; {len(rows)} hand in before the deadline, one later,"
        " as the adjustment allows"
    )


def judge_next_cohort(stage: Stage) -> str:
    """Judge and release what was handed in for the next cohort."""
    handed_in = [row for row in stage.cases(NEXT_COHORT) if row["state"] == "submitted"]
    work = Work(
        cohort=NEXT_COHORT,
        cases=tuple(row["case_id"] for row in handed_in),
        reviewer=cast.met_level,
        moderator=cast.met_level,
        second_moderator=cast.met_level,
    )
    reviewed, moderated = review_all(stage, work), moderate_all(stage, work)
    released = release_round(stage, NEXT_COHORT)
    return f"{reviewed}; {moderated}; {released} released"
