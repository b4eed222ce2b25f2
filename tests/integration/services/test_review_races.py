"""Four reviewers race for one review, a thousand times, over HTTP and PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from services.review.app import CODEC
from shared.clock import utc_now
from shared.contracts.message import Received
from shared.contracts.submission import RoleGranted
from shared.crypto import Vault, open_keystore
from shared.eventlog import open_log
from shared.evidence import Snapshots, open_blob_store
from shared.ids import new_id
from shared.vocabulary import CRITERIA
from tests.integration.services.deliveries import open_deliveries
from tests.support.evidence import snapshot
from tests.support.running_services import (
    KEY,
    LEAKED_AT_STOP,
    Client,
    Running,
    keystore_url,
)
from tests.support.serving import free_port, served
from tests.unit.review.racing import Referee
from tests.unit.review.test_translation import SUBMITTED

pytestmark = [
    pytest.mark.filterwarnings(LEAKED_AT_STOP),
    pytest.mark.timeout(900),  # about a minute where nothing else runs
]

RACES = 1_000
JUDGED = 50
"""Of them so many go on to a judgement, and to its recall."""
LEFT = 100
"""And in so many the first holder gives the review back while the others ask."""
PEOPLE = ("rita", "sam", "tom", "uma")
HELD = "urn:attest:problem:HeldBySomebodyElse"


@dataclass(frozen=True, slots=True)
class Course:
    """Where the races are run: reviewers on sockets of their own, and the log."""

    running: Running
    reviewers: Sequence[Client]

    async def at_once(
        self, *asks: tuple[Client, str, object, int | None]
    ) -> list[httpx.Response]:
        """Return the answers to requests that are sent together."""
        answers = await asyncio.gather(
            *(
                client.post(path, body, token=token)
                for client, path, body, token in asks
            )
        )
        assert max(answer.status_code for answer in answers) < 500
        return list(answers)


@pytest.fixture
async def course(unconnected: Running) -> AsyncIterator[Course]:
    """Review alone on a real socket, with reviews that wait for four reviewers."""
    port = free_port()
    await _fill(unconnected)
    apps = {"review": unconnected.apps["review"]}
    url = f"http://127.0.0.1:{port}/review"
    async with served(apps, port), httpx.AsyncClient(base_url=url) as http:
        signed_in = (
            unconnected.as_person("review", name, "reviewer") for name in PEOPLE
        )
        yield Course(unconnected, [replace(each, http=http) for each in signed_in])


async def _fill(running: Running) -> None:
    """Let there be reviewers, and a portfolio for each race."""
    anything: Received[Any] = SUBMITTED
    async with (
        open_deliveries(running.database) as deliveries,
        open_keystore(keystore_url(running.directory), KEY) as keys,
    ):
        vault = Vault(keys, utc_now)
        blobs = open_blob_store(f"file://{running.directory / 'evidence'}", vault.keys)
        for name in PEOPLE:
            body = RoleGranted(
                person_id=name, role="reviewer", organisation_id=f"{name}-college"
            )
            await deliveries.hand_over(replace(anything, body=body, event_id=new_id()))
        for number in range(RACES):
            case_id, places = f"c{number}", {}
            if number < JUDGED:
                blob = await Snapshots(blobs).write("ana", snapshot(case_id=case_id))
                places = {
                    "snapshot_sha256": blob.content_hash,
                    "snapshot_path": blob.path,
                }
            submitted = anything.body.model_copy(
                update={"case_id": case_id, "person_id": "ana", **places}
            )
            await deliveries.hand_over(
                replace(anything, body=submitted, event_id=new_id())
            )


async def test_every_race_has_one_holder_and_one_judgement(course: Course) -> None:
    """Source: moderation.md, "Reviewing": a fencing token checked on every write."""
    told: Counter[str] = Counter()
    for number in range(RACES):
        path = f"/reviews/c{number}.1.1"
        holder, token = await claimed_at_once(course, path)
        if number < JUDGED:
            told.update(await judged_at_once(course, path, holder, token))
        elif number < JUDGED + LEFT:
            told.update(await left_at_once(course, path, holder, token))
    assert await violations(course.running) == {}
    assert told == {"a second holder": LEFT, "taken back": JUDGED}


async def claimed_at_once(course: Course, path: str) -> tuple[Client, int]:
    """Return who holds the review that all claim together, and the token."""
    answers = await asyncio.gather(
        *(each.post(f"{path}/claim") for each in course.reviewers)
    )
    won = [place for place, each in enumerate(answers) if each.status_code == 201]
    lost = {each.json()["type"] for each in answers if each.status_code != 201}
    assert (len(won), lost) == (1, {HELD})
    return course.reviewers[won[0]], int(answers[won[0]].json()["token"])


async def left_at_once(
    course: Course, path: str, holder: Client, token: int
) -> list[str]:
    """Let the holder give the review back while the others try to claim it."""
    others = [each for each in course.reviewers if each is not holder]
    tokens: list[int] = []

    async def persist(client: Client) -> None:
        while not tokens:
            answer = await client.post(f"{path}/claim")
            tokens.extend([answer.json()["token"]] if answer.is_success else [])

    release = asyncio.create_task(holder.post(f"{path}/release", token=token))
    await asyncio.gather(*(persist(each) for each in others))
    released = await release
    assert released.status_code == 200, released.text
    assert tokens == [token + 1]
    late = await holder.post(f"{path}/extend", token=token)
    assert late.json()["type"].endswith(":TokenStale")
    return ["a second holder"]


async def judged_at_once(
    course: Course, path: str, holder: Client, token: int
) -> list[str]:
    """Let the holder judge while others try, complete twice at once, and recall."""
    others = [each for each in course.reviewers if each is not holder]
    body = judgement(await holder.get(f"{path}/portfolio"))
    for place, criterion in enumerate(CRITERIA):
        other = others[place]
        mine, theirs = await course.at_once(
            (holder, f"{path}/criteria/{criterion}", body, token),
            (other, f"{path}/criteria/{criterion}", body, token),
        )
        assert (mine.status_code, theirs.status_code) == (200, 422), mine.text
    await course.at_once((holder, f"{path}/feedback", FEEDBACK, token))
    await course.at_once(
        (holder, f"{path}/complete", {}, token),
        (holder, f"{path}/complete", {}, token),
        (others[0], f"{path}/claim", {}, None),
        (others[1], f"{path}/complete", {}, token),
    )
    recalls = await course.at_once(
        (holder, f"{path}/recall", {}, None),
        (holder, f"{path}/recall", {}, None),
        (others[0], f"{path}/recall", {}, None),
        (others[1], f"{path}/claim", {}, None),
    )
    assert [each.status_code for each in recalls[:3]] == [201, 201, 404]
    assert recalls[0].json()["token"] == recalls[1].json()["token"] == token + 1
    stale, fresh = await course.at_once(
        (holder, f"{path}/complete", {"borderline": True}, token),
        (holder, f"{path}/complete", {"borderline": True}, token + 1),
    )
    assert (stale.status_code, fresh.status_code) == (422, 200), fresh.text
    return ["taken back"]


FEEDBACK = {
    "overall": "Thank you.",
    "comments": dict.fromkeys(CRITERIA, "Well evidenced."),
}


def judgement(portfolio: httpx.Response) -> dict[str, object]:
    """Return a judgement that cites the first words of the portfolio."""
    found = portfolio.json()
    passage = {
        "kind": "passage",
        "snapshot_sha256": found["snapshot_sha256"],
        "section": found["sections"][0]["key"],
        "start": 0,
        "end": 9,
    }
    return {"level": 3, "rationale": "It is all there.", "evidence": [passage]}


async def violations(running: Running) -> Counter[str]:
    """Return what should never have been accepted, from every stream of the log."""
    found: Counter[str] = Counter()
    async with open_log(running.database.url_for("review")) as log:
        for number in range(RACES):
            events = await log.read_stream(f"review-c{number}.1.1")
            facts = [CODEC.decode(event) for event in events]
            assert len(facts) > 2
            found.update(Referee().watch(facts))
    return found
