"""The players, signed in, and what they know together."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from services.cli.client import Client, ClientSettings, connected
from services.cli.demo import cast
from shared.errors import ConflictError, UnavailableError

COHORT = "ats-demo"
DEADLINE_DAYS = 30
EXTENSION_DAYS = 14
PATIENCE_SECONDS = 120.0


SETTLED = ("handed_over", "cancelled", "failed")
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
        self.numbers: dict[str, int] = {}
        """Participant's number by case id."""
        self.office = self.player("operator", "operations", "auditor")
        self.lead = self.player(cast.LEAD, "lead_moderator")

    def player(self, person_id: str, *roles: str) -> Client:
        """Return a client signed in as this person."""
        return self._stack.enter_context(
            connected(self._settings, person_id=person_id, roles=roles)
        )

    def refuse_a_real_log(self) -> None:
        """See that nothing real is played with, before anything is done.

        Raises:
            RealLogError: the log was not created with ``migrate --demonstration``.
        """
        if not self.office.get("/operations/log/head")["demonstration"]:
            raise RealLogError(create_it_with="attest migrate --demonstration")

    def letters(self) -> list[dict[str, Any]]:
        """Return what became of every letter about a case that is played with."""
        notices = self.office.pages("/notification/notices", limit=500)
        return [each for each in notices if each["case_id"] in self.numbers]

    def letters_to(self, address: str) -> list[dict[str, Any]]:
        """Return the letters in the mailbox for *address*, newest first.

        Each has ``subject``, ``text``, ``links`` (``address`` and ``words``) and the
        names of its ``attachments``.
        """
        return list(self.office.pages("/mailbox/letters", to=address))

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
