"""Replies of PostgreSQL are cut at random: nothing is lost, nothing happens twice."""

import asyncio

import asyncpg
import pytest

from shared.eventlog import open_log
from shared.eventlog.connecting import LOST
from shared.eventlog.group import APPEND, arguments
from tests.faults.eventlog.checks import assert_sound, effects, meant, stored
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_event, new_mark, new_stream, unit
from tests.support.tcp_fault import faulty

CALLERS = 8
TURNS = 12
CUTS_EARLY = 13
"""A seed that cuts the sixth reply, the ninth and the eleventh at either probability:
where all callers wait for one another there are no more replies than turns."""


class TestCutReplies:
    @pytest.mark.parametrize("probability", [0.08, 0.5])
    async def test_lose_nothing_and_repeat_nothing(
        self, migrated_database: FreshDatabase, probability: float
    ) -> None:
        url_of_role = migrated_database.url_for("submission")
        async with (
            faulty(url_of_role, seed=CUTS_EARLY) as (fault, url),
            open_log(url) as log,
        ):
            fault.cut_probability = probability

            async def call(caller: int) -> None:
                stream = new_stream()
                for turn in range(TURNS):
                    event = new_event(payload=meant(f"{caller}.{turn}"))
                    await log.append(unit(stream, turn, event, inbox=(new_mark(),)))
                    # Take turns, so that the callers are not one group for ever.
                    await asyncio.sleep(caller * 0.001)

            await asyncio.gather(*(call(caller) for caller in range(CALLERS)))
            cuts = fault.cuts
            fault.cut_probability = 0.0
        events = await stored(migrated_database.url)
        assert_sound(events)
        assert len(events) == CALLERS * TURNS
        assert set(effects(events).values()) == {1}
        assert cuts > 0, "no reply was cut: the test showed nothing"

    async def test_control_a_client_with_fresh_ids_repeats_its_effects(
        self, migrated_database: FreshDatabase
    ) -> None:
        async with faulty(migrated_database.url_for("submission")) as (fault, url):
            fault.cut_probability = 0.5
            for turn in range(20):
                await _naive_append(url, f"{turn}")
        events = await stored(migrated_database.url)
        assert_sound(events)
        assert max(effects(events).values()) > 1


async def _naive_append(url: str, what: str) -> None:
    """Try again after a lost connection as if nothing had been written."""
    while True:
        work = unit(new_stream(), 0, new_event(payload=meant(what)))
        connection = await asyncpg.connect(url)
        try:
            append = await connection.prepare(APPEND)
            await append.fetch(*arguments([work]))
        except LOST:
            continue
        else:
            return
        finally:
            connection.terminate()
