"""What moderation refuses over HTTP, and how it says so."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import services.moderation.app
from services.moderation.domain.rules import rules_of
from shared.embedded import BrokerProcess
from tests.integration.services.journey import COHORT, CRITERIA, Answer
from tests.integration.services.moderating import PARTIES, lead, moderator, publish_plan
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Running, run_services
from tests.unit.moderation import examples

PLAN: Answer = {"cohort_id": COHORT, "programme": "ATS", "parties": list(PARTIES)}
RULES: Answer = (
    rules_of(examples.POLICY)
    .model_copy(update={"second_opinions_ppm": 0})
    .model_dump(mode="json")
)
"""Those of the programme, but for second opinions, as `publish_plan` has them."""
FLOOR: Answer = RULES["floors"][0]
OFF_THE_SCALE = {"levels.reliability": [5]}
BLIND: Answer = {
    "levels": dict.fromkeys(CRITERIA, 3),
    "rationale": dict.fromkeys(CRITERIA, "Because."),
    "evidence": {},
}


@pytest.fixture
async def alone(
    migrated_database: FreshDatabase, broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Running]:
    module: Any = services.moderation.app
    builds = {"moderation": (module.build, module.Settings)}
    async with run_services(builds, migrated_database, broker, tmp_path) as running:
        yield running


async def test_refusals_say_what_is_wrong_and_where(alone: Running) -> None:
    await plans_are_checked(alone)
    await randomness_is_checked(alone)
    await requests_are_idempotent(alone)
    await cases_are_kept_from_the_wrong_people(alone)
    await decisions_are_complete(alone)
    await what_is_late_is_for_the_lead(alone)
    await nobody_qualifies_where_the_plan_has_nothing_of_it(alone)
    await nothing_is_answered_without_an_identity(alone)


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("urn:attest:problem:")


def fields(answer: httpx.Response) -> str:
    assert problem(answer) == (422, "MalformedRequest")
    return " ".join(
        f"{each['field']} {each['problem']}" for each in answer.json()["fields"]
    )


async def plans_are_checked(running: Running) -> None:
    lena = lead(running)
    for change, said in (
        ({"rules": {**RULES, "block_size": 7}}, "block_size must divide"),
        ({"rules": {**RULES, "floors": [{**FLOOR, "least_ppm": -1}]}}, "least_ppm"),
        ({"rules": {**RULES, "floors": [{**FLOOR, "least_ppm": 10**7}]}}, "least_ppm"),
        ({"rules": {**RULES, "floors": [FLOOR, FLOOR]}}, "rule used twice"),
        (
            {"rules": {**RULES, "floors": [{**FLOOR, "when": {"outcome": ["X"]}}]}},
            "outcome is never 'X'",
        ),
        (
            {"rules": {**RULES, "floors": [{**FLOOR, "when": OFF_THE_SCALE}]}},
            "levels.reliability is never 5",
        ),
        ({"rules": {**RULES, "detection": {}}}, "detection"),
        ({"parties": ["lena", "lena", "olga"]}, "three different people"),
        ({"parties": ["lena", "olga"]}, "parties"),
        ({"cohort_id": "No Such Cohort!"}, "cohort_id"),
        ({"surprise": 1}, "surprise"),
    ):
        assert said in fields(await lena.post("/plans", {**PLAN, **change}))
    unknown = await lena.post("/plans", {**PLAN, "programme": "XYZ"})
    assert problem(unknown) == (404, "UnknownProgramme")
    refused = await moderator(running, "mona").post("/plans", PLAN)
    assert problem(refused) == (403, "Forbidden")
    assert problem(await lena.get(f"/plans/{COHORT}")) == (404, "NotFound")


async def randomness_is_checked(running: Running) -> None:
    await publish_plan(running)
    shown = (await lead(running).get(f"/plans/{COHORT}")).json()
    assert shown["beacon"].startswith("commit-reveal:")
    assert (shown["plan"]["rules"], shown["key"]) == (RULES, None)
    other = await lead(running).post(
        "/plans", {**PLAN, "rules": {**RULES, "block_size": 5}}
    )
    assert problem(other) == (422, "AnotherPlanPublished")
    stranger = running.as_person("moderation", "mallory", "reviewer")
    reveal = await stranger.post(f"/plans/{COHORT}/reveals", {"nonce": "4" * 64})
    assert problem(reveal) == (422, "NotAParty")
    olga = running.as_person("moderation", "olga", "operations")
    wrong = await olga.post(f"/plans/{COHORT}/reveals", {"nonce": "5" * 64})
    assert problem(wrong) == (422, "NonceDoesNotMatch")
    assert "nonce" in fields(
        await olga.post(f"/plans/{COHORT}/reveals", {"nonce": "x"})
    )
    early = await lead(running).post(f"/cohorts/{COHORT}/release")
    assert problem(early) == (422, "NothingJudged")
    again = await lead(running).post(f"/cohorts/{COHORT}/release", {"attempt": 2})
    assert problem(again) == (422, "NothingJudged")
    third = await lead(running).post(f"/cohorts/{COHORT}/release", {"attempt": 3})
    assert "attempt" in fields(third)
    key = await lead(running).post(f"/cohorts/{COHORT}/key")
    assert problem(key) == (422, "NothingReleased")


async def requests_are_idempotent(running: Running) -> None:
    lena = lead(running)
    words = {**PLAN, "rules": RULES}
    first = await lena.post("/plans", words, key="publish-again")
    again = await lena.post("/plans", words, key="publish-again")
    assert (first.status_code, first.json()) == (201, again.json())
    other = await lena.post("/plans", PLAN, key="publish-again")
    assert problem(other) == (422, "KeyReused")
    headers = {"Authorization": f"Bearer {lena.token}"}
    bare = await lena.http.post("/plans", json=PLAN, headers=headers)
    assert problem(bare) == (400, "MissingIdempotencyKey")


async def cases_are_kept_from_the_wrong_people(running: Running) -> None:
    mona, lena = moderator(running, "mona"), lead(running)
    rita = running.as_person("moderation", "rita", "reviewer")
    assert problem(await rita.get("/queue")) == (403, "Forbidden")
    assert problem(await rita.post("/cases/c1/1/take")) == (403, "Forbidden")
    assert problem(await mona.post("/cases/c1/1/take")) == (422, "NotOpen")
    assert problem(await mona.get("/cases/c1/1")) == (404, "NotYours")
    assert problem(await lena.get("/cases/c1/1")) == (404, "NotYours")
    assert "attempt" in fields(await mona.get("/cases/c1/3"))
    malformed = await mona.post("/cases/c1/1/judgement", BLIND, token="seven")
    assert "fencing-token" in fields(malformed).lower().replace("_", "-")
    judged = await mona.post("/cases/c1/1/judgement", BLIND)
    assert problem(judged) == (422, "NotOpen")
    internal = await lena.post(
        "/internal/confirm",
        {"case_id": "c1", "stream": "moderation-c1.1", "event_id": "0" * 32},
    )
    assert problem(internal) == (403, "Forbidden")
    notification = running.as_service("moderation", "notification")
    unknown = await notification.post(
        "/internal/confirm",
        {"case_id": "c1", "stream": "moderation-c1.1", "event_id": "0" * 32},
    )
    assert unknown.json() == {"is_true": False, "course": None}
    nobody = await notification.post("/internal/lead", {"cohort_id": "unheard-of"})
    assert problem(nobody) == (404, "NobodyLeads")


async def decisions_are_complete(running: Running) -> None:
    mona, lena = moderator(running, "mona"), lead(running)
    decided = await lena.post(
        "/cases/c1/1/decision", {"decision": "overturn", "reason": "No."}
    )
    assert "overturning" in fields(decided)
    for decision in ("amend", "return", "uphold"):
        said = {"decision": decision, "reason": " "}
        assert "reason" in fields(await lena.post("/cases/c1/1/decision", said))
    amended = {"decision": "amend", "reason": "Clearer."}
    assert "feedback" in fields(await lena.post("/cases/c1/1/decision", amended))
    bare = {"decision": "return", "reason": "Look again."}
    assert "returning" in fields(await lena.post("/cases/c1/1/decision", bare))
    other = {"other_work": "not_widened", "other_work_reason": "One slip."}
    back = {**bare, "returning": other}
    assert problem(await mona.post("/cases/c1/1/decision", back)) == (403, "Forbidden")
    assert problem(await lena.post("/cases/c1/1/decision", back)) == (
        422,
        "NotReferred",
    )
    upheld = await lena.post(
        "/cases/c1/1/decision", {"decision": "uphold", "reason": "Yes."}
    )
    assert problem(upheld) == (422, "NotReferred")


async def what_is_late_is_for_the_lead(running: Running) -> None:
    for role in ("moderator", "reviewer", "participant"):
        client = running.as_person("moderation", "mona", role)
        assert problem(await client.get("/overdue")) == (403, "Forbidden")
    listed = await lead(running).get("/overdue")
    assert (listed.status_code, listed.json()["items"]) == (200, [])


async def nothing_is_answered_without_an_identity(running: Running) -> None:
    http = running.clients["moderation"]
    for path in (
        "/queue",
        "/overdue",
        f"/plans/{COHORT}",
        "/cases/c1/1",
        f"/cohorts/{COHORT}/draws",
    ):
        assert problem(await http.get(path)) == (401, "NotAuthenticated")


async def nobody_qualifies_where_the_plan_has_nothing_of_it(running: Running) -> None:
    lena, courses = lead(running), f"/cohorts/{COHORT}/qualifications"
    assert (await lena.get(courses)).json()["reviewers"] == []
    assert problem(await lena.get(f"{courses}/rita")) == (404, "NoCourse")
    refused = await lena.post(f"{courses}/rita")
    assert problem(refused) == (422, "NoQualification")
    unknown = await lena.post("/cohorts/no-such-cohort/qualifications/rita")
    assert problem(unknown) == (422, "PlanUnpublished")
    assert "reason" in fields(await lena.post(f"{courses}/rita/ending", {}))
    rita = running.as_person("moderation", "rita", "reviewer")
    assert problem(await rita.get(f"{courses}/rita")) == (404, "NoCourse")
    assert problem(await rita.get(f"{courses}/sam")) == (403, "Forbidden")
