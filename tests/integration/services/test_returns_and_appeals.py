"""A judgement that is returned, and one that is made afresh: services and a broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.moderation import consumers
from services.moderation.app import CODEC
from services.moderation.handlers import Arrivals, Due, Placing
from shared.clock import utc_now
from shared.contracts.appeals import FreshReviewOrdered
from shared.contracts.message import Received
from shared.crypto import Vault, open_keystore
from shared.embedded import BrokerProcess
from shared.eventlog import open_log
from shared.evidence import Snapshots
from shared.handling import Handling
from shared.ids import new_id
from tests.integration.services.journey import (
    Answer,
    claimed,
    judge_all,
    operations,
    queued,
    register,
    reviewer,
    submitted_on_extension,
    waits_for,
)
from tests.integration.services.moderating import (
    APPS,
    after_recalls,
    in_queue,
    judge_blind,
    lead,
    moderator,
    publish_plan,
    released,
)
from tests.support.embedded import FreshDatabase
from tests.support.evidence import MemoryObjects, memory_blobs
from tests.support.running_services import (
    KEY,
    LEAKED_AT_STOP,
    Running,
    eventually,
    keystore_url,
    run_services,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

PEOPLE = {
    "rita": "reviewer",
    "sam": "reviewer",
    "mona": "moderator",
    "max": "moderator",
    "zora": "moderator",
    "lena": "lead_moderator",
}
READERS = {
    "una": ("reviewer", "lead_moderator"),
    "yves": ("moderator", "lead_moderator"),
}
"""They have no part in the case, and read it as leads once it is told."""
RETURN = {
    "decision": "return",
    "reason": "Say where the effect is shown.",
    "returning": {"other_work": "not_widened", "other_work_reason": "One slip."},
}


@pytest.fixture
async def three(
    demonstration_database: FreshDatabase, broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Running]:
    builds: dict[str, Any] = {
        name: (APPS[name].build, APPS[name].Settings)
        for name in ("submission", "review", "moderation")
    }
    async with run_services(
        builds, demonstration_database, broker, tmp_path
    ) as running:
        yield running


async def test_a_judgement_is_returned_and_then_made_afresh(
    three: Running, samples: tuple[Path, ...]
) -> None:
    """Source: moderation.md 5; domain.md section 3 (appeal)."""
    for person_id, role in PEOPLE.items():
        assert (await register(operations(three), person_id, role)).is_success
    for person_id, roles in READERS.items():
        assert (await register(operations(three), person_id, *roles)).is_success
    case = await submitted_on_extension(three, samples[0])
    await publish_plan(three)
    await it_is_returned(three, case["case_id"])
    await the_same_reviewer_judges_again(three, case["case_id"])
    assert (await released(three))["released"] == 1
    told = await last_outcome(three, case["case_id"])
    assert (told["outcome"], told["type"]) == ("CNM", "moderation.OutcomeReleased")
    await some_read_how_it_was_judged(three, case["case_id"])
    await somebody_else_judges_afresh(three, case["case_id"])
    revised = await last_outcome(three, case["case_id"])
    assert (revised["outcome"], revised["replaces"]) == ("CM", "CNM")
    assert set(revised["took_part"]) == set(PEOPLE)
    assert (await released(three))["released"] == 0


async def it_is_returned(running: Running, case_id: str) -> None:
    await complete(running, "rita", f"{case_id}.1.1", (3, 3, 3))
    for person_id in ("mona", "max"):
        await judge_blind(moderator(running, person_id), case_id, (3, 2, 3))
    await in_queue(lead(running), case_id)
    answer = await lead(running).post(f"/cases/{case_id}/1/decision", RETURN)
    assert answer.status_code == 201, answer.text


async def the_same_reviewer_judges_again(running: Running, case_id: str) -> None:
    review_id = f"{case_id}.1.1"
    rita, sam = reviewer(running, "rita"), reviewer(running, "sam")
    assert (await waits_for(rita, review_id))["why"] == "returned"
    assert await queued(sam) == []
    refused = await sam.post(f"/reviews/{review_id}/claim")
    assert refused.json()["type"].endswith("ReturnedToItsReviewer")
    token = await claimed(rita, review_id)
    held = (await rita.get(f"/reviews/{review_id}")).json()
    assert held["returned_because"] == RETURN["reason"]
    assert held["criteria"]["sufficiency"]["level"] == 3
    await judge_all(rita, review_id, token, (3, 2, 3))
    done = await rita.post(f"/reviews/{review_id}/complete", token=token)
    assert done.json()["outcome"] == "CNM"
    await settled(running, case_id, "mona")


async def some_read_how_it_was_judged(running: Running, case_id: str) -> None:
    for person_id in READERS:
        client = running.as_person("moderation", person_id, "lead_moderator")
        answer = await client.get(f"/cases/{case_id}/1")
        assert answer.json()["reviewer"]["outcome"] == "CNM"

    async def is_known_to_review() -> bool:
        async with open_log(running.database.url_for("review")) as log:
            events = await log.read_stream("reviewer-una")
        return events[-1].type == "review.PartNoted"

    await eventually(is_known_to_review)


async def somebody_else_judges_afresh(running: Running, case_id: str) -> None:
    async with moderation_hears(running) as hear:
        await hear(case_id)
    review_id = f"{case_id}.1.2"
    await waits_for(reviewer(running, "sam"), review_id)
    una = reviewer(running, "una")
    assert await queued(una) == []
    refused = await una.post(f"/reviews/{review_id}/claim")
    assert refused.json()["type"].endswith("EarlierPart")
    await complete(running, "sam", review_id, (3, 3, 3))
    rita = reviewer(running, "rita")
    assert await queued(rita) == []
    refused = await rita.post(f"/reviews/{review_id}/claim")
    assert refused.json()["type"].endswith("AlreadyCompleted")
    zora = moderator(running, "zora")
    await after_recalls(running)
    await in_queue(zora, case_id)
    took_part = await moderator(running, "mona").post(f"/cases/{case_id}/1/take")
    assert took_part.json()["type"].endswith("NotIndependent")
    yves = moderator(running, "yves")
    assert (await yves.get("/queue")).json()["items"] == []
    has_read = await yves.post(f"/cases/{case_id}/1/take")
    assert has_read.json()["type"].endswith("MayHaveRead")
    await judge_blind(zora, case_id, (3, 3, 3))


async def complete(
    running: Running, person_id: str, review_id: str, levels: tuple[int, int, int]
) -> None:
    """Claim, judge and complete a review."""
    client = reviewer(running, person_id)
    token = await claimed(client, review_id)
    await judge_all(client, review_id, token, levels)
    done = await client.post(f"/reviews/{review_id}/complete", token=token)
    assert done.status_code == 200, done.text


async def settled(running: Running, case_id: str, person_id: str) -> None:
    """Wait until the case is decided."""
    client = moderator(running, person_id)

    async def look() -> bool:
        answer = await client.get(f"/cases/{case_id}/1")
        return answer.json()["outcome"] is not None

    await eventually(look)


async def last_outcome(running: Running, case_id: str) -> Answer:
    """Return the last outcome that moderation recorded, as it is stored."""
    async with open_log(running.database.url_for("moderation")) as log:
        events = await log.read_stream(f"moderation-{case_id}.1")
    told = [event for event in events if "Outcome" in event.type]
    found: Answer = CODEC.decode(told[-1]).model_dump()
    return found


@asynccontextmanager
async def moderation_hears(running: Running) -> AsyncIterator[Any]:
    """Yield what lets moderation hear that a fresh review was ordered of a case."""
    async with (
        open_log(running.database.url_for("moderation")) as log,
        open_keystore(keystore_url(running.directory), KEY) as keys,
    ):
        handling = Handling(log, CODEC)
        vault = Vault(keys, utc_now)
        placing = Placing(Snapshots(memory_blobs(MemoryObjects(), vault.keys)))
        arrivals = Arrivals(handling, vault, placing)
        handle = consumers.build(arrivals, Due(handling), utc_now)[FreshReviewOrdered]

        async def hear(case_id: str) -> None:
            await handle(received(case_id, new_id()))

        yield hear


def received(case_id: str, event_id: UUID) -> Received[FreshReviewOrdered]:
    body = FreshReviewOrdered(
        case_id=case_id,
        participant_id="ana",
        appeal_id="appeal-1",
        attempt=1,
        excluded=("paula",),
        ordered_at=utc_now(),
    )
    return Received(
        body=body,
        event_id=event_id,
        source="appeals",
        stream=f"appeal-{case_id}.1",
        version=1,
        position=1,
        epoch=1,
        generation=1,
        occurred_at=utc_now(),
        correlation_id=event_id,
    )
