"""Steps that several tests of submission and review take."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from shared.clock import utc_now
from tests.support.running_services import Client, Running, eventually

COHORT = "ats-2025-10"
CRITERIA = ("authenticity", "sufficiency", "reliability")

Answer = dict[str, Any]


def operations(running: Running) -> Client:
    return running.as_person("submission", "olga", "operations")


def reviewer(running: Running, person_id: str) -> Client:
    return running.as_person("review", person_id, "reviewer")


async def open_cohort(
    client: Client, *, days: int, cohort: str = COHORT, programme: str = "ATS"
) -> None:
    """Open a cohort whose deadline is so many days from now."""
    deadline = (utc_now() + timedelta(days=days)).date().isoformat()
    body = {
        "cohort_id": cohort,
        "programme": programme,
        "deadline": deadline,
        "because": "A test runs on any day.",
    }
    answer = await client.post("/cohorts", body)
    assert answer.status_code == 201, answer.text


async def register(
    client: Client,
    person_id: str,
    *roles: str,
    organisation: str = "south-college",
    email: str | None = None,
) -> httpx.Response:
    body = {
        "id": person_id,
        "name": person_id.title(),
        "email": email or f"{person_id}@example.org",
        "organisation": organisation,
        "roles": roles,
    }
    return await client.post("/people", body)


async def hand_in(
    client: Client, path: Path, *, key: str | None = None, **fields: str
) -> httpx.Response:
    """Upload the portfolio at *path*."""
    file = (
        path.name,
        await asyncio.to_thread(path.read_bytes),
        "application/octet-stream",
    )
    data = {"cohort": COHORT, **fields}
    return await client.post("/portfolios", key=key, files={"file": file}, data=data)


async def enrol_extended(
    client: Client, person_id: str, *, mentor_id: str, cohort: str = COHORT
) -> str:
    """Enrol *person_id* with a deadline of their own next week; return the case."""
    body = {"cohort_id": cohort, "person_id": person_id, "mentor_id": mentor_id}
    answer = await client.post("/cases", body)
    assert answer.status_code == 201, answer.text
    case_id: str = answer.json()["case_id"]
    later = (utc_now() + timedelta(days=7)).date().isoformat()
    extension = {"deadline": later, "reason": "technical_fault"}
    moved = await client.post(f"/cases/{case_id}/deadline", extension)
    assert moved.status_code == 200, moved.text
    return case_id


async def submitted_on_extension(running: Running, path: Path) -> Answer:
    """Let Ana hand *path* in while her cohort's review is open already."""
    desk = operations(running)
    await open_cohort(desk, days=-2)
    assert (await register(desk, "ben", "mentor")).status_code == 201
    ana = await register(desk, "ana", "participant", organisation="north-college")
    assert ana.status_code == 201
    await enrol_extended(desk, "ana", mentor_id="ben")
    answer = await hand_in(
        desk, path, email="ana@example.org", mentor="Ben <ben@example.org>"
    )
    assert answer.status_code == 201, answer.text
    found: Answer = answer.json()
    return found


async def queued(client: Client) -> list[Answer]:
    """Return the first page of the reviewer's queue."""
    answer = await client.get("/queue")
    assert answer.status_code == 200, answer.text
    items: list[Answer] = answer.json()["items"]
    return items


async def waits_for(client: Client, review_id: str) -> Answer:
    """Return the review once it is in the reviewer's queue."""

    async def look() -> Answer | None:
        items = await queued(client)
        return next((i for i in items if i["review_id"] == review_id), None)

    return await eventually(look)


async def claimed(client: Client, review_id: str) -> int:
    """Claim the review and return the token."""
    await waits_for(client, review_id)
    answer = await client.post(f"/reviews/{review_id}/claim")
    assert answer.status_code == 201, answer.text
    token: int = answer.json()["token"]
    return token


async def passage_in(client: Client, review_id: str) -> Answer:
    """Return a reference to the first words of the portfolio."""
    answer = await client.get(f"/reviews/{review_id}/portfolio")
    assert answer.status_code == 200, answer.text
    portfolio = answer.json()
    section = next(s for s in portfolio["sections"] if s["key"] != "cover")
    return {
        "kind": "passage",
        "snapshot_sha256": portfolio["snapshot_sha256"],
        "section": section["key"],
        "start": 0,
        "end": 12,
    }


def judgement(passage: Answer, level: int = 3) -> Answer:
    wanted = {"section": "development-plan", "standard": "20", "text": "Say by when."}
    return {
        "level": level,
        "rationale": "Particular, dated and confirmed by the mentor.",
        "evidence": [passage],
        "modifications": [wanted] if level < 3 else [],
    }


async def judge_all(
    client: Client, review_id: str, token: int, levels: tuple[int, int, int]
) -> None:
    """Judge the three criteria and write the feedback."""
    passage = await passage_in(client, review_id)
    for criterion, level in zip(CRITERIA, levels, strict=True):
        answer = await client.post(
            f"/reviews/{review_id}/criteria/{criterion}",
            judgement(passage, level),
            token=token,
        )
        assert answer.status_code == 200, answer.text
    comments = {criterion: f"About {criterion}." for criterion in CRITERIA}
    feedback = {"overall": "Thank you for your portfolio.", "comments": comments}
    written = await client.post(f"/reviews/{review_id}/feedback", feedback, token=token)
    assert written.status_code == 200, written.text
