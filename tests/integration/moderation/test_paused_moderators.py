"""What a paused moderator holds goes back, from the log by the read model's hint."""

import asyncio
from uuid import UUID

from services.moderation import read_models
from services.moderation.app import CODEC
from services.moderation.clocks import takes_due
from services.moderation.domain.commands import OpenCase, TakeCase
from services.moderation.domain.decide import moderation
from services.moderation.domain.standing.commands import NoteAppointment, SetStanding
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers import Rechecks, Standings
from services.moderation.handlers.streams import case_stream, standing_stream
from services.moderation.read_models import held_by_somebody
from shared.crypto import Vault
from shared.database import open_pool
from shared.eventlog import open_log
from shared.handling import Cause, Handling, Step
from shared.projector import Projector
from tests.support.embedded import FreshDatabase
from tests.support.keys import memory_keystore
from tests.unit.moderation.examples import LATER, NOW, colleague, judged, sealed

HOLDERS = {1: "p-mod", 2: "p-mod2"}


async def test_a_case_goes_back_from_a_paused_moderator_alone(
    migrated_database: FreshDatabase,
) -> None:
    """Source: statistics.md 4, "Moderators: same ladder"."""
    url = migrated_database.url_for("moderation")
    async with open_log(url) as log, open_pool(url, schema="moderation") as pool:
        handling = Handling(log, CODEC)
        vault = Vault(memory_keystore(), lambda: NOW)
        rechecks = Rechecks(handling, vault, Standings(handling, vault))
        projector = Projector(
            service="moderation",
            log=log,
            codec=CODEC,
            pool=pool,
            models=read_models.ALL,
        )
        for number, holder in HOLDERS.items():
            stream = case_stream(f"c{number}", 1)
            opening = OpenCase(judged=judged(number), criterion_gap=2, at=NOW)
            taking = TakeCase(
                by=colleague(holder), token=UUID(int=number), expires_at=LATER, at=NOW
            )
            for command in (opening, taking):
                names = (str(number), type(command).__name__)
                step = Step(moderation, stream, command)
                await handling(Cause.by_clock("test", *names), step)
        following = asyncio.create_task(projector.run())
        await projector.reached((await log.head()).position, within_seconds=5)
        assert len(await held_by_somebody(pool, now=NOW)) == len(HOLDERS)
        assert await takes_due(rechecks, pool, lambda: NOW) == 0
        await _pause(handling, "p-mod")
        assert await takes_due(rechecks, pool, lambda: NOW) == 1
        await projector.reached((await log.head()).position, within_seconds=5)
        assert await held_by_somebody(pool, now=NOW) == [("c2", 1, "p-mod2")]
        assert await held_by_somebody(pool, now=LATER) == []
        following.cancel()


async def _pause(handling: Handling, person_id: str) -> None:
    appointed = NoteAppointment(
        person_id=person_id, role="moderator", organisation_id="o", at=NOW
    )
    paused = SetStanding(
        person_id=person_id,
        part="moderator",
        standing="paused",
        reason=sealed("reason"),
        by="p-lead",
        is_by_lead=True,
        at=NOW,
    )
    for command in (appointed, paused):
        step = Step(standing, standing_stream(person_id), command)
        cause = Cause.by_clock("test", type(command).__name__)
        await handling(cause, step)
