"""The cohort: who takes part, and what the office does for all of them at once."""

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from benchmarks.whole_life.players import Players, until
from services.cli.client import SERVICES
from services.cli.demo.stage import RECALL_MINUTES, SETTLED
from services.moderation.domain.randomness import nonce_commitment
from shared.clock import utc_now

COHORT = "whole-life"
PROGRAMME = "ATS"
DEADLINE_DAYS = 30
REVIEWERS = tuple(f"reviewer-{number}" for number in range(16))
MODERATORS = tuple(f"moderator-{number}" for number in range(8))
LEADS = tuple(f"lead-{number}" for number in range(10))
HEADS = tuple(f"head-{number}" for number in range(10))
"""One of each for every room in which vivas are held."""
PARTIES = ("party-1", "party-2", "party-3")
"""Who make the public randomness of the draw."""
_STAFF = (
    (REVIEWERS, "reviewer"),
    (MODERATORS, "moderator"),
    (LEADS, "lead_moderator"),
    (HEADS, "panel_member"),
)
_UNSETTLED = ("requested", "held", "rendered", "deferred", "uncertain")


def staff_csv() -> str:
    """Return who judges, as a list that the office imports."""
    rows = [
        f"{person},{person.title()},{person}@example.org,set-office,{role}"
        for group, role in _STAFF
        for person in group
    ]
    return "\n".join(["id,name,email,organisation,roles", *rows, ""])


class Cohort:
    """One cohort, and the clock that all services go by."""

    def __init__(self, players: Players) -> None:
        """Let *players* take part."""
        self.players = players
        self.office = players.player("office", "operations", "auditor")
        self.lead = players.player(LEADS[0], "lead_moderator")
        self.day = 0
        """How many days the clock of the demonstration runs ahead."""
        self.minutes = 0
        """And how many minutes more."""

    def open(self) -> None:
        """Import the staff, open the cohort, publish its plan with its randomness."""
        self.office.post("/operations/imports", content=staff_csv().encode())
        deadline = str(utc_now().date() + timedelta(days=DEADLINE_DAYS))
        body = {
            "cohort_id": COHORT,
            "programme": PROGRAMME,
            "deadline": deadline,
            "because": "A benchmark runs on any day.",
        }
        self.office.post("/submission/cohorts", body)
        plan = {"cohort_id": COHORT, "programme": PROGRAMME, "parties": list(PARTIES)}
        self.lead.post("/moderation/plans", plan)
        clients = {each: self.players.player(each, "panel_member") for each in PARTIES}
        nonces = {each: secrets.token_hex(32) for each in PARTIES}
        for party, client in clients.items():
            commitment = nonce_commitment(COHORT, party, nonces[party])
            path = f"/moderation/plans/{COHORT}/nonces"
            client.post(path, {"commitment": commitment})
        for party, client in clients.items():
            path = f"/moderation/plans/{COHORT}/reveals"
            client.post(path, {"nonce": nonces[party]})

    def now(self) -> datetime:
        """Return the time of the demonstration."""
        return utc_now() + timedelta(days=self.day, minutes=self.minutes)

    def go_to_day(self, day: int) -> None:
        """Move every service's clock to so many days after today."""
        self.day, self.minutes = day, 0
        self._move_clocks()

    def pass_recalls(self) -> None:
        """Go on to when nobody can take a judgement back any more."""
        self.minutes += RECALL_MINUTES + 1
        self._move_clocks()

    def _move_clocks(self) -> None:
        offset = timedelta(days=self.day, minutes=self.minutes)
        seconds = int(offset.total_seconds())
        self.office.post("/submission/clock/offset", {"offset_seconds": seconds})
        target = (utc_now() + offset - timedelta(seconds=30)).isoformat()

        def moved() -> bool:
            paths = (f"/{service}/maintenance/position" for service in SERVICES)
            return all(str(self.office.get(path)["now"]) >= target for path in paths)

        until(moved, "every clock to move")

    def position(self) -> int:
        """Return how many facts the log has."""
        return int(self.office.get("/operations/log/head")["position"])

    def wait_for_letters(self, *templates: str, count: int) -> None:
        """Return when *count* letters of each template, and no fewer, are delivered."""

        def delivered() -> bool:
            if any(self._has(state) for state in _UNSETTLED):
                return False
            told = self.letters()
            return all(told[template] >= count for template in templates)

        until(delivered, f"{count} letters each: {', '.join(templates)}")

    def letters(self) -> Counter[str]:
        """Return how many letters of each template were handed over."""
        return _count(self.office.pages("/notification/notices", limit=500))

    def _has(self, state: str) -> bool:
        page = self.office.get("/notification/notices", state=state, limit=1)
        return bool(page["items"])


def _count(notices: Iterable[dict[str, Any]]) -> Counter[str]:
    return Counter(
        each["template"]
        for each in notices
        if each["state"] in SETTLED and each["state"] == "handed_over"
    )
