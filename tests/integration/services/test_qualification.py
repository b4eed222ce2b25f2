"""A paused reviewer qualifies on seeds, or does not: three services and a broker."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.moderation.handlers.streams import pool_stream
from shared.clock import utc_now
from shared.contracts.programme import QualificationRules, SeedRules
from shared.crypto import Vault, open_keystore
from shared.embedded import BrokerProcess
from shared.eventlog import open_log
from shared.evidence import Snapshots, open_blob_store
from tests.integration.services.journey import (
    COHORT,
    Answer,
    claimed,
    enrol_extended,
    hand_in,
    judge_all,
    operations,
    register,
    reviewer,
    submitted_on_extension,
    waits_for,
)
from tests.integration.services.moderating import (
    APPS,
    PEOPLE,
    after_recalls,
    complete_review,
    judge_blind,
    lead,
    moderator,
    publish_plan,
    released,
)
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    KEY,
    LEAKED_AT_STOP,
    Running,
    eventually,
    keystore_url,
    run_services,
)
from tests.unit.moderation.qualifying import seed_facts
from tests.unit.moderation.seeding import tell

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

COURSE = QualificationRules(practice=1, qualify=2, in_tolerance=2)
RULES = SeedRules(rate_ppm=1, qualification=COURSE)
SEEDS = 5
"""For practice and both chances."""
RIGHT, WRONG = (3, 3, 3), (1, 1, 1)
COURSES = f"/cohorts/{COHORT}/qualifications"


@pytest.fixture
async def paused(
    demonstration_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    samples: tuple[Path, ...],
) -> AsyncIterator[tuple[Running, str, str]]:
    """Yield the services, the case that paused Rita judged, and one nobody has."""
    moderation = partial(
        APPS["moderation"].Settings, moderation_overdue_check_seconds=0.2
    )
    builds: dict[str, Any] = {
        "submission": (APPS["submission"].build, APPS["submission"].Settings),
        "review": (APPS["review"].build, APPS["review"].Settings),
        "moderation": (APPS["moderation"].build, moderation),
    }
    async with run_services(
        builds, demonstration_database, broker, tmp_path
    ) as running:
        desk = operations(running)
        for person_id, role in PEOPLE.items():
            assert (await register(desk, person_id, role)).is_success
        judged = (await submitted_on_extension(running, samples[0]))["case_id"]
        other = await submitted_by_bea(running, samples[0])
        await publish_plan(running, seeds=RULES)
        await fill_pool(running)
        await complete_review(running, f"{judged}.1.1", RIGHT)
        await held(running, judged)
        yield running, judged, other
        for name, app in running.apps.items():
            differences = await app.state.projector.differences()
            assert set(differences.values()) == {0}, name


async def submitted_by_bea(running: Running, path: Path) -> str:
    desk = operations(running)
    bea = await register(desk, "bea", "participant", organisation="north-college")
    assert bea.is_success, bea.text
    await enrol_extended(desk, "bea", mentor_id="ben")
    answer = await hand_in(
        desk, path, email="bea@example.org", mentor="Ben <ben@example.org>"
    )
    assert answer.is_success, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def fill_pool(running: Running) -> None:
    """Put seeds into the pool as their panel would have, in the stores there are."""
    async with (
        open_log(running.database.url_for("moderation")) as log,
        open_keystore(keystore_url(running.directory), KEY) as keys,
    ):
        vault = Vault(keys, utc_now)
        blobs = open_blob_store(f"file://{running.directory / 'evidence'}", vault.keys)
        for number in range(1, SEEDS + 1):
            facts = await seed_facts(number, vault, Snapshots(blobs))
            await tell(log, pool_stream("ATS"), *facts)


async def held(running: Running, case_id: str) -> None:
    """Pause Rita once her judgement is known; her result is held from then on."""

    async def is_known() -> bool:
        found = await lead(running).get(f"/cohorts/{COHORT}/standings")
        return bool(found.json()["standings"])

    await eventually(is_known)
    words = {"standing": "paused", "reason": "She asked for a break."}
    assert (await lead(running).post("/standings/rita", words)).is_success
    found = (await lead(running).get(f"/cohorts/{COHORT}/held")).json()["held"]
    assert [(each["case_id"], each["reviewer_id"]) for each in found] == [
        (case_id, "rita")
    ]


async def is_paused_in_review(running: Running, review_id: str) -> None:
    async def refused() -> bool:
        answer = await claim(running, review_id)
        return answer.status_code == 422 and "ReviewerPaused" in answer.text

    await eventually(refused)


async def claim(running: Running, review_id: str) -> httpx.Response:
    return await reviewer(running, "rita").post(f"/reviews/{review_id}/claim")


async def own_course(running: Running) -> Answer:
    """Return the course as Rita sees it."""
    rita = running.as_person("moderation", "rita", "reviewer")
    answer = await rita.get(f"{COURSES}/rita")
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


async def sit(running: Running, sets: int, *marks: tuple[int, int, int]) -> None:
    """Judge the last of so many sets as Rita, and wait until it is compared."""

    async def is_there() -> Answer | None:
        course = await own_course(running)
        return course if len(course["sets"]) == sets else None

    last = (await eventually(is_there))["sets"][-1]
    rita = reviewer(running, "rita")
    for each, levels in zip(last["seeds"], marks, strict=True):
        token = await claimed(rita, each["review_id"])
        await judge_all(rita, each["review_id"], token, levels)
        done = await rita.post(f"/reviews/{each['review_id']}/complete", token=token)
        assert done.status_code == 200, done.text
    await after_recalls(running)

    async def is_compared() -> bool:
        seeds = (await own_course(running))["sets"][sets - 1]["seeds"]
        return all(each["is_judged"] for each in seeds)

    await eventually(is_compared)


async def begin(running: Running) -> httpx.Response:
    return await lead(running).post(f"{COURSES}/rita")


async def state_of(running: Running) -> str:
    found = (await lead(running).get(COURSES)).json()["reviewers"]
    (rita,) = [each for each in found if each["reviewer_id"] == "rita"]
    state: str = rita["state"]
    return state


async def test_a_paused_reviewer_qualifies_and_goes_on(
    paused: tuple[Running, str, str],
) -> None:
    """Source: moderation.md 6 and 8."""
    running, judged, other = paused
    await is_paused_in_review(running, f"{other}.1.1")
    assert await state_of(running) == "needed"
    assert (await begin(running)).status_code == 201
    await sit(running, 1, WRONG)
    (practice,) = (await own_course(running))["sets"][0]["seeds"]
    assert practice["feedback"]["definitive"]["outcome"] == "CM"
    assert len(practice["feedback"]["rationales"]) == 3
    await sit(running, 2, WRONG, RIGHT)
    assert await state_of(running) == "qualifying"
    assert (await claim(running, f"{other}.1.1")).status_code == 422
    await sit(running, 3, RIGHT, RIGHT)
    assert await state_of(running) == "qualified"
    await waits_for(reviewer(running, "rita"), f"{other}.1.1")
    assert (await claim(running, f"{other}.1.1")).status_code == 201
    await judge_blind(moderator(running, "mona"), judged, RIGHT)
    await released(running)
    found = (await lead(running).get(f"/cohorts/{COHORT}/held")).json()
    assert found["held"] == []


async def test_who_fails_twice_is_stopped(paused: tuple[Running, str, str]) -> None:
    """Source: moderation.md 8: second chance, then stop."""
    running, _, other = paused
    await is_paused_in_review(running, f"{other}.1.1")
    assert (await begin(running)).status_code == 201
    await sit(running, 1, RIGHT)
    await sit(running, 2, WRONG, WRONG)
    seen = [
        each["feedback"] for each in (await own_course(running))["sets"][1]["seeds"]
    ]
    assert all(seen)
    await sit(running, 3, RIGHT, WRONG)
    assert await state_of(running) == "stopped"
    assert "Stopped" in (await begin(running)).text
    words = {"standing": "probation", "reason": "She is needed."}
    refused = await lead(running).post("/standings/rita", words)
    assert "QualificationFirst" in refused.text
    assert (await claim(running, f"{other}.1.1")).status_code == 422
