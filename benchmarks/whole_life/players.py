"""Everybody in the cohort, signed in over one pool of connections, and counted."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from services.cli.client import Client, RefusedError
from services.cli.demo.stage import StuckError

HANDS = 8
"""Requests that are on their way at the same time."""
TIMEOUT_SECONDS = 120.0
PATIENCE_SECONDS = 600.0
PAUSE_SECONDS = 0.5
"""Between two looks at something that is waited for."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Requests:
    """How many requests were sent; the sign-in at the issuer is none of them."""

    commands: int = 0
    """POST: something is to change."""
    questions: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, request: httpx.Request) -> None:
        """Count *request*."""
        if request.url.path.startswith("/dev/"):
            return
        with self._lock:
            if request.method == "POST":
                self.commands += 1
            else:
                self.questions += 1


class Players:
    """Signs people in; each has one client."""

    def __init__(self, http: httpx.Client) -> None:
        """Sign in through *http*."""
        self._http = http
        self._clients: dict[str, Client] = {}

    def player(self, person_id: str, *roles: str) -> Client:
        """Return the client of *person_id*, signed in with *roles* the first time."""
        if person_id not in self._clients:
            who = {"person_id": person_id, "roles": list(roles)}
            answer = self._http.post("/dev/token", json=who).raise_for_status()
            self._clients[person_id] = Client(self._http, answer.json()["access_token"])
        return self._clients[person_id]


@contextmanager
def players(
    url: str, requests: Requests, *, transport: httpx.BaseTransport | None = None
) -> Iterator[Players]:
    """Yield players at *url*, whose requests are counted in *requests*."""
    with httpx.Client(
        base_url=url,
        timeout=TIMEOUT_SECONDS,
        transport=transport,
        event_hooks={"request": [requests.note]},
    ) as http:
        yield Players(http)


def all_at_once(
    act: Callable[[T], R], items: Sequence[T], after_each: Callable[[int], None]
) -> list[R]:
    """Return what *act* made of *items*, a few at a time, in their order.

    *after_each* is told how many are done.
    """
    with ThreadPoolExecutor(HANDS) as hands:
        asked = [hands.submit(act, item) for item in items]
        try:
            for done, each in enumerate(as_completed(asked), start=1):
                each.result()
                after_each(done)
        except BaseException:
            hands.shutdown(cancel_futures=True)
            raise
        return [each.result() for each in asked]


def first_accepted(asks: Iterator[Callable[[], Any]]) -> Any:
    """Return the first answer that is no refusal: somebody else may be faster.

    Raises:
        RefusedError: the last refusal.
        StuckError: there was nothing to ask.
    """
    refused: RefusedError | None = None
    for ask in asks:
        try:
            return ask()
        except RefusedError as error:
            refused = error
    if refused is None:
        raise StuckError("there was nothing to choose from")
    raise refused


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for *condition*.

    Raises:
        StuckError: it did not come true.
    """
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > give_up_at:
            raise StuckError(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
        time.sleep(PAUSE_SECONDS)
