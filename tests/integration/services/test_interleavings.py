"""In whatever order messages arrive, review ends in the same state."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from services.review.app import CODEC
from services.review.consumers import OrganisationUnknownError
from services.review.domain.decide import review
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import Waiting
from shared.contracts.message import Received
from shared.contracts.submission import RoleGranted, Submitted
from shared.eventlog import open_log
from shared.handling import Handling
from shared.ids import new_id
from tests.integration.services.deliveries import open_deliveries
from tests.support.embedded import FreshDatabase
from tests.unit.review.test_translation import SUBMITTED


def granted(person_id: str, role: str, organisation_id: str | None) -> Received[Any]:
    body = RoleGranted.model_validate(
        {"person_id": person_id, "role": role, "organisation_id": organisation_id}
    )
    any_message: Received[Any] = SUBMITTED
    return replace(any_message, body=body, event_id=new_id())


def submitted(case_id: str) -> Received[Submitted]:
    body = SUBMITTED.body.model_copy(update={"case_id": case_id})
    return replace(SUBMITTED, body=body, event_id=new_id())


async def test_every_interleaving_leads_to_the_same_state(
    migrated_database: FreshDatabase,
) -> None:
    """Source: architecture.md: no order is promised between topics."""
    found = set()
    async with open_deliveries(migrated_database) as deliveries:
        for number, order in enumerate(permutations(range(4))):
            case, rita = f"case-{number}", f"rita-{number}"
            once = submitted(case)
            messages = [
                once,
                granted(rita, "reviewer", "south-college"),
                granted(rita, "mentor", None),
                once,
            ]
            await deliveries.hand_over(*(messages[place] for place in order))
            found.add(await state_of(migrated_database, case, rita))
    assert found == {("waiting", "south-college", 1, 1)}


async def state_of(
    database: FreshDatabase, case: str, judge: str
) -> tuple[object, ...]:
    async with open_log(database.url_for("review")) as log:
        handling = Handling(log, CODEC)
        requests, portfolio = await handling.fold(review, f"review-{case}.1.1")
        registrations, person = await handling.fold(reviewer, f"reviewer-{judge}")
    assert isinstance(portfolio, Waiting)
    assert isinstance(person, Registered)
    free = "waiting" if portfolio.claim is None else "claimed"
    return free, person.organisation_id, requests, registrations


async def test_a_reviewer_without_an_organisation_is_refused_loudly(
    migrated_database: FreshDatabase,
) -> None:
    """Source: domain.md section 1: independence needs the organisation."""
    async with open_deliveries(migrated_database) as deliveries:
        with pytest.raises(OrganisationUnknownError):
            await deliveries.hand_over(granted("rita", "reviewer", None))
