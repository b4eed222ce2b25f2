"""The players, signed in, and what they know together."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.cli.client import (
    SERVICES,
    Client,
    ClientSettings,
    connected,
    find_url,
)
from services.cli.demo import cast
from services.cli.demo.bench import Bench
from services.cli.demo.pool import Seeds
from services.cli.demo.written import Library
from shared.clock import utc_now
from shared.errors import ConflictError, UnavailableError

COHORT = "ats-demo"
NEXT_COHORT = "ats-next"
LARGE_COHORT = "mentor-large"
PLAYED_TODAY = "A demonstration begins on whichever day it is played."
"""Why its cohorts start when their programmes do not."""
NEXT_START, NEXT_DEADLINE = 105, 405
"""Days after the first: applications close three months before the start. S0."""
DEADLINE_DAYS = 30
EXTENSION_DAYS = 14
RECALL_MINUTES = 15
"""For so long a judgement can be taken back. Source: moderation.md, "Reviewing" (P)."""
PATIENCE_SECONDS = 120.0


SETTLED = ("handed_over", "cancelled", "failed", "bounced")
"""States of a letter in which nothing more happens by itself."""
DECISIONS = ("outcome-cm", "outcome-cnm", "outcome-cnm-again")


class StuckError(UnavailableError):
    """The demonstration waited in vain; the message says for what."""


class RealLogError(ConflictError):
    """This log records real judgements: play on one that was created for it."""


class Stage:
    """Signed-in players, and whose case is whose."""

    def __init__(
        self, settings: ClientSettings, *, participants: int = cast.PARTICIPANTS
    ) -> None:
        self.participants = participants
        self._settings = settings
        self._stack = ExitStack()
        self._players: dict[tuple[str, tuple[str, ...]], Client] = {}
        self.day = 0
        """How many days the demonstration's clock runs ahead."""
        self.minutes = 0
        """And how many minutes more."""
        self.released = 0
        """How many outcomes were released."""
        self.numbers: dict[str, int] = {}
        """Participant's number by case id."""
        self.bench: Bench | None = None
        """Reviewers of the large cohort, once they are at work."""
        self.seeds = Seeds()
        """What the players know of seeds."""
        self.revealed: list[str] = []
        """Cohorts whose key is public."""
        self.library = Library.open() if self.is_whole else Library()
        self.office = self.player("operator", "operations", "auditor")
        self.lead = self.player(cast.LEAD, "lead_moderator")

    @property
    def is_whole(self) -> bool:
        """Whether there is somebody for every part of the whole life of a case."""
        return self.participants >= cast.WHOLE

    def case_of(self, number: int) -> str:
        """Return the case of participant *number*."""
        return next(case for case, each in self.numbers.items() if each == number)

    def player(self, person_id: str, *roles: str) -> Client:
        """Return a client signed in as this person, the same one every time."""
        if (person_id, roles) not in self._players:
            self._players[person_id, roles] = self._stack.enter_context(
                connected(self._settings, person_id=person_id, roles=roles)
            )
        return self._players[person_id, roles]

    def refuse_a_real_log(self) -> None:
        """See that nothing real is played with, before anything is done.

        Raises:
            RealLogError: the log was not created with ``migrate --demonstration``.
        """
        if not self.office.get("/operations/log/head")["demonstration"]:
            raise RealLogError(create_it_with="attest migrate --demonstration")

    def now(self) -> datetime:
        """Return the time of the demonstration."""
        return utc_now() + timedelta(days=self.day, minutes=self.minutes)

    def go_to_day(self, day: int) -> None:
        """Move every service's clock to so many days after today; never back."""
        if day <= self.day:
            return
        self.day, self.minutes = day, 0
        self._move_clocks()

    def pass_recalls(self) -> None:
        """Go on to when nobody can take back a judgement any more."""
        self.minutes += RECALL_MINUTES + 1
        self._move_clocks()

    def _move_clocks(self) -> None:
        offset = timedelta(days=self.day, minutes=self.minutes)
        self.office.post(
            "/submission/clock/offset",
            {"offset_seconds": int(offset.total_seconds())},
            key=f"demo-clock-{self.day}-{self.minutes}",
        )
        target = (utc_now() + offset - timedelta(seconds=30)).isoformat()

        def moved() -> bool:
            paths = [f"/{service}/maintenance/position" for service in SERVICES]
            return all(str(self.office.get(path)["now"]) >= target for path in paths)

        until(moved, "every clock to move")

    def catch_up(self, service: str) -> None:
        """Wait until a service's lists show everything that happened by now."""
        head = int(self.office.get("/operations/log/head")["position"])

        def caught_up() -> bool:
            found = self.office.get(f"/{service}/maintenance/position")
            return int(found["position"]) >= head

        until(caught_up, f"the lists of {service} to catch up")

    def wait_for_fact(self, type_: str, category: str, *, count: int = 1) -> None:
        """Return when so many facts of a type are in streams of a category."""

        def happened() -> bool:
            return len(self.facts(type_, category)) >= count

        until(happened, f"{type_} to happen")

    def facts(self, type_: str, category: str) -> list[dict[str, Any]]:
        """Return the facts of a type in the streams of a category, in order."""
        path = "/operations/events"
        return list(self.office.pages(path, type=type_, category=category, limit=500))

    def cases(self, cohort: str) -> list[dict[str, Any]]:
        """Return every case of a cohort, with everything that happened by now."""
        self.catch_up("submission")
        return list(self.office.pages("/submission/cases", cohort=cohort, limit=500))

    def played(self) -> list[dict[str, Any]]:
        """Return every case that is played with, of any cohort."""
        self.catch_up("submission")
        rows = self.office.pages("/submission/cases", limit=500)
        return [row for row in rows if row["case_id"] in self.numbers]

    def decisions(self) -> int:
        """Return how many decisions were released, first and second attempts."""
        return sum(len(row["outcomes"]) for row in self.played())

    def participant(self, person_id: str) -> Client:
        """Return a client signed in as a participant."""
        return self.player(person_id, "participant")

    def letters(self) -> list[dict[str, Any]]:
        """Return what became of every letter about a case that is played with."""
        notices = self.office.pages("/notification/notices", limit=500)
        return [each for each in notices if each["case_id"] in self.numbers]

    def settled_letters(self) -> list[dict[str, Any]]:
        """Return what became of every letter, once none is on its way any more.

        What follows from a decision, such as the offer of a viva, may be asked for
        only when the decision itself is long told.
        """
        found: list[dict[str, Any]] = []

        def all_settled() -> bool:
            found[:] = self.letters()
            return all(each["state"] in SETTLED for each in found)

        self.catch_up("notification")
        until(all_settled, "every letter to be handed over")
        return found

    def wait_for_letters_about(self, template: str, cases: Iterable[str]) -> None:
        """Return when a letter of this kind about each of *cases* is handed over."""
        wanted = set(cases)

        def all_told() -> bool:
            return wanted <= {
                each["case_id"]
                for each in self.letters()
                if each["template"] == template and each["state"] == "handed_over"
            }

        until(all_told, f"the letter {template} to {len(wanted)} people")

    def letters_to(self, address: str) -> list[dict[str, Any]]:
        """Return the letters in the mailbox for *address*, newest first.

        Each has ``subject``, ``text``, ``links`` (``address`` and ``words``) and the
        names of its ``attachments``.
        """
        return list(self.office.pages("/mailbox/letters", to=address))

    def send_form(self, path: str, fields: Mapping[str, str]) -> None:
        """Send a form as a browser does, by nobody in particular.

        Raises:
            StuckError: it was not taken.
        """
        url = find_url(self._settings) + path
        answer = httpx.post(url, data=dict(fields), timeout=PATIENCE_SECONDS)
        if answer.is_error:
            message = f"a form was refused with {answer.status_code}"
            raise StuckError(message)

    def close(self) -> None:
        """Sign everybody out."""
        self._stack.close()


Act = Callable[[Stage], str]
"""Plays one act and tells what happened."""


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for *condition*.

    Raises:
        StuckError: it did not come true in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise StuckError(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
        time.sleep(0.1)


def tells_a_decision(letter: Mapping[str, Any]) -> bool:
    """Tell whether a letter brought the decision on a portfolio."""
    return letter["template"] in DECISIONS and letter["state"] == "handed_over"
