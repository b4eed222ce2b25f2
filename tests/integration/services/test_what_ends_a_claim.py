"""What comes from outside while a review is held: by SQL, folds and HTTP."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.review.app import CODEC
from services.review.clocks import overdue_due
from services.review.domain.turns import FellOverdue
from services.review.handlers import Claims
from shared.clock import utc_now
from shared.contracts.message import Message, Received
from shared.contracts.submission import MentorNominated, OrganisationStated, Withdrawn
from shared.database import open_pool
from shared.eventlog import open_log
from shared.handling import Handling
from shared.ids import new_id
from tests.integration.services.deliveries import open_deliveries, published
from tests.integration.services.journey import (
    claimed,
    judge_all,
    operations,
    queued,
    register,
    reviewer,
    submitted_on_extension,
)
from tests.integration.services.test_claims import problem_of
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Client,
    Running,
    eventually,
)
from tests.unit.review.test_translation import SUBMITTED

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

JUDGES = {"rita": "south-college", "sam": "west-college", "una": "east-college"}


async def test_a_claim_ends_for_whoever_may_not_judge_any_more(
    unconnected: Running, samples: tuple[Path, ...]
) -> None:
    """Source: domain.md section 1; moderation.md, "Reviewing"."""
    for judge, organisation in JUDGES.items():
        answer = await register(
            operations(unconnected), judge, "reviewer", organisation=organisation
        )
        assert answer.status_code == 201
    case = await submitted_on_extension(unconnected, samples[0])
    await hear(unconnected, *await published(unconnected))
    await the_mentor_loses_it(unconnected, case["case_id"])
    await who_changed_the_employer_cannot_complete(unconnected, case["case_id"])
    await whoever_let_it_lapse_is_told_once(unconnected, case["case_id"])
    await the_withdrawal_closes_it(unconnected, case["case_id"])


async def hear(running: Running, *messages: Received[Any]) -> None:
    async with open_deliveries(running.database) as deliveries:
        await deliveries.hand_over(*messages)


def message(body: Message) -> Received[Any]:
    any_message: Received[Any] = SUBMITTED
    return replace(any_message, body=body, event_id=new_id(), occurred_at=utc_now())


async def out_of_queue(client: Client) -> None:
    """Wait until nothing is left in a reviewer's queue."""

    async def look() -> bool:
        return await queued(client) == []

    await eventually(look)


async def the_mentor_loses_it(running: Running, case_id: str) -> None:
    """Source: domain.md section 1: a reviewer never judges their mentee."""
    rita, review_id = reviewer(running, "rita"), f"{case_id}.1.1"
    token = await claimed(rita, review_id)
    body = MentorNominated(case_id=case_id, participant_id="ana", mentor_id="rita")
    await hear(running, message(body))
    await out_of_queue(rita)
    extended = await rita.post(f"/reviews/{review_id}/extend", token=token)
    assert problem_of(extended) == "OwnMentee"
    again = await rita.post(f"/reviews/{review_id}/claim")
    assert problem_of(again) == "OwnMentee"


async def who_changed_the_employer_cannot_complete(
    running: Running, case_id: str
) -> None:
    """Source: domain.md section 1: checked again when the decision is made."""
    sam, review_id = reviewer(running, "sam"), f"{case_id}.1.1"
    token = await claimed(sam, review_id)
    await judge_all(sam, review_id, token, (3, 3, 3))
    body = OrganisationStated(person_id="sam", organisation_id="north-college")
    await hear(running, message(body))
    done = await sam.post(f"/reviews/{review_id}/complete", token=token)
    assert problem_of(done) == "OwnOrganisation"
    released = await sam.post(f"/reviews/{review_id}/release", token=token)
    assert released.status_code == 200


async def whoever_let_it_lapse_is_told_once(running: Running, case_id: str) -> None:
    """Source: S2 4.4: review runs over one month."""
    review_id = f"{case_id}.1.1"
    await claimed(reviewer(running, "una"), review_id)
    assert await overdue(running, days=60) == 1
    async with open_log(running.database.url_for("review")) as log:
        events = await log.read_stream(f"review-{review_id}")
    facts = [CODEC.decode(event) for event in events]
    (told,) = [fact for fact in facts if isinstance(fact, FellOverdue)]
    assert told.reviewer_id == "una"

    async def none_left() -> bool:
        return await overdue(running, days=60) == 0

    await eventually(none_left)


async def overdue(running: Running, *, days: int) -> int:
    """Look for what is overdue as the clock would in so many days."""
    url = running.database.url_for("review")

    def later() -> datetime:
        return utc_now() + timedelta(days=days)

    async with open_log(url) as log, open_pool(url, schema="review") as pool:
        return await overdue_due(Claims(Handling(log, CODEC)), pool, later)


async def the_withdrawal_closes_it(running: Running, case_id: str) -> None:
    """Source: domain.md section 4: Withdrawn."""
    una, review_id = reviewer(running, "una"), f"{case_id}.1.1"
    token = await claimed(una, review_id)
    await hear(running, message(Withdrawn(case_id=case_id, withdrawn_at=utc_now())))
    await out_of_queue(una)
    extended = await una.post(f"/reviews/{review_id}/extend", token=token)
    assert problem_of(extended) == "ReviewClosed"
    assert "Nothing of this request was saved" in extended.json()["title"]
    assert problem_of(await una.post(f"/reviews/{review_id}/claim")) == "ReviewClosed"
    assert problem_of(await una.get(f"/reviews/{review_id}")) == "ReviewClosed"
    assert problem_of(await una.get(f"/reviews/{review_id}/portfolio")) == (
        "ReviewClosed"
    )
    sam = reviewer(running, "sam")
    assert problem_of(await sam.get(f"/reviews/{review_id}")) == "ReviewClosed"
    stranger = reviewer(running, "nobody")
    assert (await stranger.get(f"/reviews/{review_id}")).status_code == 404
