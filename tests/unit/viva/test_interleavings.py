"""Messages to viva come in any order, and again, and lead to the same end."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import structlog

from services.viva.domain.evolve import Awarded, Closed, Waiting
from shared.contracts.message import Received
from tests.unit.viva.examples import AT, RELEASED_AT
from tests.unit.viva.world import (
    World,
    granted,
    heard_by,
    hold_lifted,
    hold_placed,
    nominated,
    panellists,
    released,
    stated,
    submitted,
    withdrawal,
)

BEFORE = RELEASED_AT.replace(day=1)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of lines about handled commands would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


def interleavings(*topics: Sequence[Received[Any]]) -> Iterator[list[Received[Any]]]:
    """Yield every order that keeps the order inside each topic and key."""
    names = [number for number, topic in enumerate(topics) for _ in topic]
    for order in sorted(set(permutations(names))):
        queues = [iter(topic) for topic in topics]
        yield [next(queues[number]) for number in order]


async def ends(*topics: Sequence[Received[Any]]) -> list[dict[str, Any]]:
    """Return the different ends that the interleavings of *topics* lead to."""
    found: list[dict[str, Any]] = []
    for order in interleavings(*topics):
        world = await World().hear(*order)
        case = await world.case("c1")
        end = {
            "situation": case.situation,
            "took_part": case.known.took_part,
            "mentors": case.known.mentors,
            "organisations": case.known.organisations,
            "withdrawn": case.known.withdrawn_at,
            "row": (await world.rows()).get("viva c1"),
        }
        if end not in found:
            found.append(end)
    return found


class TestInterleavings:
    """Source: architecture.md, "Messaging", "No order is promised between topics"."""

    async def test_of_an_offer_lead_to_one_end(self) -> None:
        (end,) = await ends(
            (submitted("c1"), nominated("c1", "bo")),
            (released("c1", "CNM"), released("c1", is_revision=True)),
            (granted("hugo", "panel_member"), stated("hugo", "west-college")),
        )
        assert end["situation"] == Waiting(1)
        assert end["mentors"] == {"ben", "bo"}
        assert end["organisations"] == {"north-college"}

    async def test_of_an_appeal_and_an_outcome_lead_to_one_end(self) -> None:
        """Source: domain.md section 1: no earlier part in the case."""
        (end,) = await ends(
            (submitted("c1"),), (released("c1"),), (heard_by("c1", "nora"),)
        )
        assert end["took_part"] == {"rita", "mona", "nora"}

    async def test_of_a_withdrawal_and_a_cm_end_without_an_offer(self) -> None:
        (end,) = await ends(
            (submitted("c1"), withdrawal("c1")),
            (released("c1"),),
        )
        assert (end["situation"], end["withdrawn"]) == (Closed(), AT)

    async def test_of_a_withdrawal_and_a_revision_end_without_an_offer(self) -> None:
        (end,) = await ends(
            (withdrawal("c1"),),
            (released("c1"), released("c1", "CNM", is_revision=True)),
        )
        assert end["situation"] == Closed()

    @pytest.mark.parametrize(
        ("withdrawn_at", "end_situation"), [(BEFORE, Closed), (AT, Awarded)]
    )
    async def test_of_a_withdrawal_and_an_award_depend_on_their_times_alone(
        self, withdrawn_at: object, end_situation: type[object]
    ) -> None:
        """An award without viva stands if its outcome came before the withdrawal."""
        found = await ends(
            (withdrawal("c1", withdrawn_at),),  # type: ignore[arg-type]
            (released("c1", programme="QTLS"),),
        )
        assert {type(end["situation"]) for end in found} == {end_situation}

    @pytest.mark.parametrize("programme", ["ATS", "QTLS"])
    async def test_of_a_hold_that_is_lifted_lead_to_one_end(
        self, programme: str
    ) -> None:
        """Source: domain.md section 3: a clock can be stopped and restarted."""
        found = await ends(
            (submitted("c1"),),
            (released("c1", programme=programme),),
            (hold_placed("c1"), hold_lifted("c1")),
        )
        wanted = Waiting if programme == "ATS" else Awarded
        assert {type(end["situation"]) for end in found} == {wanted}
        assert {end["row"].is_on_hold for end in found} == {False}

    async def test_of_a_withdrawal_during_a_hold_lead_to_no_award(self) -> None:
        """Source: domain.md section 4: who has withdrawn takes no further part."""
        found = await ends(
            (withdrawal("c1", AT + timedelta(days=1)),),
            (released("c1", programme="QTLS"),),
            (
                hold_placed("c1", at=BEFORE),
                hold_lifted("c1", at=AT + timedelta(days=2)),
            ),
        )
        assert {type(end["situation"]) for end in found} == {Closed}
        assert {end["row"].state for end in found} == {"closed"}

    async def test_of_a_hold_and_a_withdrawal_lead_to_one_end(self) -> None:
        """Source: domain.md section 3."""
        (end,) = await ends(
            (submitted("c1"), withdrawal("c1")),
            (released("c1"),),
            (hold_placed("c1"), hold_lifted("c1")),
        )
        assert end["situation"] == Closed()

    async def test_of_repeated_messages_change_nothing(self) -> None:
        """Source: architecture.md, "Inbox": exact event ids for ever."""
        messages = (*panellists(), submitted("c1"), released("c1"), withdrawal("c1"))
        once = await (await World().hear(*messages)).facts()
        for number, again in enumerate(messages):
            for place in range(number + 1, len(messages) + 1):
                order = [*messages[:place], again, *messages[place:]]
                assert await (await World().hear(*order)).facts() == once

    async def test_take_effect_when_the_other_half_arrives(self) -> None:
        """A panel of people that nobody knew yet can be appointed later."""
        world = await World().hear(released("c1"))
        with pytest.raises(Exception, match="does not sit on panels"):
            await world.appoint("c1")
        await world.hear(*panellists())
        assert len((await world.appoint("c1")).facts) == 1
