"""What happens to every case of the cohort, phase by phase, as the calendar has it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from benchmarks.whole_life.choosing import (
    LEVELS,
    QUEUE,
    choices,
    claims,
    judge_again,
    opening,
)
from benchmarks.whole_life.cohort import (
    COHORT,
    DEADLINE_DAYS,
    HEADS,
    LEADS,
    MODERATORS,
    PROGRAMME,
    REVIEWERS,
    Cohort,
)
from benchmarks.whole_life.players import all_at_once, first_accepted, until
from services.cli.demo.judging import criterion_words, feedback_words
from shared.london import LONDON, london_day
from shared.vocabulary import CRITERIA, MET_LEVEL

ORGANISATION = "dunmere-college"
MINUTES, ROOM_MINUTES = 45, 60
FIRST_HOUR, SLOTS_A_DAY, ROUND_SLOTS = 9, 8, 40
"""A round is a week of one room, and of one panel."""
DAYS_AHEAD = 14
"""From the offers to the first viva: a week before is too late to choose."""
NOTES = "The answers were reflective, and the examples were the participant's own."

Progress = Callable[[int], None]
"""Told how many cases are done with a phase."""


@dataclass(slots=True)
class Life:
    """The cases of a cohort on their way."""

    cohort: Cohort
    portfolios: Sequence[tuple[str, bytes]]
    """File name and bytes; handed in in turns."""
    count: int
    participants: dict[str, str] = field(default_factory=dict)
    """Person by case."""
    judged_again: int = 0

    def submit(self, progress: Progress) -> None:
        """Hand everything in, wait for the receipts, and let the deadline pass."""
        answers = all_at_once(self._hand_in, range(self.count), progress)
        self.participants = {each["case_id"]: each["person_id"] for each in answers}
        self.cohort.wait_for_letters("receipt", count=self.count)
        self.cohort.go_to_day(DEADLINE_DAYS + 1)

    def _hand_in(self, number: int) -> dict[str, Any]:
        name, content = self.portfolios[number % len(self.portfolios)]
        answer: dict[str, Any] = self.cohort.office.post(
            "/submission/portfolios",
            data={
                "cohort": COHORT,
                "name": f"Participant {number}",
                "email": f"participant-{number}@example.org",
                "organisation": ORGANISATION,
                "mentor": f"Mentor {number} <mentor-{number}@example.org>",
            },
            files={"file": (name, content, "application/octet-stream")},
        )
        return answer

    def review(self, progress: Progress) -> None:
        """Claim, read and judge every portfolio."""
        all_at_once(self._review_next, range(self.count), progress)
        until(self._all_are_drawn, "every completed review to be drawn or not")

    def _review_next(self, number: int) -> None:
        who = REVIEWERS[number % len(REVIEWERS)]
        reviewer = self.cohort.players.player(who, "reviewer")
        path, held = first_accepted(claims(reviewer, number))
        portfolio = opening(reviewer.get(f"{path}/portfolio"))
        for place, criterion in enumerate(CRITERIA):
            words = criterion_words(portfolio, MET_LEVEL, place)
            reviewer.post(f"{path}/criteria/{criterion}", words, headers=held)
        reviewer.post(f"{path}/feedback", feedback_words(LEVELS), headers=held)
        reviewer.post(f"{path}/complete", {"borderline": False}, headers=held)

    def _all_are_drawn(self) -> bool:
        counts = self.cohort.lead.get(f"/moderation/cohorts/{COHORT}/draws")
        return bool(counts["judgements"] - counts["waiting"] >= self.count)

    def moderate(self, progress: Progress) -> None:
        """Judge blind what was drawn, and release the outcome of every case."""
        found = all_at_once(self._moderate_all, MODERATORS, lambda _: None)
        self.judged_again = sum(found)
        self.cohort.pass_recalls()
        release = f"/moderation/cohorts/{COHORT}/release"
        self.cohort.lead.post(release, {"attempt": 1})

        def offered() -> bool:
            vivas = len(self._vivas("offered"))
            progress(vivas)
            return vivas >= self.count

        until(offered, "a viva to be offered to everybody")

    def _moderate_all(self, person: str) -> int:
        """Judge until the queue is empty; return how many it was."""
        moderator = self.cohort.players.player(person, "moderator")
        judged = 0
        while items := moderator.get("/moderation/queue", limit=QUEUE)["items"]:
            first = MODERATORS.index(person) % len(items)
            for item in (*items[first:], *items[:first]):
                path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
                if judge_again(moderator, path):
                    judged += 1
                    break
        return judged

    def _vivas(self, state: str) -> list[dict[str, Any]]:
        rows = self.cohort.office.pages("/viva/vivas", state=state, limit=500)
        return list(rows)

    def book(self, progress: Progress) -> None:
        """Open rounds; everybody chooses a time, and gets a panel and a letter."""
        for place in range(self._rounds):
            self._open_round(f"round-{place}", place)
        all_at_once(self._choose, list(enumerate(self.participants.items())), progress)
        self.cohort.wait_for_letters("outcome-cm", "viva-booked", count=self.count)

    @property
    def _rounds(self) -> int:
        return -(-self.count // ROUND_SLOTS)

    def _open_round(self, round_id: str, place: int) -> None:
        today = london_day(self.cohort.now())
        week = today + timedelta(days=DAYS_AHEAD, weeks=place // len(LEADS))
        slots = [divmod(number, SLOTS_A_DAY) for number in range(ROUND_SLOTS)]
        body = {
            "round_id": round_id,
            "programme": PROGRAMME,
            "minutes": MINUTES,
            "extra_because": "The benchmark comes to its vivas in any month.",
            "slots": [
                {
                    "starts_at": datetime.combine(
                        week + timedelta(days=day), time(FIRST_HOUR + hour), LONDON
                    ).isoformat(),
                    "mode": "remote" if place % 2 else "in_person",
                    "room_minutes": ROOM_MINUTES,
                }
                for day, hour in slots
            ],
        }
        self.cohort.office.post("/viva/rounds", body)

    def _choose(self, numbered: tuple[int, tuple[str, str]]) -> None:
        number, (case_id, person_id) = numbered
        path = f"/viva/vivas/{case_id}"
        participant = self.cohort.players.player(person_id, "participant")
        round_id = first_accepted(choices(participant, path, number))
        place = int(round_id.rpartition("-")[2])
        panel = {
            "lead_id": LEADS[place % len(LEADS)],
            "head_id": HEADS[place % len(HEADS)],
        }
        self.cohort.office.post(f"{path}/panel", panel)

    def award(self, progress: Progress) -> None:
        """Let the panels say how it went, and wait for awards and certificates."""
        weeks = -(-self._rounds // len(LEADS))
        behind = timedelta(days=DAYS_AHEAD, weeks=weeks)
        self.cohort.go_to_day(self.cohort.day + behind.days)
        all_at_once(self._hold, self._vivas("booked"), progress)
        until(self._all_are_awarded, "every award to be conferred")
        self.cohort.wait_for_letters("award", count=self.count)

    def _hold(self, viva: dict[str, Any]) -> None:
        said = {"verdict": "passed", "notes": NOTES}
        for part, role in (("lead", "lead_moderator"), ("head", "panel_member")):
            member = self.cohort.players.player(viva[f"{part}_id"], role)
            member.post(f"/viva/vivas/{viva['case_id']}/result", said)

    def _all_are_awarded(self) -> bool:
        pages = self.cohort.office.pages(
            "/submission/cases", cohort=COHORT, state="awarded", limit=500
        )
        return sum(1 for _ in pages) >= self.count
