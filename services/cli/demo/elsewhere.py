"""The programmes without a viva: from a portfolio straight to the award."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from services.cli.client import Client
from services.cli.demo import cast
from services.cli.demo.handing_in import HANDS, hand_in
from services.cli.demo.judging import Work
from services.cli.demo.moderating import moderate_all
from services.cli.demo.office import publish_plan_of, release_round
from services.cli.demo.reviewing import review_all
from services.cli.demo.stage import DEADLINE_DAYS, Stage, until
from shared.clock import utc_now

FORMATION, MENTORS = "qtls-demo", "mentor-demo"
COHORTS = (
    (FORMATION, "QTLS", cast.FORMATIONS),
    (MENTORS, "ADVANCED-MENTOR", cast.FORMS),
)
OVERDUE_DAY = DEADLINE_DAYS + 34
"""A review is due a calendar month after the deadline. Source: S2 4.4."""


def submit_elsewhere(stage: Stage) -> str:
    """Open a cohort of each other programme, and hand in."""
    deadline = str(utc_now().date() + timedelta(days=DEADLINE_DAYS))
    for cohort, programme, numbers in COHORTS:
        body = {"cohort_id": cohort, "programme": programme, "deadline": deadline}
        stage.office.post("/submission/cohorts", body, key=f"demo-{cohort}")
        publish_plan_of(stage, cohort, programme)
        people = [cast.Participant(number) for number in numbers]
        with ThreadPoolExecutor(HANDS) as hands:
            cases = hands.map(
                lambda person, cohort=cohort: hand_in(
                    stage, person, cohort=cohort, seed=person.number
                ),
                people,
            )
        stage.numbers |= dict(zip(cases, numbers, strict=True))
    return f"{len(cast.FORMATIONS)} submitted for QTLS, {len(cast.FORMS)} as mentors"


def judge_elsewhere(stage: Stage) -> str:
    """Judge and release both, but for one that a reviewer keeps too long."""
    late = _case_of(stage, cast.LATE_REVIEW)
    keeper = stage.player(cast.REVIEWERS[0], "reviewer")
    review_id = f"{late}.1.1"
    _wait_until_listed(keeper, review_id)
    keeper.post(f"/review/reviews/{review_id}/claim")
    return "; ".join(
        _judge(stage, cohort, [each for each in numbers if each != cast.LATE_REVIEW])
        for cohort, _, numbers in COHORTS
    )


def judge_overdue(stage: Stage) -> str:
    """Tell the reviewer that a review is overdue, and have it judged all the same."""
    stage.go_to_day(OVERDUE_DAY)
    late = _case_of(stage, cast.LATE_REVIEW)

    def is_told() -> bool:
        notices = stage.letters()
        return any(
            each["case_id"] == late
            and each["template"] == "review-overdue"
            and each["state"] == "handed_over"
            for each in notices
        )

    until(is_told, "the letter about an overdue review")
    before = len(cast.FORMATIONS) - 1
    told = _judge(stage, FORMATION, [cast.LATE_REVIEW], before=before)
    return f"a reviewer was told that a review is overdue; {told}"


def _judge(stage: Stage, cohort: str, numbers: list[int], *, before: int = 0) -> str:
    work = Work(
        cohort=cohort,
        cases=tuple(_case_of(stage, number) for number in numbers),
        reviewer=cast.met_level,
        moderator=cast.met_level,
        second_moderator=cast.met_level,
        judged_before=before,
    )
    review_all(stage, work)
    moderate_all(stage, work)
    return f"{cohort}: {release_round(stage, cohort, part=before)} outcomes released"


def _case_of(stage: Stage, number: int) -> str:
    return next(case for case, each in stage.numbers.items() if each == number)


def _wait_until_listed(reviewer: Client, review_id: str) -> None:
    def is_listed() -> bool:
        queue = reviewer.pages("/review/queue", limit=200)
        return any(item["review_id"] == review_id for item in queue)

    until(is_listed, "a review to be free")
