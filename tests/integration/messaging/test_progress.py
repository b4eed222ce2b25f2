"""Places of consumers while versions that handle different types run together."""

from collections.abc import Mapping
from dataclasses import replace

from shared.messaging.consuming.progress import Place, Progress, Slot
from tests.support.messaging import LISTENER, Listener, Said, Whispered

SLOT: Slot = ("submission", 0)
_PUBLISHED = """
WITH relay AS (
    INSERT INTO messaging.relay (service, position) VALUES ('submission', 10)
    RETURNING service
)
INSERT INTO messaging.published (service, position, event_id, type, key, partition)
SELECT service, 10, gen_random_uuid(), 'submission.Said.v1', 'p1', 0 FROM relay
"""


async def member(listener: Listener, *types: type[Said]) -> Progress:
    """Return the places of a process that handles *types*."""
    progress = Progress(listener.service.pool, LISTENER)
    await progress.register(listener.consumer(dict.fromkeys(types, listener.on_said)))
    return progress


def moved(places: Mapping[Slot, Place], position: int) -> dict[Slot, Place]:
    """Return the place of the slot after settling up to *position*."""
    place = replace(places[SLOT], next_offset=position, position=position)
    return {SLOT: place}


class TestProgress:
    async def test_is_kept_when_the_same_types_are_registered_again(
        self, listener: Listener
    ) -> None:
        """The control: a plain restart starts nothing over."""
        first = await member(listener, Said)
        await first.save(moved(await first.places(), 10))
        second = await member(listener, Said)
        assert (await second.places())[SLOT].position == 10
        await first.save(moved(await first.places(), 20))
        assert (await second.places())[SLOT].position == 20

    async def test_is_not_put_back_by_a_member_without_the_added_type(
        self, listener: Listener
    ) -> None:
        older = await member(listener, Said)
        await older.save(moved(await older.places(), 10))
        held = await older.places()
        newer = await member(listener, Said, Whispered)
        await older.save(moved(held, 20))
        assert (await newer.places())[SLOT].position == 0
        # Given the partition once more, it still skips the added type.
        await older.save(moved(await older.places(), 20))
        assert (await newer.places())[SLOT].position == 0
        await newer.save(moved(await newer.places(), 20))
        assert (await newer.places())[SLOT].position == 20

    async def test_is_behind_for_members_that_handle_all_types_alone(
        self, listener: Listener
    ) -> None:
        """An older one's places are not stored: it would read again without end."""
        older = await member(listener, Said)
        await listener.service.pool.execute(_PUBLISHED)
        assert await older.behind() == {SLOT}
        newer = await member(listener, Said, Whispered)
        assert await older.behind() == frozenset()
        assert await newer.behind() == {SLOT}
        await newer.save(moved(await newer.places(), 10))
        assert await newer.behind() == frozenset()

    async def test_is_not_put_back_by_a_place_from_before_it_started_over(
        self, listener: Listener
    ) -> None:
        newer = await member(listener, Said, Whispered)
        held = await newer.places()
        await member(listener, Said)  # an older version starts once more
        again = await member(listener, Said, Whispered)
        await newer.save(moved(held, 20))
        assert (await again.places())[SLOT].position == 0
