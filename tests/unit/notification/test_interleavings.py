"""Released outcomes come in any order, and again, and lead to the same letters."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from uuid import UUID

import pytest
import structlog

from services.notification import consumers, read_models
from services.notification.app import CODEC
from services.notification.domain.events import Requested
from services.notification.handlers import Notices
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased
from shared.handling import Handling
from shared.vocabulary import Outcome
from tests.support.memory_log import MemoryEventLog
from tests.unit.notification.examples import NOW, sealed


def released(
    number: int, outcome: Outcome, case_id: str, attempt: int = 1
) -> Received[OutcomeReleased]:
    body = OutcomeReleased(
        case_id=case_id,
        cohort_id="ats-2025-10",
        attempt=attempt,
        participant_id=f"p-{case_id}",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        outcome=outcome,
        feedback=sealed(f"feedback {number}"),
        took_part=("p-rev",),
        released_at=NOW,
    )
    return Received(
        body=body,
        event_id=UUID(int=number),
        source="moderation",
        stream=f"moderation-{case_id}.{attempt}",
        version=3,
        position=number,
        epoch=1,
        generation=1,
        occurred_at=NOW,
        correlation_id=UUID(int=number),
    )


MESSAGES = (
    released(1, "CM", "c1"),
    released(2, "CM", "c2"),
    released(3, "CNM", "c3"),
    released(4, "CM", "c3", attempt=2),
    released(5, "CM", "c4"),
)


async def letters(messages: Sequence[Received[OutcomeReleased]]) -> dict[str, object]:
    """Return every stream with its facts, and every row, after *messages*."""
    log = MemoryEventLog(now=lambda: NOW)
    notices = Notices(Handling(log, CODEC))
    handlers = consumers.build(notices, lambda: NOW)
    for message in messages:
        await handlers[OutcomeReleased](message)
    found: dict[str, object] = {}
    rows: dict[str, object] = {}
    for event in await log.read_after(0):
        fact = CODEC.decode(event)
        assert (event.version, type(fact)) == (1, Requested), "a letter came twice"
        found[event.stream] = fact
        for model in read_models.ALL:
            key = model.key(fact, event)
            if key is not None:
                rows[f"row {key}"] = model.fold(None, fact, event)
    return found | rows


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of lines about handled commands would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


class TestInterleavings:
    """Source: architecture.md, "Messaging", "No order is promised between topics"."""

    async def test_all_lead_to_the_same_letters(self) -> None:
        expected = await letters(MESSAGES)
        told = [each for each in MESSAGES if each.body.outcome == "CM"]
        assert len(expected) == 2 * len(told)
        for order in permutations(MESSAGES):
            assert await letters(order) == expected

    async def test_of_repeated_messages_ask_for_no_second_letter(self) -> None:
        """Source: domain.md section 5: one letter per (case, template, fact)."""
        expected = await letters(MESSAGES)
        for again in MESSAGES:
            for place in range(MESSAGES.index(again) + 1, len(MESSAGES) + 1):
                order = (*MESSAGES[:place], again, *MESSAGES[place:])
                assert await letters(order) == expected

    async def test_differ_when_another_outcome_is_released(self) -> None:
        """The control: what is compared does depend on the messages."""
        other = (released(1, "CNM", "c1"), *MESSAGES[1:])
        assert await letters(other) != await letters(MESSAGES)
