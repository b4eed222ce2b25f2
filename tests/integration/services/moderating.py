"""Steps that tests of moderation and notification take, over HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import services.moderation.app
import services.notification.app
import services.review.app
import services.submission.app
from services.moderation.domain.randomness import nonce_commitment
from services.moderation.domain.rules import Rules, rules_of
from shared.clock import utc_now
from shared.embedded import BrokerProcess, Mailbox
from shared.programmes import load_programme
from tests.integration.services.journey import (
    COHORT,
    CRITERIA,
    Answer,
    claimed,
    judge_all,
    operations,
    register,
    reviewer,
    submitted_on_extension,
)
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Client, Running, eventually, run_services
from tests.support.serving import free_port, served

APPS: dict[str, Any] = {
    "submission": services.submission.app,
    "review": services.review.app,
    "moderation": services.moderation.app,
    "notification": services.notification.app,
}
PEOPLE = {
    "rita": "reviewer",
    "sam": "reviewer",
    "mona": "moderator",
    "lena": "lead_moderator",
}
PARTIES = {"lena": "1" * 64, "aziz": "2" * 64, "olga": "3" * 64}
PATIENT = {
    "mail_first_retry_seconds": 0.1,
    "mail_longest_retry_seconds": 0.3,
    "mail_poll_seconds": 0.05,
}


@asynccontextmanager
async def one_judged(
    database: FreshDatabase, broker: BrokerProcess, directory: Path, portfolio: Path
) -> AsyncIterator[tuple[Running, str]]:
    """Yield the services and a case that Rita judged; in the end all rows are right."""
    builds = {
        name: (APPS[name].build, APPS[name].Settings)
        for name in ("submission", "review", "moderation")
    }
    async with run_services(builds, database, broker, directory) as running:
        for person_id, role in PEOPLE.items():
            assert (await register(operations(running), person_id, role)).is_success
        case_id = (await submitted_on_extension(running, portfolio))["case_id"]
        await publish_plan(running)
        await complete_review(running, f"{case_id}.1.1", (3, 3, 3))
        yield running, case_id
        for name, app in running.apps.items():
            differences = await app.state.projector.differences()
            assert set(differences.values()) == {0}, name


@asynccontextmanager
async def all_running(
    database: FreshDatabase,
    broker: BrokerProcess,
    directory: Path,
    mailbox: Mailbox,
    apps: Mapping[str, Any] = APPS,
    **notification: object,
) -> AsyncIterator[Running]:
    """Run the services of *apps*, able to ask each other, mail going to *mailbox*."""
    port = free_port()
    urls = {f"{name}_url": f"http://127.0.0.1:{port}/{name}" for name in apps}

    def settings_of(name: str) -> Callable[..., object]:
        more: dict[str, object] = dict(urls)
        if name == "notification":
            more |= {"smtp_url": mailbox.smtp_url, **PATIENT, **notification}
        return lambda **common: apps[name].Settings(**common, **more)

    builds: dict[str, Any] = {
        name: (module.build, settings_of(name)) for name, module in apps.items()
    }
    async with (
        run_services(builds, database, broker, directory) as running,
        served(running.apps, port),
    ):
        yield running


def lead(running: Running) -> Client:
    return running.as_person("moderation", "lena", "lead_moderator")


def moderator(running: Running, person_id: str) -> Client:
    return running.as_person("moderation", person_id, "moderator")


async def publish_plan(
    running: Running, *, cohort: str = COHORT, **more: object
) -> None:
    """Publish a plan and fix its randomness by three parties.

    It is the programme's but for second opinions: what these tests expect of a case
    that is agreed on must not hang on a draw. *more* are rules that differ, too.
    """
    policy = load_programme("ATS").policy
    usual = dict(rules_of(policy.sampling, policy.release))
    rules = Rules.model_validate({**usual, "second_opinions_ppm": 0, **more})
    body: Answer = {
        "cohort_id": cohort,
        "programme": "ATS",
        "parties": list(PARTIES),
        "rules": rules.model_dump(mode="json"),
    }
    answer = await lead(running).post("/plans", body)
    assert answer.status_code == 201, answer.text
    for path in ("nonces", "reveals"):
        for party, number in PARTIES.items():
            client = running.as_person("moderation", party, "operations")
            commitment = nonce_commitment(cohort, party, number)
            said = {"commitment": commitment} if path == "nonces" else {"nonce": number}
            answer = await client.post(f"/plans/{cohort}/{path}", said)
            assert answer.status_code == 200, answer.text


async def complete_review(
    running: Running,
    review_id: str,
    levels: tuple[int, int, int],
    *,
    by: str = "rita",
) -> None:
    """Claim, judge and complete a review as Rita, or somebody else."""
    judge = reviewer(running, by)
    token = await claimed(judge, review_id)
    await judge_all(judge, review_id, token, levels)
    done = await judge.post(f"/reviews/{review_id}/complete", token=token)
    assert done.status_code == 200, done.text


async def in_queue(client: Client, case_id: str) -> Answer:
    """Return the case once it is in this moderator's or lead's queue."""

    async def look() -> Answer | None:
        answer = await client.get("/queue")
        assert answer.status_code == 200, answer.text
        items: list[Answer] = answer.json()["items"]
        return next((each for each in items if each["case_id"] == case_id), None)

    return await eventually(look)


async def take(client: Client, case_id: str) -> str:
    """Take the case and return the token."""
    await in_queue(client, case_id)
    answer = await client.post(f"/cases/{case_id}/1/take")
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def judge_blind(
    client: Client, case_id: str, levels: tuple[int, int, int]
) -> None:
    """Take the case and judge it, citing the first words of its portfolio."""
    token = await take(client, case_id)
    portfolio = (await client.get(f"/cases/{case_id}/1/portfolio")).json()
    section = next(s for s in portfolio["sections"] if s["key"] != "cover")
    passage = {
        "kind": "passage",
        "snapshot_sha256": portfolio["snapshot_sha256"],
        "section": section["key"],
        "start": 0,
        "end": 12,
    }
    body = {
        "levels": dict(zip(CRITERIA, levels, strict=True)),
        "rationale": dict.fromkeys(CRITERIA, "Read closely, and cited."),
        "evidence": {key: [passage] for key in CRITERIA},
    }
    answer = await client.post(f"/cases/{case_id}/1/judgement", body, token=token)
    assert answer.status_code == 201, answer.text


async def after_recalls(running: Running) -> None:
    """Go on once nobody can take a judgement back any more; a demonstration log."""
    await minutes_later(running, 16)


async def minutes_later(running: Running, minutes: int) -> None:
    """Go on so many minutes later, in a demonstration log."""
    desk = running.as_person("submission", "olga", "operations")
    now = datetime.fromisoformat(
        (await desk.get("/maintenance/position")).json()["now"]
    )
    target = now + timedelta(minutes=minutes)
    offset = int((target - utc_now()).total_seconds())
    moved = await desk.post("/clock/offset", {"offset_seconds": offset})
    assert moved.is_success, moved.text
    early = (target - timedelta(seconds=10)).isoformat()
    for service in ("review", "moderation"):
        office = running.as_person(service, "olga", "operations")

        async def is_later(office: Client = office) -> bool:
            found = (await office.get("/maintenance/position")).json()
            return bool(found["now"] >= early)

        await eventually(is_later)


async def released(running: Running, cohort: str = COHORT) -> Answer:
    """Release the cohort and return the answer."""
    await after_recalls(running)
    answer = await lead(running).post(f"/cohorts/{cohort}/release")
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


async def handed_over(running: Running, template: str) -> Answer:
    """Return the notice of this template once it is handed over."""
    desk = running.as_person("notification", "olga", "operations")

    async def look() -> Answer | None:
        answer = await desk.get("/notices", state="handed_over")
        assert answer.status_code == 200, answer.text
        items: list[Answer] = answer.json()["items"]
        return next((each for each in items if each["template"] == template), None)

    return await eventually(look)
