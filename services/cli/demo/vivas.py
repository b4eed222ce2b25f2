"""From the criteria met to the award: rounds, bookings, panels and their verdicts."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

from services.cli.demo import cast
from services.cli.demo.handing_in import HANDS
from services.cli.demo.stage import COHORT, NEXT_COHORT, Stage, until
from shared.london import LONDON, london_day

MINUTES, EXTRA_MINUTES = 45, 15
FIRST_HOUR, SLOTS_A_DAY = 9, 8
DAYS_AHEAD = 12
"""From booking to the first viva of a round; a week before is too late to choose."""
SPARE_SLOTS = 3
FIRST_ROUND, SECOND_ROUND = "ats-first", "ats-second"
LATER_ROUND, LAST_ROUND = "ats-later", "ats-last"


def book_vivas(stage: Stage) -> str:
    """Open a round; everybody whose criteria are met chooses a time, one another."""
    booked = _book_all(stage, FIRST_ROUND)
    mover = next(row for row in booked if _number(stage, row) == cast.MOVED)
    _choose(stage, mover, len(booked))
    stage.wait_for_letters_about("viva-moved", [mover["case_id"]])
    return f"{len(booked)} vivas booked; one moved to another time, one made longer"


def hold_vivas(stage: Stage) -> str:
    """Hold the round; two who differ are settled by another lead moderator."""
    return _hold_all(stage)


def hold_vivas_again(stage: Stage) -> str:
    """Hold one more viva for whoever did not pass and had to be reminded to book."""
    _book_all(stage, SECOND_ROUND, is_forgotten=True)
    return f"after a reminder: {_hold_all(stage)}"


def hold_later_vivas(stage: Stage) -> str:
    """Hold vivas for those whose criteria were met later."""
    _book_all(stage, LATER_ROUND)
    return _hold_all(stage)


def hold_last_vivas(stage: Stage) -> str:
    """Hold vivas for the next cohort."""
    _book_all(stage, LAST_ROUND)
    return _hold_all(stage)


def _number(stage: Stage, row: dict[str, Any]) -> int:
    return stage.numbers[row["case_id"]]


def _vivas(stage: Stage, state: str) -> list[dict[str, Any]]:
    stage.catch_up("viva")
    rows = stage.office.pages("/viva/vivas", state=state, limit=200)
    return [row for row in rows if row["case_id"] in stage.numbers]


def _book_all(
    stage: Stage, round_id: str, *, is_forgotten: bool = False
) -> list[dict[str, Any]]:
    """Book a time for everybody who has none; they are reminded if they forget it."""
    wait_for_offers(stage)
    offered = _vivas(stage, "offered")
    cases = [row["case_id"] for row in offered]
    stage.wait_for_letters_about("viva-offered", cases)
    _make_longer(stage, cases)
    _open_round(stage, round_id, len(offered) + SPARE_SLOTS)
    if is_forgotten:
        stage.go_to_day(stage.day + 1)
        stage.wait_for_letters_about("reminder-viva", cases)
    # One after the other: bookings of a round all write to the stream of that round.
    for place, row in enumerate(offered):
        _choose(stage, row, place)
    stage.wait_for_letters_about("viva-booked", cases)
    return offered


def _make_longer(stage: Stage, cases: Sequence[str]) -> None:
    """Give more minutes to whoever speaks through an interpreter."""
    for case_id in cases:
        if stage.numbers[case_id] == cast.INTERPRETED:
            path = f"/viva/vivas/{case_id}/adjustment"
            stage.office.post(path, {"extra_minutes": EXTRA_MINUTES})


def wait_for_offers(stage: Stage) -> None:
    """Return when every case whose criteria are met has a viva."""
    met = {
        case["case_id"]
        for cohort in (COHORT, NEXT_COHORT)
        for case in stage.cases(cohort)
        if case["state"] == "criteria_met" and case["case_id"] in stage.numbers
    }

    def all_there() -> bool:
        return met <= {each["case_id"] for each in stage.office.pages("/viva/vivas")}

    until(all_there, "a viva to be offered wherever the criteria are met")


def _open_round(stage: Stage, round_id: str, slots: int) -> None:
    first = london_day(stage.now()) + timedelta(days=DAYS_AHEAD)
    days = [first + timedelta(days=place // SLOTS_A_DAY) for place in range(slots)]
    hours = [FIRST_HOUR + place % SLOTS_A_DAY for place in range(slots)]
    body = {
        "round_id": round_id,
        "programme": "ATS",
        "minutes": MINUTES,
        "extra_because": "The story of the demonstration comes to its vivas now.",
        "slots": [
            {
                "starts_at": datetime.combine(day, time(hour), LONDON).isoformat(),
                "mode": "remote" if place % 2 else "in_person",
                "room_minutes": MINUTES + EXTRA_MINUTES,
            }
            for place, (day, hour) in enumerate(zip(days, hours, strict=True))
        ],
    }
    stage.office.post("/viva/rounds", body, key=f"demo-round-{round_id}")


def _choose(stage: Stage, row: dict[str, Any], place: int) -> None:
    """Let a participant choose one of the free times."""
    path = f"/viva/vivas/{row['case_id']}"
    who, slot_id = stage.participant(row["participant_id"]), f"s{place + 1}"

    def free() -> list[dict[str, Any]]:
        slots = who.pages(f"{path}/slots", limit=200)
        return [slot for slot in slots if slot["slot_id"] == slot_id]

    until(lambda: bool(free()), "a free time for a viva")
    chosen = {"round_id": free()[0]["round_id"], "slot_id": slot_id}
    who.post(f"{path}/booking", chosen)


def _hold_all(stage: Stage) -> str:
    booked = _vivas(stage, "booked")
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda row: _appoint(stage, row), booked))
    slots = [datetime.fromisoformat(row["starts_at"]) for row in booked]
    behind = (max(slots).date() - stage.now().date()).days + 1
    stage.go_to_day(stage.day + behind)
    with ThreadPoolExecutor(HANDS) as hands:
        results = list(hands.map(lambda row: _decide(stage, row), booked))
    failed = [
        row["case_id"]
        for row, result in zip(booked, results, strict=True)
        if result == "not passed"
    ]
    stage.wait_for_letters_about("viva-not-passed", failed)
    counted = sorted(Counter(results).items())
    return f"{len(booked)} vivas held: " + ", ".join(
        f"{count} {result}" for result, count in counted
    )


def _appoint(stage: Stage, row: dict[str, Any]) -> None:
    """Appoint lead and head; others than before for a second viva."""
    is_again = row["not_passed"] > 0
    leads = (cast.DEPUTY, cast.LEAD) if is_again else (cast.LEAD, cast.DEPUTY)
    body = {
        "lead_id": leads[0],
        "deputy_id": None if is_again else leads[1],
        "head_id": cast.HEADS[1 if is_again else 0],
    }
    stage.office.post(f"/viva/vivas/{row['case_id']}/panel", body)


def _decide(stage: Stage, before: dict[str, Any]) -> str:
    """Let both of the panel say how it went; return what came of it."""
    path = f"/viva/vivas/{before['case_id']}"
    row = stage.office.get(path)
    number, viva = stage.numbers[row["case_id"]], row["not_passed"] + 1
    for part, role in (("lead", "lead_moderator"), ("head", "panel_member")):
        member = stage.player(row[f"{part}_id"], role)
        said = cast.verdict(number, viva, "lead" if part == "lead" else "head")
        member.post(f"{path}/result", {"verdict": said, "notes": _notes(said)})
    if number == cast.DISAGREED and viva == 1:
        other = cast.DEPUTY if row["lead_id"] == cast.LEAD else cast.LEAD
        words = {"verdict": "passed", "notes": _notes("passed")}
        stage.player(other, "lead_moderator").post(f"{path}/settlement", words)
        return "passed after a third had settled a difference"
    return cast.verdict(number, viva, "lead").replace("_", " ")


def _notes(verdict: str) -> str:
    if verdict == "passed":
        return "The answers were reflective, and the examples were the participant's."
    return "The questions about colleagues' learning were not answered yet."
