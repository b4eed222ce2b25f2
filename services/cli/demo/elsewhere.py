"""The programmes without a viva: from a portfolio straight to the award."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from services.cli.demo import cast
from services.cli.demo.handing_in import HANDS, hand_in
from services.cli.demo.judging import Work
from services.cli.demo.moderating import moderate_all
from services.cli.demo.office import publish_plan_of, release_round
from services.cli.demo.reviewing import claim, review_all
from services.cli.demo.stage import DEADLINE_DAYS, Stage
from shared.clock import utc_now
from shared.programmes import load_programme

FORMATION, MENTORS = "qtls-demo", "mentor-demo"
COHORTS = (
    (FORMATION, "QTLS", cast.FORMATIONS),
    (MENTORS, "ADVANCED-MENTOR", cast.FORMS),
)
DAYS_MORE = 3
OVERDUE_DAY = DEADLINE_DAYS + 44
"""A review is due a calendar month after the deadline (S2 4.4); one was on hold for
nine days more."""


def submit_elsewhere(stage: Stage) -> str:
    """Open a cohort of each other programme, hand in, and give all some more days."""
    today = utc_now().date()
    first, later = (
        str(today + timedelta(days=DEADLINE_DAYS - days)) for days in (DAYS_MORE, 0)
    )
    for cohort, programme, numbers in COHORTS:
        body = {
            "cohort_id": cohort,
            "programme": programme,
            "deadline": first,
            "starts_on": str(last_start(programme, today)),
        }
        stage.office.post("/submission/cohorts", body, key=f"demo-{cohort}")
        publish_plan_of(stage, cohort, programme)
        hand_in_all(stage, cohort, numbers)
        path = f"/submission/cohorts/{cohort}/deadline"
        stage.office.post(path, {"deadline": later}, key=f"demo-{cohort}-deadline")
    handed_in = sum(len(numbers) for _, _, numbers in COHORTS)
    stage.wait_for_fact("review.OpeningMoved", "review", count=handed_in)
    return (
        f"{len(cast.FORMATIONS)} portfolios for QTLS, {len(cast.FORMS)} of mentors;"
        f" their deadlines, and their reviews, put off by {DAYS_MORE} days"
    )


def last_start(programme: str, today: date) -> date:
    """Return the last day on which *programme* started, by the months of its file."""
    rhythm = load_programme(programme).cohorts
    months = rhythm.start_months.value if rhythm else range(1, 13)
    day = today.replace(day=1)
    while day.month not in months:
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def hand_in_all(stage: Stage, cohort: str, numbers: Sequence[int]) -> None:
    """Hand in the portfolio of each, a few at a time."""

    def hand_in_one(number: int) -> str:
        return hand_in(stage, cast.Participant(number), cohort=cohort, seed=number)

    with ThreadPoolExecutor(HANDS) as hands:
        cases = hands.map(hand_in_one, numbers)
    stage.numbers |= dict(zip(cases, numbers, strict=True))


def judge_elsewhere(stage: Stage) -> str:
    """Judge and release both, but for one that is held, and kept too long."""
    late = stage.case_of(cast.LATE_REVIEW)
    claim(stage, f"{late}.1.1")
    stage.office.post(_holds_of(late), {"reason": "office_error"})
    return "; ".join(
        _judge(stage, cohort, [each for each in numbers if each != cast.LATE_REVIEW])
        for cohort, _, numbers in COHORTS
    )


def lift_hold(stage: Stage) -> str:
    """Let the clocks of the held review run on."""
    path = _holds_of(stage.case_of(cast.LATE_REVIEW))
    (held,) = stage.office.get(path)
    stage.office.post(f"{path}/{held['hold_id']}/lift")
    stage.wait_for_fact("review.DueMoved", "review")
    return "the review that stood still is due as many days later"


def _holds_of(case_id: str) -> str:
    return f"/operations/cases/{case_id}/holds"


def judge_overdue(stage: Stage) -> str:
    """Tell the reviewer that a review is overdue, and have it judged all the same.

    Its month is that of moderation too, so the lead is told at once.
    """
    stage.go_to_day(OVERDUE_DAY)
    late = stage.case_of(cast.LATE_REVIEW)
    stage.wait_for_letters_about("review-overdue", [late])
    before = len(cast.FORMATIONS) - 1
    told = _judge(stage, FORMATION, [cast.LATE_REVIEW], before=before, late=[late])
    return f"its reviewer and the lead were told; {told} at last"


def _judge(
    stage: Stage,
    cohort: str,
    numbers: list[int],
    *,
    before: int = 0,
    late: Sequence[str] = (),
) -> str:
    levels = stage.library.levels(cast.met_level)
    work = Work(
        cohort=cohort,
        cases=tuple(stage.case_of(number) for number in numbers),
        reviewer=levels,
        moderator=levels,
        second_moderator=levels,
        judged_before=before,
        is_first=True,
    )
    review_all(stage, work)
    if late:
        stage.wait_for_letters_about("moderation-overdue", late)
    moderate_all(stage, work)
    return f"{release_round(stage, cohort, part=before)} released in {cohort}"
