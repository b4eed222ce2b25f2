"""A judgement is taken back over HTTP, and everybody who works on sees it."""

from functools import partial
from pathlib import Path

import pytest

from shared.embedded import BrokerProcess
from tests.integration.services.journey import (
    Answer,
    judge_all,
    reviewer,
)
from tests.integration.services.moderating import (
    after_recalls,
    in_queue,
    lead,
    moderator,
    one_judged,
    take,
)
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Client,
    Running,
    eventually,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

SAID = {"reason": "I have confused two portfolios."}


async def test_a_judgement_is_taken_back_and_made_again(
    demonstration_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    samples: tuple[Path, ...],
) -> None:
    """Source: domain.md section 4; moderation.md, "Reviewing"."""
    async with one_judged(demonstration_database, broker, tmp_path, samples[0]) as (
        running,
        case_id,
    ):
        await a_moderator_takes_it(running, case_id)
        await it_is_taken_back(running, case_id)
        await the_moderator_loses_it(running, case_id)
        await nothing_is_released(running, case_id)
        await it_is_judged_again(running, case_id)
        await it_is_final_afterwards(running, case_id)


def problem(answer: object) -> str:
    found: str = answer.json()["type"].rpartition(":")[2]  # type: ignore[attr-defined]
    return found


async def a_moderator_takes_it(running: Running, case_id: str) -> None:
    mona = moderator(running, "mona")
    assert await take(mona, case_id)
    assert (await mona.get(f"/cases/{case_id}/1")).json()["state"] == "held"


async def it_is_taken_back(running: Running, case_id: str) -> None:
    path = f"/reviews/{case_id}.1.1/recall"
    rita, sam = reviewer(running, "rita"), reviewer(running, "sam")
    assert problem(await sam.post(path)) == "NotYourJudgement"
    malformed = await rita.post(path, {"reason": "x" * 501})
    assert malformed.status_code == 422
    first = await rita.post(path, SAID, key="taken-back")
    assert first.status_code == 201, first.text
    assert first.json()["token"] == 2
    again = await rita.post(path, SAID, key="taken-back")
    assert again.json() == first.json()
    other = await rita.post(path)
    assert (other.status_code, other.json()["token"]) == (201, 2)
    held = (await rita.get(f"/reviews/{case_id}.1.1")).json()
    assert (held["state"], held["token"]) == ("held", 2)
    assert held["criteria"]["sufficiency"]["level"] == 3
    assert held["feedback"]["overall"]
    for client in (lead_of_reviews(running), office_of_reviews(running)):
        (shown,) = await eventually(partial(listed, client))
        assert (shown["case_id"], shown["recalled_by"]) == (case_id, "rita")
        assert "levels" not in shown


def lead_of_reviews(running: Running) -> Client:
    return running.as_person("review", "lena", "lead_moderator")


def office_of_reviews(running: Running) -> Client:
    return running.as_person("review", "olga", "operations")


async def recalls(client: Client) -> list[Answer]:
    answer = await client.get("/recalls")
    assert answer.status_code == 200, answer.text
    items: list[Answer] = answer.json()["items"]
    return items


async def listed(client: Client) -> list[Answer] | None:
    """Return what is taken back, once the list shows anything."""
    return await recalls(client) or None


async def the_moderator_loses_it(running: Running, case_id: str) -> None:
    mona = moderator(running, "mona")

    async def lost() -> bool:
        found = await mona.get(f"/cases/{case_id}/1")
        return found.status_code == 422 and problem(found) == "JudgementRecalled"

    await eventually(lost)
    taken = await mona.post(f"/cases/{case_id}/1/take")
    assert problem(taken) == "JudgementRecalled"

    async def unlisted() -> bool:
        return not (await mona.get("/queue")).json()["items"]

    await eventually(unlisted)


async def nothing_is_released(running: Running, case_id: str) -> None:
    refused = await lead(running).post("/cohorts/ats-2025-10/release")
    assert refused.status_code == 422
    assert problem(refused) == "JudgementsRecalled"
    assert refused.json()["context"]["cases"] == [case_id]
    assert refused.json()["context"]["until"]


async def it_is_judged_again(running: Running, case_id: str) -> None:
    rita, review_id = reviewer(running, "rita"), f"{case_id}.1.1"
    await judge_all(rita, review_id, 2, (3, 2, 3))
    done = await rita.post(f"/reviews/{review_id}/complete", token=2)
    assert done.json()["outcome"] == "CNM"
    shown = (await rita.get(f"/reviews/{review_id}")).json()
    assert (shown["state"], shown["outcome"]) == ("completed", "CNM")
    assert shown["recallable_until"]

    async def none_is_left() -> bool:
        return await recalls(office_of_reviews(running)) == []

    await eventually(none_is_left)
    await in_queue(moderator(running, "mona"), case_id)


async def it_is_final_afterwards(running: Running, case_id: str) -> None:
    await after_recalls(running)
    refused = await reviewer(running, "rita").post(f"/reviews/{case_id}.1.1/recall")
    assert (refused.status_code, problem(refused)) == (422, "RecallTooLate")
    assert refused.json()["context"]["until"]
    assert (
        problem(await reviewer(running, "rita").post(f"/reviews/{case_id}.1.2/recall"))
        == "UnknownReview"
    )
