"""Reviews that wait for one of three reviewers, and the office that gives them away."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx

from shared.clock import utc_now
from shared.contracts.message import Received
from shared.ids import new_id
from tests.integration.services.deliveries import open_deliveries, published
from tests.integration.services.journey import (
    Answer,
    operations,
    queued,
    register,
    reviewer,
)
from tests.support.running_services import Client, Running
from tests.unit.review.test_translation import SUBMITTED

JUDGES = {"rita": "south-college", "sam": "west-college", "nora": "north-college"}
PATH = "/cohorts/ats-2025-10/allocations"
CAPS = {"at_most": 10}


@dataclass(slots=True)
class Office:
    """Somebody of operations, and the reviewers."""

    running: Running
    desk: Client
    rita: Client
    sam: Client
    nora: Client

    async def preview(self, caps: Answer = CAPS) -> Answer:
        answer = await self.desk.post(f"{PATH}/preview", caps)
        assert answer.status_code == 200, answer.text
        found: Answer = answer.json()
        return found

    async def apply(self, seen: Answer, **more: Any) -> httpx.Response:
        body = {**CAPS, "based_on": seen["based_on"]}
        return await self.desk.post(PATH, body, **more)

    async def hear(self, *messages: Received[Any]) -> None:
        async with open_deliveries(self.running.database) as deliveries:
            await deliveries.hand_over(*messages)


def submitted(case_id: str, **changes: Any) -> Received[Any]:
    """Return the news of a portfolio by somebody of Nora's college."""
    opened = utc_now() - timedelta(days=1)
    values = {
        "case_id": case_id,
        "person_id": f"ana-{case_id}",
        "organisation_id": "north-college",
        "submitted_at": opened,
        "review_opens_at": opened,
    }
    body = SUBMITTED.body.model_copy(update=values | changes)
    return replace(SUBMITTED, body=body, event_id=new_id(), occurred_at=opened)


async def office_with(running: Running, *messages: Received[Any]) -> Office:
    """Return the office once review has heard *messages* and knows the reviewers."""
    people = operations(running)
    for judge, organisation in JUDGES.items():
        answer = await register(people, judge, "reviewer", organisation=organisation)
        assert answer.status_code == 201
    office = Office(
        running,
        running.as_person("review", "olga", "operations"),
        *(reviewer(running, judge) for judge in JUDGES),
    )
    await office.hear(*await published(running), *messages)
    await office.preview()  # waits for what was heard
    return office


async def given_to(client: Client) -> list[str]:
    """Return the reviews that this reviewer sees as given to them."""
    items = await queued(client)
    return [each["review_id"] for each in items if each["why"] == "allocated"]
