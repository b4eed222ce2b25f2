"""After the criteria were not met: a conversation, and a second attempt in time."""

from datetime import datetime, time, timedelta
from typing import Any

from services.cli.demo import cast
from services.cli.demo.handing_in import hand_in
from services.cli.demo.judging import Work
from services.cli.demo.moderating import moderate_all
from services.cli.demo.office import release_round
from services.cli.demo.reviewing import claim, review_all
from services.cli.demo.stage import COHORT, Stage, until
from services.cli.demo.supporting import lodge_about_support
from shared.london import LONDON, london_day

SECOND_SEED = 1000
"""Added to a participant's number: a portfolio that differs from the first."""
SECOND = 2
"""The last attempt. Source: S2 6.2.1."""
REMINDED_DAYS_LEFT = 13
TALK_AFTER_DAYS = 8


def converse(stage: Stage) -> str:
    """Offer times for a conversation; book it, and move on until it was held."""
    waiting = _offered_conversations(stage)
    day = london_day(stage.now()) + timedelta(days=TALK_AFTER_DAYS)
    times = [
        datetime.combine(day, time(10, minute), LONDON).isoformat()
        for minute in (0, 30)
    ]
    booked = [
        item for item in waiting if stage.numbers[item["case_id"]] != cast.WITHDRAWN
    ]
    for item in booked:
        path = f"/appeals/cases/{item['case_id']}/conversations/{item['attempt']}"
        stage.office.post(f"{path}/times", {"times": times})
        who = stage.participant(item["participant_id"])
        who.post(f"{path}/book", {"starts_at": times[0]})
    cases = [item["case_id"] for item in booked]
    stage.wait_for_letters_about("conversation-booked", cases)
    stage.go_to_day(stage.day + TALK_AFTER_DAYS + 1)
    for item in booked:
        path = f"/appeals/cases/{item['case_id']}/conversations/{item['attempt']}"
        stage.office.post(f"{path}/held")
    return f"{len(waiting)} conversations about feedback offered, {len(booked)} held"


def resubmit(stage: Stage) -> str:
    """Wait for a reminder, then hand in again: all but one, who lets it pass."""
    opened = in_state(stage, "resubmission")
    last = min(datetime.fromisoformat(row["window_closes_on"]) for row in opened)
    left = (last.date() - london_day(stage.now())).days
    stage.go_to_day(stage.day + left - REMINDED_DAYS_LEFT)
    _wait_for_reminders(stage, opened)
    again = [row for row in opened if cast.is_resubmitted(number_of(stage, row))]
    for row in again:
        person = cast.Participant(number_of(stage, row))
        hand_in(stage, person, cohort=COHORT, seed=SECOND_SEED + person.number)
    leaver = next(row for row in again if number_of(stage, row) == cast.WITHDRAWN)
    _withdraw(stage, leaver)
    return (
        f"{len(opened)} reminded, {len(again)} of them hand in again; 1 of these"
        " withdraws while a reviewer holds the portfolio"
    )


def _withdraw(stage: Stage, row: dict[str, Any]) -> None:
    """Let a participant go whose portfolio is held, and whose appeal is open."""
    case_id, person_id = row["case_id"], row["person_id"]
    claim(stage, f"{case_id}.{SECOND}.1")
    lodge_about_support(stage, case_id, person_id)
    who = stage.participant(person_id)
    who.post(f"/submission/cases/{case_id}/withdrawal")
    stage.wait_for_fact("review.ClaimEnded", "review")
    stage.wait_for_fact("appeals.Discontinued", "appeal")


def judge_again(stage: Stage) -> str:
    """Review, moderate and release the second attempts."""
    second = [row for row in in_state(stage, "submitted") if row["attempt"] == SECOND]
    work = Work(
        cohort=COHORT,
        cases=tuple(row["case_id"] for row in second),
        reviewer=cast.second_level,
        moderator=cast.second_level,
        second_moderator=cast.second_level,
        judged_before=stage.participants,
    )
    reviewed, moderated = review_all(stage, work), moderate_all(stage, work)
    released = release_round(stage, COHORT, attempt=SECOND)

    def all_noted() -> bool:
        rows = [row for row in stage.cases(COHORT) if row["case_id"] in work.cases]
        return all(str(SECOND) in row["outcomes"] for row in rows)

    until(all_noted, "second decisions to reach their cases")
    return f"{reviewed}; {moderated}; {released} released"


def in_state(stage: Stage, *states: str) -> list[dict[str, Any]]:
    """Return the played cases of the cohort in one of *states*."""
    return [
        row
        for row in stage.cases(COHORT)
        if row["state"] in states and row["case_id"] in stage.numbers
    ]


def number_of(stage: Stage, row: dict[str, Any]) -> int:
    """Return whose case a row is about."""
    return stage.numbers[row["case_id"]]


def _offered_conversations(stage: Stage) -> list[dict[str, Any]]:
    wanted = {row["case_id"] for row in in_state(stage, "resubmission")}
    found: list[dict[str, Any]] = []

    def all_offered() -> bool:
        offered = stage.office.pages("/appeals/office/conversations", state="offered")
        found[:] = [each for each in offered if each["case_id"] in wanted]
        return len(found) == len(wanted)

    until(all_offered, "a conversation to be offered after every CNM")
    return found


def _wait_for_reminders(stage: Stage, opened: list[dict[str, Any]]) -> None:
    cases = {row["case_id"] for row in opened}

    def all_reminded() -> bool:
        rows = [row for row in stage.cases(COHORT) if row["case_id"] in cases]
        return all(row["reminded_at_days"] is not None for row in rows)

    until(all_reminded, "a reminder for everybody whose second attempt is open")
