"""What people do with one case: choose it before others do, read it, judge it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo.judging import criterion_words
from shared.vocabulary import CRITERIA, MET_LEVEL

LEVELS = dict.fromkeys(CRITERIA, MET_LEVEL)
"""Everybody's criteria are met, so that everybody comes to the award."""
READ_SECTIONS = 4
"""Of which a passage is cited."""
QUEUE = 20
"""What somebody sees of a list before they choose."""


def claims(reviewer: Client, number: int) -> Iterator[Callable[[], Any]]:
    """Yield claims of what the queue shows; everybody begins somewhere else."""
    for _ in range(QUEUE):
        items = reviewer.get("/review/queue", limit=QUEUE)["items"]
        for place in range(len(items)):
            item = items[(number + place) % len(items)]
            path = f"/review/reviews/{item['review_id']}"
            yield partial(_claimed, reviewer, path)


def _claimed(reviewer: Client, path: str) -> tuple[str, dict[str, str]]:
    claim = reviewer.post(f"{path}/claim")
    return path, {"Fencing-Token": str(claim["token"])}


def opening(portfolio: dict[str, Any]) -> dict[str, Any]:
    """Return the sections of which a passage is cited: reading more takes time."""
    return {**portfolio, "sections": portfolio["sections"][:READ_SECTIONS]}


def judge_again(moderator: Client, path: str) -> bool:
    """Judge a case blind; False when somebody else was faster."""
    try:
        taken = moderator.post(f"{path}/take")
    except RefusedError:
        return False
    portfolio = opening(moderator.get(f"{path}/portfolio"))
    words = {
        criterion: criterion_words(portfolio, MET_LEVEL, place)
        for place, criterion in enumerate(CRITERIA)
    }
    judgement = {
        "levels": LEVELS,
        "rationale": {key: each["rationale"] for key, each in words.items()},
        "evidence": {key: each["evidence"] for key, each in words.items()},
    }
    held = {"Fencing-Token": str(taken["token"])}
    moderator.post(f"{path}/judgement", judgement, headers=held)
    return True


def choices(participant: Client, path: str, number: int) -> Iterator[Callable[[], str]]:
    """Yield bookings of times that are free; everybody begins somewhere else."""
    for _ in range(QUEUE):
        slots = participant.get(f"{path}/slots", limit=QUEUE)["items"]
        for place in range(len(slots)):
            slot = slots[(number + place) % len(slots)]
            chosen = {"round_id": slot["round_id"], "slot_id": slot["slot_id"]}
            yield partial(_booked, participant, path, chosen)


def _booked(participant: Client, path: str, chosen: dict[str, str]) -> str:
    participant.post(f"{path}/booking", chosen)
    return chosen["round_id"]
